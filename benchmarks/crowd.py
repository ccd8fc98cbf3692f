"""A simulated messenger in a process of its own, with a crowd of people in it."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

TOKEN = "137:a-bench-token-of-no-bot-at-all-0000"  # noqa: S105 - the simulator's


@dataclass(frozen=True)
class Crowd:
    """The messenger's address; `say` lets people write, `answers` counts the messages the bot has sent."""

    url: str
    session: aiohttp.ClientSession

    async def say(self, texts: list[str], first: int = 0) -> None:
        """Let people write these texts, one each, from the person with number `first` on."""
        acts = [
            {"person": 1000 + first + n, "flavour": "telegram", "do": "write", "with": {"text": words}}
            for n, words in enumerate(texts)
        ]
        for start in range(0, len(acts), 500):
            async with self.session.post("/sim/acts", json={"acts": acts[start : start + 500]}) as answer:
                answer.raise_for_status()

    async def answers(self) -> int:
        """Count the messages that reached people."""
        async with self.session.get("/sim/log") as log:
            lines = (await log.text()).splitlines()
        return sum('"sendMessage"' in line and '"status": 200' in line.replace('":200', '": 200') for line in lines)


@asynccontextmanager
async def crowd(folder: Path, size: int) -> AsyncIterator[Crowd]:
    """Start the messenger, give it back when the block ends."""
    people = [{"id": 1000 + n, "flavour": "telegram", "first_name": f"person {n}"} for n in range(size)]
    bot = {"token": TOKEN, "flavour": "telegram", "username": "bench_bot", "name": "bench"}
    config = folder / "simulator.json"
    config.write_text(json.dumps({"bots": [bot], "people": people}), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--port", "0", "--config", str(config), stdout=PIPE
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().split()[-1]
    try:
        async with aiohttp.ClientSession(url) as session:
            yield Crowd(url, session)
    finally:
        process.terminate()
        await process.wait()
