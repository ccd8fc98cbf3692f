"""What the records of the messengers say."""

import pytest

from bot.messengers.record import BALE, MESSENGERS, TELEGRAM


def test_records_are_found_by_their_names() -> None:
    assert {name: record.name for name, record in MESSENGERS.items()} == {"telegram": "telegram", "bale": "bale"}


def test_deep_links_lead_to_each_messengers_host() -> None:
    assert TELEGRAM.deep_link("shahr137_bot", "r_A-1") == "https://t.me/shahr137_bot?start=r_A-1"
    assert BALE.deep_link("shahr137_bot", "r_A-1") == "https://ble.ir/shahr137_bot?start=r_A-1"


@pytest.mark.parametrize(
    ("chat_id", "chat_type", "telegram", "bale"),
    [
        (-100123, "", True, False),
        (-5, "supergroup", True, True),
        (5996820999, "group", True, True),
        (5996820999, "private", False, False),
        (1203344551, "", False, False),
    ],
)
def test_groups_are_told_by_type_and_where_possible_by_sign(
    chat_id: int, chat_type: str, telegram: bool, bale: bool
) -> None:
    assert (TELEGRAM.is_group(chat_id, chat_type), BALE.is_group(chat_id, chat_type)) == (telegram, bale)


def test_old_bale_clients_cannot_show_an_answer() -> None:
    assert not BALE.callback_toast("1aa07")
    assert BALE.callback_toast("2f9c31-77")
    assert TELEGRAM.callback_toast("1aa07")
