"""Takes a picture of everybody's chat as a script of tests/scripts leaves it.

python -m tests.browser.scenes FOLDER SCRIPT…    the names of scripts, without .script
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from storage.database import Database
from storage.migrate import upgrade
from tests.browser.demonstrating import ROOT, opened
from tests.browser.person import Person
from tests.conftest import centre_of
from tests.play.playing import PlayFailed, play
from tests.play.script import Script, all_in
from tests.play.stage import Stage

PHONE = (360, 1900)
"""As wide as a cheap phone and so high that a whole conversation is seen."""


def _pictures(address: str, folder: Path, script: str) -> None:
    with opened(address, *PHONE, scale=1.5) as (page, _):
        page.locator("section.column").first.wait_for(state="attached")
        columns = page.locator("section.column").evaluate_all("(all) => all.map((one) => one.ariaLabel)")
        for name in columns:
            Person(page, name).look()
            page.evaluate("document.fonts.ready")
            page.wait_for_timeout(250)
            page.screenshot(path=folder / f"{script}-{name.replace(' ', '_')}.png")


async def _scene(script: Script, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{place}/scene.db"
        database = Database(url)
        await upgrade(database)
        await database.close()
        stage = Stage(centre_of(script.city), url, Path(place) / "media", script.flavours[0])
        await stage.open(script.cast)
        try:
            await play(script, stage)
        except PlayFailed as failure:  # a picture of where it stopped tells more than none
            sys.stderr.write(f"{failure}\n")
        await asyncio.to_thread(_pictures, stage.simulator.url, folder, script.name)
        await stage.close()


def main(folder: Path, names: list[str]) -> None:
    """Play the scripts one after the other and keep a picture for each person of each."""
    folder.mkdir(parents=True, exist_ok=True)
    scripts = {script.name: script for script in all_in(ROOT / "tests" / "scripts")}
    for name in names:
        asyncio.run(_scene(scripts[name], folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
