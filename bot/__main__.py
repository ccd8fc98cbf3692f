"""python -m bot: every command of the programme."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.failing import plain_failures, settings
from bot.roles import EVERY_ROLE, Role

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="The 137 chatbot of a city."
)


@app.command()
def run(
    role: Annotated[
        list[Role] | None, typer.Option(help="On PostgreSQL: only this part of the work; may be repeated.")
    ] = None,
) -> None:
    """Run the bot with the settings of the environment or .env, until Ctrl-C or SIGTERM."""
    from bot.commands import running  # noqa: PLC0415 - each command loads only what it needs

    running.run(settings(), frozenset(role or EVERY_ROLE))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the page on 127.0.0.1; 0 takes a free one.")] = 8137,
) -> None:
    """Try everything in a browser, without a token: the bot and simulated messengers with people in them."""
    from bot.commands import demonstration  # noqa: PLC0415

    demonstration.demo(port)


@app.command()
def simulate(
    config: Annotated[Path | None, typer.Option(help="JSON file of bots, people and groups.")] = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 8137,
) -> None:
    """Run only the simulated messengers; a bot is given their address as TELEGRAM_API and BALE_API."""
    from bot.commands import demonstration  # noqa: PLC0415

    raise typer.Exit(demonstration.simulate(config, port))


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from storage import migrate as migration  # noqa: PLC0415
    from storage.database import Database  # noqa: PLC0415

    async def forward() -> str:
        database = Database(settings().database_url)
        try:
            return await migration.upgrade(database)
        finally:
            await database.close()

    with plain_failures():
        typer.echo(f"The database is at version {asyncio.run(forward())}.")


@app.command()
def doctor(
    retry: Annotated[
        bool, typer.Option("--retry", help="Let what could not be handled, sent or done be tried again.")
    ] = False,
) -> None:
    """Look everything over: settings, city pack, database, tokens, and what could not be sent or handled."""
    from bot.commands import examining  # noqa: PLC0415

    raise typer.Exit(examining.try_again(settings()) if retry else examining.examine(settings()))


@app.command()
def invite(
    role: Annotated[str, typer.Option(help="operator, official, head, manager or administrator.")],
    unit: Annotated[str, typer.Option(help="The unit's slug, for officials and heads.")] = "",
    messenger: Annotated[str | None, typer.Option(help="telegram or bale; both when left out.")] = None,
) -> None:
    """Make a one-time invitation for staff and print one link per messenger."""
    from bot.commands import inviting  # noqa: PLC0415

    for link in inviting.invite(settings(), role, unit, messenger).values():
        typer.echo(link)


@app.command()
def learn(
    *,
    roll_back: Annotated[bool, typer.Option("--roll-back", help="Use the model before the present one again.")] = False,
) -> None:
    """Train the machine now from what people put right, as every night; or go back to the model before."""
    from bot.commands import learning  # noqa: PLC0415

    typer.echo(learning.roll_back(settings()) if roll_back else learning.learn(settings()))


@app.command()
def classify() -> None:
    """Read JSON lines {"text": …} and write for each its subjects, kind, urgency, jurisdiction and language."""
    from bot import wiring  # noqa: PLC0415
    from nlp import classify_lines  # noqa: PLC0415

    with plain_failures():
        city = wiring.city_at(settings().city)
    jurisdictions = {subject.slug: subject.jurisdiction for subject in city.subjects}
    for line in classify_lines.classify(sys.stdin.buffer, wiring.understanding_of(city), jurisdictions):
        typer.echo(line)


if __name__ == "__main__":
    app()
