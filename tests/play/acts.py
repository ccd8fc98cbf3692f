"""What a person can do in a script, as one table: the sign a line begins with, and the act."""

import re
from collections.abc import Awaitable, Callable

from simulator.person import Person
from simulator.views import Seen
from tests.play import props
from tests.play.matching import folded, label_found
from tests.play.script import unescaped

Act = Callable[[Person, int | None, re.Match[str]], Awaitable[object]]

_PLACE = r"(?P<lat>-?[\d.]+),(?P<lon>-?[\d.]+)"
_CAPTION = r'(?:\s*"(?P<caption>[^"]*)")?'

_SOMEWHERE = (36.2972, 59.6062)  # in the middle of the city


class CannotAct(AssertionError):
    """What the script wants done cannot be done on this screen."""


def _with_words(person: Person, chat: int | None, words: str, *, own: bool = False) -> Seen:
    wanted = folded(words)
    found = [one for one in person.messages(chat) if wanted in folded(one.text) and (one.mine or not own)]
    if not found:
        raise CannotAct(f"no message has {words!r} in it")
    return found[-1]


def _newest_of_the_bot(person: Person, chat: int | None) -> Seen:
    found = [one for one in person.messages(chat) if one.from_bot]
    if not found:
        raise CannotAct("the bot has not said anything here")
    return found[-1]


def _caption(found: re.Match[str]) -> str:
    return unescaped(found["caption"] or "")


def _at(found: re.Match[str]) -> tuple[float, float]:
    return float(found["lat"]), float(found["lon"])


async def _press(person: Person, chat: int | None, found: re.Match[str]) -> None:
    """Press an inline button of the newest message that has it (↑: the oldest), else a key of the keyboard."""
    times = int(found["times"] or 1)
    messages = [one for one in person.messages(chat) if one.rows]
    for one in messages if found["old"] else reversed(messages):
        label = label_found(found["label"], one.labels)
        if label is not None:
            for _ in range(times):
                await person.press(label, one.id, chat)
            return
    keys = [key for row in person.keyboard(chat) for key in row]
    label = label_found(found["label"], keys)
    if label is None:
        shown = [one.labels for one in messages[-3:]]
        raise CannotAct(f"no button [{found['label']}]; under the newest messages {shown}, keyboard {keys}")
    at = _at(found) if found["lat"] else _SOMEWHERE
    for _ in range(times):
        await person.press_keyboard(label, at, chat)


async def _made_up(person: Person, chat: int | None, found: re.Match[str]) -> None:
    await person.press_raw(found["data"], _newest_of_the_bot(person, chat).id, chat)


async def _location(person: Person, chat: int | None, found: re.Match[str]) -> None:
    await person.location(*_at(found), chat)


async def _venue(person: Person, chat: int | None, found: re.Match[str]) -> None:
    await person.venue(*_at(found), found["title"], found["address"], chat)


async def _album(person: Person, chat: int | None, found: re.Match[str]) -> None:
    await person.album([props.picture(n) for n in range(int(found["count"]))], _caption(found), chat)


async def _photo(person: Person, chat: int | None, found: re.Match[str]) -> None:
    await person.photo(_picture(found), _caption(found), chat)


def _picture(found: re.Match[str]) -> bytes:
    name = found["name"] or "0"
    if found["lat"]:
        return props.picture(99, _at(found))
    return props.picture(int(name)) if name.isdecimal() else props.FILES[name][2]()


async def _document(person: Person, chat: int | None, found: re.Match[str]) -> None:
    if found["lat"]:
        await person.document(props.picture(98, _at(found)), caption=_caption(found), chat=chat)
        return
    name, mime, content = props.FILES.get(found["name"], ("photo.jpg", "image/jpeg", props.picture))
    await person.document(content(), name, mime, _caption(found), chat)


async def _voice(person: Person, chat: int | None, found: re.Match[str]) -> None:
    await person.voice(props.sound(), chat=chat)


async def _video(person: Person, chat: int | None, found: re.Match[str]) -> None:
    await person.video(props.film(), _caption(found), chat=chat)


