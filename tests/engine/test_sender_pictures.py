"""A picture that cannot be shown takes nobody's words with it."""

from typing import Any

import pytest

from domain.messages import Message, Picture, Pin
from tests.engine.rig import Rig

REFUSALS: list[dict[str, Any]] = [
    {"status": 400, "description": "Bad Request: PHOTO_INVALID_DIMENSIONS"},
    {"status": 400, "description": "Bad Request: not enough rights to send photos to the chat"},
    {"status": 403, "description": "Forbidden: CHAT_SEND_PHOTOS_FORBIDDEN"},
    {"status": 413, "description": "Request Entity Too Large"},
    {"status": 400, "description": "words nobody knows"},
    {"status": 404, "description": "words nobody knows"},
    {"status": 501, "description": "Not Implemented"},
]


async def stored(rig: Rig) -> Picture:
    return Picture(media=await rig.keep_photo())


def lose(rig: Rig) -> None:
    for path in rig.folder.rglob("*.jpg"):
        path.unlink()


async def ended(rig: Rig, message: Message) -> tuple[str, str]:
    row = await rig.say("", message=message)
    await rig.start()
    await rig.settled()
    found = await rig.row(row)
    return found.state, found.problem


async def test_a_file_that_is_lost_does_not_take_the_words_with_it(rig: Rig) -> None:
    shown = await stored(rig)
    lose(rig)
    state, problem = await ended(rig, Message(text="کارت", pictures=[shown]))
    assert (state, problem) == ("sent", "sent without the pictures: bad-file: the stored file is not there")
    assert rig.said() == ["کارت"]


async def test_a_lost_file_without_any_words_is_a_dead_letter_and_not_tried_for_ever(rig: Rig) -> None:
    shown = await stored(rig)
    lose(rig)
    assert await ended(rig, Message(pictures=[shown])) == ("dead", "bad-file: the stored file is not there")


@pytest.mark.parametrize("fault", REFUSALS, ids=lambda fault: f"{fault['status']} {fault['description'][-20:]}")
async def test_a_picture_that_is_refused_is_left_out(rig: Rig, fault: dict[str, Any]) -> None:
    rig.simulator.fault("sendPhoto", times=None, **fault)
    state, problem = await ended(rig, Message(text="کارت", pictures=[await stored(rig)]))
    assert state == "sent"
    assert problem.startswith("sent without the pictures: ")
    assert rig.said() == ["کارت"]
    assert rig.house.unreached == []


async def test_what_went_well_before_the_picture_is_not_said_again_and_no_words_are_left_out(rig: Rig) -> None:
    rig.simulator.fault("sendPhoto", times=None, status=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS")
    message = Message(text="ا" * 5000, pin=Pin(lat=36.2972, lon=59.6062), pictures=[await stored(rig)])
    assert (await ended(rig, message))[0] == "sent"
    assert len(rig.simulator.log.calls("sendLocation")) == 1
    assert sum(text.count("ا") for text in rig.texts()) == 5000


async def test_words_refused_after_the_pictures_went_well_stay_refused(rig: Rig) -> None:
    rig.simulator.fault("sendMessage", times=None, status=400, description="Bad Request: no reason")
    state, problem = await ended(rig, Message(text="ا" * 1025, pictures=[await stored(rig)]))
    assert (state, "no reason" in problem) == ("dead", True)
    assert len(rig.simulator.log.calls("sendPhoto")) == len(rig.simulator.log.calls("sendMessage")) == 1
