"""The bot as it is killed: `python -m tests.chaos.victim run` is `python -m bot run` with the fault hook around it.

Imported by the fork server of tests/chaos/processes.py, so that a start costs a fork and no second of imports.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from bot import wiring
from bot.__main__ import app
from bot.commands import running
from bot.messengers import record
from bot.messengers.record import Rates
from nlp import forms
from tests.chaos.points import watch_by_environment

__all__ = ["live", "running"]

_UNHURRIED = Rates(per_second=1000, per_chat_per_second=1000, burst_per_chat=1000, per_group_per_minute=60_000)
_ROOT = Path(__file__).parents[2]

# Read once for all forks, as it is the same for every run.
wiring.city_at = cache(wiring.city_at)
wiring.city_at(_ROOT / "cities" / "mashhad")
forms.warm_up()


def _without_hurry() -> None:
    """Let a chat hear more than one message a second: what is tested here is not the pace."""
    for name, messenger in record.MESSENGERS.items():
        record.MESSENGERS[name] = replace(messenger, rates=_UNHURRIED)


def _main(words: Sequence[str]) -> None:
    _without_hurry()
    watch_by_environment()
    app(list(words))


def live(words: Sequence[str], settings: Mapping[str, str], log: str) -> None:
    """Be `python -m bot <words>` with settings as environment; all that is written goes to the file `log`."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, sys.stdout.fileno())
    os.dup2(out, sys.stderr.fileno())
    os.environ.update(settings)
    os.chdir(_ROOT)
    _main(words)


if __name__ == "__main__":
    _main(sys.argv[1:])
