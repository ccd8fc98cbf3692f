"""What the inbox keeps of a raw update, of whatever shape."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arrivals import NO_NUMBER, arrival, number_of

_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


def message(**fields: Any) -> dict[str, Any]:
    return {"update_id": 7, "message": {"message_id": 3, "date": 100, "chat": {"id": -5}, "text": "سلام"} | fields}


def test_a_message_is_named_by_chat_number_and_date() -> None:
    found = arrival("telegram", message())
    assert (found.update_id, found.lane, found.identity) == (7, "telegram:-5", "message:-5:3:100")
    assert json.loads(found.body) == message()


def test_an_edit_is_named_by_its_own_date() -> None:
    raw = {"update_id": 8, "edited_message": message()["message"] | {"edit_date": 120}}
    assert arrival("bale", raw).identity == "edited_message:-5:3:120"


def test_a_pressed_button_is_named_by_its_query_and_stands_in_its_chats_lane() -> None:
    query = {"id": "77", "from": {"id": 1}, "message": {"chat": {"id": -9}}}
    found = arrival("telegram", {"update_id": 1, "callback_query": query})
    assert (found.identity, found.lane) == ("callback_query:77", "telegram:-9")
    without = arrival("telegram", {"update_id": 1, "callback_query": {"id": "77", "from": {"id": 1}}})
    assert without.lane == "telegram:1"


@pytest.mark.parametrize("raw", [None, 5, "x", [], {}, {"update_id": "5"}, {"update_id": True}, {"update_id": 2**70}])
def test_what_has_no_number_is_kept_all_the_same(raw: Any) -> None:
    found = arrival("telegram", raw)
    assert (found.update_id, found.lane) == (NO_NUMBER, "telegram:?")
    assert json.loads(found.body) == raw


def test_zero_is_a_number() -> None:
    assert number_of({"update_id": 0}) == 0


@given(_JSON, st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]))
def test_no_shape_stops_the_receiver(inner: Any, kind: str) -> None:
    raw = {"update_id": 1, kind: inner}
    found = arrival("bale", raw)
    found.body.encode()
    assert len(found.identity) <= 200
    assert found == arrival("bale", raw)


@pytest.mark.parametrize("raw", [{"callback_query": {"id": "\ud800"}}, {"callback_query": {"id": "\0"}}, {"\0": {}}])
def test_a_name_can_always_be_stored(raw: dict[str, Any]) -> None:
    found = arrival("telegram", {"update_id": 1} | raw)
    assert found.identity.isascii()
    assert found.identity.isprintable()
    assert found == arrival("telegram", {"update_id": 1} | raw)
