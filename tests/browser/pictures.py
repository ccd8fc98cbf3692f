"""Takes pictures of the demo while it is played.

python -m tests.browser.pictures          those that the documents show, into docs/pictures
python -m tests.browser.pictures FOLDER   every step, to be looked at
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

from tests.browser import main_job
from tests.browser.demonstrating import ROOT, demo, opened
from tests.browser.person import Person

FOLDER = ROOT / "docs" / "pictures"
SHOWN = frozenset(
    {
        "citizen-1-told", "citizen-2-map", "citizen-3-review", "citizen-4-filed", "citizen-5-verdict",
        "official-1-card", "official-2-accepted", "bale-2-review", "group-card", "administrator-menu", "everybody",
    }
)  # fmt: skip
PHONE = (360, 720)
DESK = (1720, 940)
_COLOURS = 256  # enough for screens, and a third of the size
_COLUMNS = {"bale": "citizen", "group": "گروه official"}


class Album:
    """Pictures of one page; a name's first word says whose chat is looked at."""

    def __init__(self, page: Page, folder: Path) -> None:
        self._page, self._folder = page, folder
        self._taken: set[str] = set()

    def _wanted(self, name: str) -> bool:
        return name not in self._taken and (self._folder != FOLDER or name in SHOWN)

    def take(self, name: str, message: Locator | None) -> None:
        """Bring the person, and a message of theirs, before the eyes and keep what is seen; once for each name."""
        if not self._wanted(name):
            return
        whose = name.partition("-")[0]
        if not self._page.locator("#map-dialog").is_visible():
            Person(self._page, _COLUMNS.get(whose, whose)).look()
        if message is not None:
            message.evaluate("(one) => { one.scrollIntoView({ block: 'end' }); one.parentElement.scrollTop += 14; }")
        self.take_all(name)

    def take_all(self, name: str) -> None:
        """Keep the whole page as it stands."""
        self._taken.add(name)
        self._page.evaluate("document.fonts.ready")
        self._page.wait_for_function("() => !document.querySelector('.toast')")
        self._page.wait_for_timeout(250)  # a map glides to its place
        image = Image.open(io.BytesIO(self._page.screenshot()))
        flat = image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
        flat.save(self._folder / f"{name}.png", optimize=True)


def _group(page: Page, album: Album) -> None:
    citizen, group = Person(page, "citizen"), Person(page, "گروه official")
    citizen.turns_to("تلگرام")
    citizen.writes("مغازه‌دار سجاد ۱۲ جنس‌هایش را در پیاده‌رو چیده و نمی‌شود رد شد")
    citizen.presses_key("همین نشانی: سجاد ۱۲")
    citizen.hears("مرور درخواست", "پیاده‌رو", label="ثبت")
    citizen.presses("ثبت", "پیاده‌رو")
    group.hears("پیاده‌رو", label="می‌پذیرم")
    group.presses("می‌پذیرم")
    album.take("group-card", group.sees("پیاده‌رو", "در دست"))


def _administrator(page: Page, album: Album) -> None:
    administrator = Person(page, "administrator")
    administrator.presses_key("مدیریت")
    administrator.hears("مدیریت ۱۳۷", label="دعوت همکار")
    album.take("administrator-menu", None)
    administrator.presses("وضعیت سامانه")
    album.take("administrator-state", administrator.hears("آخرین پیام"))


def on_a_phone(address: str, folder: Path) -> None:
    """Play the main job on a cheap phone's screen and keep every step."""
    with opened(address, *PHONE, scale=2) as (page, _):
        album = Album(page, folder)
        main_job.Telegram(page, album.take).play()
        main_job.on_bale(page, album.take)
        _group(page, album)
        _administrator(page, album)


def on_a_desk(address: str, folder: Path) -> None:
    """Keep one look at everybody side by side."""
    with opened(address, *DESK) as (page, _):
        Person(page, "administrator").look()
        Album(page, folder).take_all("everybody")


def main(folder: Path) -> None:
    """Make all pictures anew in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, demo(Path(place)) as address:
        on_a_phone(address, folder)
        on_a_desk(address, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
