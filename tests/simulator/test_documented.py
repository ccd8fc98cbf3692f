"""What docs/simulator.md shows works as it stands there, for somebody who has nothing but the folder simulator/."""

import ast
import asyncio
import json
import os
import re
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from aiohttp import ClientSession

from simulator.config import config_from
from simulator.server import Simulator
from tests.project.checkout import ROOT
from tests.simulator.conftest import Client, picture

PAGE = (ROOT / "docs" / "simulator.md").read_text(encoding="utf-8")
CONFIG = re.findall(r"```json\n(.+?)```", PAGE, re.DOTALL)[0]
IN_A_TEST = re.findall(r"```python\n(.+?)```", PAGE, re.DOTALL)[0]


async def test_the_folder_alone_runs_the_documented_town(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "simulator", tmp_path / "simulator", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "town.json").write_text(CONFIG, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--config", "town.json",
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": ""}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60), ClientSession() as session:
            url = (await process.stdout.readline()).decode().split()[-1]
            client = Client(session, url)
            for bot in json.loads(CONFIG)["bots"]:
                assert (await client.ok("getMe", bot["token"]))["username"] == bot["username"]
            for person in json.loads(CONFIG)["people"]:
                act = {"person": person["id"], "flavour": person["flavour"], "do": "write", "with": {"text": "hello"}}
                async with session.post(f"{url}/sim/act", json=act) as answer:
                    assert answer.status == 200
            heard = [(await client.updates(token))[0]["message"]["text"] for token in ("137:aa", "137:cc")]
            assert heard == ["hello", "hello"]
            async with session.get(f"{url}/sim/log") as answer:
                methods = [json.loads(line)["method"] for line in (await answer.text()).splitlines()]
            assert methods == ["getMe", "getMe", "getUpdates", "getUpdates"]
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await process.wait()
    assert process.returncode == 0


async def _town_bot(client: Client) -> None:
    """Hear a complaint, ask for its place, and thank for it."""
    markup = {"inline_keyboard": [[{"text": "Send my place", "callback_data": "place"}]]}
    offset = 0
    while True:
        for update in await client.updates(offset=offset, timeout=10):
            offset = update["update_id"] + 1
            if press := update.get("callback_query"):
                await client.ok("answerCallbackQuery", callback_query_id=press["id"], text="Noted")
            elif "photo" in update["message"]:
                chat = update["message"]["chat"]["id"]
                await client.ok("sendMessage", chat_id=chat, text="Where is it?", reply_markup=markup)


async def test_the_documented_test_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    start = Simulator.start
    bots: list[asyncio.Task[None]] = []
    async with ClientSession() as session:

        async def started(simulator: Simulator, *rest: Any) -> str:
            url = await start(simulator, *rest)
            bots.append(asyncio.create_task(_town_bot(Client(session, url))))
            return url

        monkeypatch.setattr(Simulator, "start", started)
        known: dict[str, Any] = {"config": config_from({**json.loads(CONFIG), "map": None}), "jpeg": picture()}
        exec(compile(ast.parse(f"async def documented():\n{indent(IN_A_TEST, '    ')}"), "docs", "exec"), known)
        try:
            await known["documented"]()
        finally:
            for bot in bots:
                bot.cancel()
            await asyncio.gather(*bots, return_exceptions=True)
    assert bots
