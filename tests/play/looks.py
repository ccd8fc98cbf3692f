"""What is looked at on a person's screen, as one table: the sign of the line, and what must be seen."""

from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.person import Person
from simulator.views import Seen
from tests.play.matching import Expected, expected, filled, found_in, label_found

_KINDS_ALIKE = {"location": ("location", "venue"), "voice": ("voice", "audio")}


class NotSeen(AssertionError):
    """The screen does not show what the script says."""


@dataclass(slots=True)
class Player:
    """A person of the play and how far they have read in each chat."""

    name: str
    person: Person
    read: dict[int | None, int] = field(default_factory=dict)
    answered: int = 0
    """How many answers of pressed buttons there were before the last act."""
    spoke: set[int | None] = field(default_factory=set)
    """The chats in which the script follows every word from now on."""

    def unread(self, chat: int | None) -> list[Seen]:
        """List what the bot said in a chat since the script last looked."""
        after = self.read.get(chat, 0)
        return [one for one in self.person.messages(chat) if one.from_bot and one.id > after]


def _labels(player: Player, chat: int | None, message: Seen) -> list[str]:
    keys = [key for row in (*message.keyboard, *player.person.keyboard(chat)) for key in row]
    return [*message.labels, *keys]


def _compare(player: Player, chat: int | None, message: Seen, wanted: Expected, names: dict[str, str]) -> str:
    """Return what is wrong with a message, or an empty string; names that it gives are remembered."""
    if wanted.kind and message.kind not in _KINDS_ALIKE.get(wanted.kind, (wanted.kind,)):
        return f"a {message.kind}, not a {wanted.kind}"
    given = found_in(wanted.words, message.text, names)
    if given is None:
        return "other words"
    labels = _labels(player, chat, message)
    known = {**names, **given}
    missing = [label for label in wanted.buttons if label_found(filled(label, known), labels) is None]
    unwanted = [label for label in wanted.absent if label_found(filled(label, known), labels) is not None]
    if missing or unwanted:
        return f"buttons: missing {missing}, unwanted {unwanted}, there are {labels}"
    names.update(given)
    return ""


def hears(player: Player, chat: int | None, rest: str, names: dict[str, str]) -> None:
    """The next new message is the expected one; «……» takes all that is unread, one message at least."""
    if rest == "……" and player.unread(chat):
        player.read[chat] = player.unread(chat)[-1].id
        return
    wanted = expected(rest)
    for _ in range(wanted.count):
        unread = player.unread(chat)
        if not unread:
            raise NotSeen("nothing new was said")
        problem = _compare(player, chat, unread[0], wanted, names)
        if problem:
            raise NotSeen(problem)
        player.read[chat] = unread[0].id


def sees_changed(player: Player, chat: int | None, rest: str, names: dict[str, str]) -> None:
    """The newest edited message with these words looks as expected now."""
    wanted = expected(rest)
    edited = [one for one in reversed(player.person.messages(chat)) if one.from_bot and one.edited]
    for one in edited:
        if found_in(wanted.words, one.text, names) is not None:
            problem = _compare(player, chat, one, wanted, names)
            if problem:
                raise NotSeen(problem)
            return
    raise NotSeen(f"no edited message has these words; edited are {[one.text for one in edited[:2]]}")


def is_answered(player: Player, chat: int | None, rest: str, names: dict[str, str]) -> None:
    """The pressed button was answered with these words; «—» means with none."""
    answers = player.person.answers[player.answered :]
    if not answers:
        raise NotSeen("the button got no answer")
    said = answers[-1].text
    wanted = rest.strip("«» ")
    if (said == "") if wanted == "—" else (found_in(wanted, said, names) is not None):
        return
    raise NotSeen(f"the button was answered {said!r}")


def hears_nothing(player: Player, chat: int | None, rest: str, names: dict[str, str]) -> None:
    """Nothing new was said."""
    unread = player.unread(chat)
    if unread:
        raise NotSeen(f"unexpected: {unread[0].text!r} {unread[0].labels}")


def never_saw(player: Player, chat: int | None, rest: str, names: dict[str, str]) -> None:
    """No message of the bot on the screen has these words or these buttons, ever."""
    wanted = expected(rest)
    for one in player.person.messages(chat):
        if not one.from_bot:
            continue
        if wanted.words and found_in(wanted.words, one.text, dict(names)) is not None:
            raise NotSeen(f"it is there: {one.text!r}")
        shown = [label for label in wanted.buttons if label_found(label, one.labels) is not None]
        if shown:
            raise NotSeen(f"the button is there: {shown}")


Look = Callable[[Player, int | None, str, dict[str, str]], None]
LOOKS: dict[str, Look] = {
    "<": hears,
    "=": sees_changed,
    "?": is_answered,
    "|": hears_nothing,
    "!": never_saw,
}
