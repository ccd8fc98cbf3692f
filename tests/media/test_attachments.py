"""Which file of a message is kept, and as what, on both messengers."""

from typing import Any

import pytest

from bot.messengers.client import Client
from bot.messengers.record import MESSENGERS
from handlers import attachments
from handlers.attachments import Attachment

TOKEN = "1000:" + "T" * 35


def _file(name: str, **more: Any) -> dict[str, Any]:
    return {"file_id": name, "file_unique_id": f"u-{name}", "file_size": 4000, **more}


_SMALL = _file("small", width=320, height=180)
_FILM = _file("film", width=640, height=360, duration=4, thumbnail=_SMALL)
_PAPER = {"document": _file("paper", mime_type="video/mp4")}
_PHOTO = {"photo": [_file("little", width=90, height=60), _file("large", width=1280, height=960)]}
_LIVE = {"live_photo": {**_file("moving", width=640, height=360, duration=2), "photo": _PHOTO["photo"]}}

KINDS: dict[str, tuple[dict[str, Any], Attachment | None]] = {
    "photo": (_PHOTO, Attachment("photo", "large", "u-large", 4000, True)),
    "live photo": (_PHOTO | _LIVE, Attachment("photo", "large", "u-large", 4000, True)),
    "video": ({"video": _FILM}, Attachment("video", "film", "u-film", 4000, False, "small")),
    "animation": ({"animation": _FILM} | _PAPER, Attachment("video", "film", "u-film", 4000, False, "small")),
    "round": (
        {"video_note": _file("round", length=240, duration=3, thumbnail=_SMALL)},
        Attachment("video", "round", "u-round", 4000, False, "small"),
    ),
    "voice": ({"voice": _file("voice", duration=2)}, Attachment("voice", "voice", "u-voice", 4000, False)),
    "song": (
        {"audio": _file("song", duration=2, mime_type="audio/mpeg", thumbnail=_SMALL)},
        Attachment("voice", "song", "u-song", 4000, False),
    ),
    "paper": (
        {"document": _file("paper", mime_type="application/pdf", thumbnail=_SMALL)},
        Attachment("document", "paper", "u-paper", 4000, False),
    ),
    "picture as a file": (
        {"document": _file("heic", mime_type="image/heic")},
        Attachment("document", "heic", "u-heic", 4000, True),
    ),
    "sticker": (
        {"sticker": _file("st", width=512, height=512, is_animated=True, is_video=False, type="regular")},
        None,
    ),
    "words": ({"text": "سلام"}, None),
}


@pytest.mark.parametrize("messenger", MESSENGERS)
@pytest.mark.parametrize("name", KINDS)
def test_the_file_of_a_message(messenger: str, name: str) -> None:
    carried, expected = KINDS[name]
    client = Client(MESSENGERS[messenger], TOKEN, "http://127.0.0.1:1")
    person = {"id": 7, "is_bot": False, "first_name": "مریم"}
    message = {"message_id": 5, "date": 1, "chat": {"id": 7, "type": "private"}, "from": person, **carried}
    update = client.parse({"update_id": 1, "message": message})
    assert update.message is not None
    assert attachments.of(update.message) == expected
