"""`bot demo` and `bot simulate`: everything to be tried without a token, in a browser."""

import asyncio
import json
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot import log as logs
from bot.commands.failing import errors, existing, fail, plain_failures
from bot.commands.running import prepared
from bot.settings import Settings
from bot.wiring import Bot, build
from domain.roles import Role
from services import staff
from storage import people
from storage.database import Transaction
from texts.speech import label

_TOWN = Path(__file__).with_name("town.json")
_FOLDER = Path("var/demo")
_CITY = Path("cities/mashhad")
_SIMULATED = ("title", "bots", "people", "groups")
_FRONT_END = Path("node_modules")
_PATIENCE = 20.0  # seconds


def _town() -> dict[str, Any]:
    town: dict[str, Any] = json.loads(_TOWN.read_text(encoding="utf-8"))
    return town


def _simulator_config(town: dict[str, Any]) -> Path:
    config = {key: town[key] for key in _SIMULATED}
    config["map"] = str((_CITY / "districts_approx.geojson").resolve())
    config["static"] = str(_FRONT_END.resolve())
    _FOLDER.mkdir(parents=True, exist_ok=True)
    path = _FOLDER / "simulator.json"
    path.write_text(json.dumps(config, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


async def _start_simulator(config: Path, port: int) -> tuple[Process, str]:
    """Start the simulator as a stranger would: its own process; return it with its address."""
    command = (sys.executable, "-m", "simulator", "--port", str(port), "--config", str(config))
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, start_new_session=True)
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    if "http://" not in line:
        await process.wait()
        raise fail(f"The simulated messengers could not start on port {port}; is it in use? Try --port 0.")
    return process, line.split()[-1]


def _settings(town: dict[str, Any], address: str) -> Settings:
    tokens = {bot["flavour"]: SecretStr(bot["token"]) for bot in town["bots"]}
    return Settings(
        _env_file=None,  # the demo looks at nobody's settings
        telegram_token=tokens["telegram"],
        telegram_api=address,
        telegram_proxy=None,
        telegram_webhook=False,
        bale_token=tokens["bale"],
        bale_api=address,
        bale_webhook=False,
        database_url=f"sqlite:///{_FOLDER}/bot.db",
        media_dir=_FOLDER / "media",
        city=_CITY,
        administrators=frozenset((row["flavour"], row["person"]) for row in town["administrators"]),
        log_level="WARNING",
    )


async def _invite(tx: Transaction, bot: Bot, row: dict[str, Any]) -> tuple[int, str]:
    return await staff.invite(
        tx,
        bot.centre,
        role=Role(row["role"]),
        unit=row.get("unit", ""),
        messenger=row["flavour"],
        by=None,
        now=bot.engine.clock.now(),
    )


async def _newcomers(bot: Bot, town: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Give the units their groups and each of the staff a link, for the first of their roles."""
    made = []
    async with bot.engine.database.write() as tx:
        for row in town["unit_groups"]:
            await people.see_group(tx, row["flavour"], row["chat"], "", bot.engine.clock.now())
            await people.set_group_unit(tx, row["flavour"], row["chat"], row["unit"])
        for row in {(row["flavour"], row["person"]): row for row in reversed(town["staff"])}.values():
            _, payload = await _invite(tx, bot, row)
            made.append((row, payload))
    return made


async def _other_roles(bot: Bot, town: dict[str, Any]) -> None:
    """Give those who have come in the rest of their roles; a link for each would fill their chats."""
    now = bot.engine.clock.now()
    async with bot.engine.database.write() as tx:
        for row in town["staff"]:
            account = await people.find(tx, row["flavour"], row["person"])
            assert account is not None, "they have just come in"
            held = {(one.role, one.unit) for one in await people.memberships_of(tx, account.person)}
            if (Role(row["role"]), row.get("unit", "")) not in held:
                number, _ = await _invite(tx, bot, row)
                await staff.join(tx, bot.centre, account, number, now)


async def _act(session: aiohttp.ClientSession, row: dict[str, Any], do: str, **words: Any) -> bool:
    """Let a person do something; return whether it could be done."""
    act = {"person": row["person"], "flavour": row["flavour"], "do": do, "with": words}
    async with session.post("/sim/act", json=act) as answer:
        return answer.ok


async def _join(session: aiohttp.ClientSession, row: dict[str, Any], payload: str) -> None:
    """Open a link and say yes as soon as the bot asks; raises TimeoutError when it never does."""
    await _act(session, row, "start", payload=payload)
    async with asyncio.timeout(_PATIENCE):
        while not await _act(session, row, "press", wanted=label("button-join")):  # noqa: ASYNC110 - no event to wait for
            await asyncio.sleep(0.05)


async def _take_up(bot: Bot, address: str, town: dict[str, Any]) -> None:
    """Let the staff open their links and say yes, as real people would and all at once."""
    newcomers = await _newcomers(bot, town)
    async with aiohttp.ClientSession(address) as session:
        joining = (_join(session, row, payload) for row, payload in newcomers)
        looking_in = (_act(session, row, "start") for row in town["administrators"])
        await asyncio.gather(*joining, *looking_in)
    await bot.engine.settled(_PATIENCE)
    await _other_roles(bot, town)


async def _play(port: int, stop: asyncio.Event) -> None:
    town = _town()
    shutil.rmtree(_FOLDER, ignore_errors=True)
    simulator, address = await _start_simulator(_simulator_config(town), port)
    try:
        bot = build(_settings(town, address))
        await prepared(bot.engine.database)
        await bot.start()
        try:
            await _take_up(bot, address, town)
            sys.stdout.write(f"\n  {address}\n\n")
            sys.stdout.flush()
            errors.print("Open this address in a browser. Ctrl-C ends the demo.")
            await stop.wait()
        finally:
            await bot.stop()
    finally:
        if simulator.returncode is None:
            simulator.send_signal(signal.SIGTERM)
            await simulator.wait()


async def _until_told(port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await _play(port, stop)


def demo(port: int) -> None:
    """Run the demo until Ctrl-C; everything of it lies in var/demo and is made anew each time."""
    logs.set_up("WARNING")
    with plain_failures():
        existing(_CITY)
        asyncio.run(_until_told(port))


async def _simulate(config: Path, port: int) -> int:
    process, address = await _start_simulator(config, port)
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    process.send_signal(signal.SIGTERM)
    await process.wait()
    return 0


def simulate(config: Path | None, port: int) -> int:
    """Run only the simulated messengers, with the demo's people unless a file names others."""
    with plain_failures():
        return asyncio.run(_simulate(existing(config) if config else _simulator_config(_town()), port))
