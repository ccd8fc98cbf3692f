"""The demo as anybody starts it, and a Chromium that can reach nothing else."""

import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.requirements_of_tests import chromium

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60.0  # a loaded machine; alone it takes about four
_NEEDED = ("cities", "node_modules")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """Run `bot demo` on a free port and yield its address; it writes into `folder` and nowhere else."""
    for name in _NEEDED:
        (folder / name).symlink_to(ROOT / name)
    command = (sys.executable, "-m", "bot", "demo", "--port", "0")
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=folder, env=surroundings, stdout=subprocess.PIPE, bufsize=0) as process:
        try:
            yield _address(process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)
    assert process.returncode == 0, "the demo did not end well"


def _address(process: "subprocess.Popen[bytes]") -> str:
    assert process.stdout is not None
    late = monotonic() + SECONDS_TO_START
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while selector.select(late - monotonic()):
            line = process.stdout.readline().decode().strip()
            if line.startswith("http://127.0.0.1:"):
                return line
            assert process.poll() is None, "the demo ended at once"
    raise TimeoutError("the demo printed no address")


class Watch:
    """What went wrong in a browser: errors on the console, and requests that left this machine."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self._here = urlsplit(address).netloc
        self.complaints: list[str] = []
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme not in ("blob", "data") and where.netloc != self._here:
            self.complaints.append(f"request to {where.netloc}")


@contextmanager
def opened(address: str, width: int, height: int, scale: float = 1) -> Iterator[tuple[Page, Watch]]:
    """Open the demo's page in a Chromium of `width` × `height` CSS pixels; `scale` device pixels for each of them."""
    with sync_playwright() as playwright:
        path = str(chromium())
        browser: Browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(_FLAGS))
        context = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            locale="fa-IR",
            reduced_motion="reduce",
        )
        watch = Watch(context, address)
        page = context.new_page()
        page.goto(address)
        yield page, watch
        browser.close()
