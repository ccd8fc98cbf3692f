"""Playing a script: each line is an act, a look or a direction; a failure shows the whole conversation so far."""

import re

from simulator.person import CannotDo
from tests.play import acts
from tests.play.directions import DIRECTIONS
from tests.play.looks import LOOKS, NotSeen, Player, hears_nothing
from tests.play.matching import filled
from tests.play.script import Line, Script
from tests.play.stage import Stage

_FORWARD = re.compile(r'↩\s*"(?P<words>[^"]*)"(?:\s*@(?P<group>\S+))?')


class PlayFailed(AssertionError):
    """A script that did not go as written."""


async def play(script: Script, stage: Stage) -> None:
    """Play all lines on an open stage; raises PlayFailed with the line and the conversation."""
    for line in script.lines:
        try:
            await _line(stage, line)
        except (AssertionError, LookupError, TimeoutError, CannotDo) as error:
            told = "\n  ".join(stage.record)
            raise PlayFailed(
                f"{script.name}.script:{line.number} on {stage.flavour}\n  {line}\n  → {error or type(error).__name__}"
                f"\nso far:\n  {told}"
            ) from error
    for player in stage.players.values():
        for chat in player.spoke - set(stage.groups.values()):
            if player.unread(chat):
                told = "\n  ".join(stage.record)
                raise PlayFailed(
                    f"{script.name}.script ends on {stage.flavour}, but {player.name} was told more:"
                    f"\n  {player.unread(chat)[0].text}\nso far:\n  {told}"
                )


async def _line(stage: Stage, line: Line) -> None:
    if line.op in DIRECTIONS:
        await DIRECTIONS[line.op](stage, line.rest)
        await stage.settled()
        return
    player = stage.player(line.who)
    chat = stage.groups[line.where] if line.where else None
    if line.op == ">":
        await _act(stage, player, chat, line.rest)
    else:
        LOOKS[line.op](player, chat, line.rest, stage.names)
        player.spoke.add(chat)


async def _act(stage: Stage, player: Player, chat: int | None, rest: str) -> None:
    if chat is None and None in player.spoke:  # in a group others are spoken to as well
        hears_nothing(player, chat, "", stage.names)
    player.read[chat] = max((one.id for one in player.person.messages(chat)), default=0)
    player.spoke.add(chat)
    player.answered = len(player.person.answers)
    said = filled(rest, stage.names)
    forwarded = _FORWARD.fullmatch(said)
    if forwarded is not None:
        source = stage.groups[forwarded["group"]] if forwarded["group"] else None
        await acts.forward(player.person, chat, forwarded["words"], source)
    else:
        await acts.act(player.person, chat, said)
    stage.breathe()
    await stage.settled()


__all__ = ["NotSeen", "PlayFailed", "play"]