async def _sticker(person: Person, chat: int | None, found: re.Match[str]) -> None:
    await person.sticker(chat=chat)


async def _contact(person: Person, chat: int | None, found: re.Match[str]) -> None:
    if found["whose"] == "own":
        await person.contact(chat=chat)
    else:
        await person.contact("+989359998877", "همسایه", 777_000, chat)


async def _reply(person: Person, chat: int | None, found: re.Match[str]) -> None:
    await person.reply(unescaped(found["text"]), _newest_of_the_bot(person, chat).id, chat)


async def _edit(person: Person, chat: int | None, found: re.Match[str]) -> None:
    number = _with_words(person, chat, found["old"], own=True).id if found["old"] else None
    await person.edit(unescaped(found["text"]), number, chat)


async def _leave(person: Person, chat: int | None, found: re.Match[str]) -> None:
    await (person.block() if chat is None else person.kick_bot(chat))


async def _come_back(person: Person, chat: int | None, found: re.Match[str]) -> None:
    await (person.unblock() if chat is None else person.add_bot(chat))


async def _link(person: Person, chat: int | None, found: re.Match[str]) -> None:
    await person.open_link(found["url"])


async def _many(person: Person, chat: int | None, found: re.Match[str]) -> None:
    for number in range(int(found["count"])):
        await person.write(f"{found['text']} {number + 1}", chat)


async def _write(person: Person, chat: int | None, found: re.Match[str]) -> None:
    text = unescaped(found["text"])
    if text.startswith("«") and text.endswith("»"):
        text = text[1:-1]
    await person.write(text, chat)


ACTS: tuple[tuple[re.Pattern[str], Act], ...] = (
    (re.compile(rf"\[(?P<label>[^\]]+)\](?:\s*{_PLACE})?(?P<old>\s*↑)?(?:\s*×(?P<times>\d+))?"), _press),
    (re.compile(r"✱\s*(?P<data>\S+)"), _made_up),
    (re.compile(rf"📍\s*{_PLACE}"), _location),
    (re.compile(rf'🏢\s*{_PLACE}\s*"(?P<title>[^"]*)"\s*"(?P<address>[^"]*)"'), _venue),
    (re.compile(rf"📷×(?P<count>\d+){_CAPTION}"), _album),
    (re.compile(rf"📷(?:\s*gps\s*{_PLACE}|\s*(?P<name>\w+))?{_CAPTION}"), _photo),
    (re.compile(rf"📎(?:\s*gps\s*{_PLACE}|\s*(?P<name>\w+))?{_CAPTION}"), _document),
    (re.compile(r"🎤"), _voice),
    (re.compile(rf"🎬{_CAPTION}"), _video),
    (re.compile(r"🏷"), _sticker),
    (re.compile(r"☎\s*(?P<whose>own|other)"), _contact),
    (re.compile(r"↪\s*(?P<text>.+)"), _reply),
    (re.compile(r'✎\s*(?:"(?P<old>[^"]*)"\s*→\s*)?(?P<text>.+)'), _edit),
    (re.compile(r"⛔"), _leave),
    (re.compile(r"✅"), _come_back),
    (re.compile(r"🔗\s*(?P<url>\S+)"), _link),
    (re.compile(r"×(?P<count>\d+)\s+(?P<text>.+)"), _many),
    (re.compile(r"(?P<text>.+)", re.DOTALL), _write),
)


async def act(person: Person, chat: int | None, rest: str) -> None:
    """Do what the line says; raises CannotAct where the screen has no such button or message."""
    for pattern, deed in ACTS:
        found = pattern.fullmatch(rest)
        if found is not None:
            await deed(person, chat, found)
            return
    raise CannotAct(f"nobody can do {rest!r}")


async def forward(person: Person, chat: int | None, words: str, source: int | None) -> None:
    """Forward the newest message with these words from a chat; told apart because it needs another chat's number."""
    await person.forward(_with_words(person, source, words).id, source, chat)
