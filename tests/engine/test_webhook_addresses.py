"""Addresses and secrets follow from the settings, and a setting that cannot work is named before anything starts."""

import re
from typing import Any

import pytest
from pydantic import SecretStr

from bot.webhook_addresses import addresses, problems
from tests.engine.webhook_rig import settings

PUBLIC = {"telegram_api": "https://api.telegram.org", "bale_api": "https://tapi.bale.ai"}


def test_every_process_comes_to_the_same_secrets_and_each_messenger_to_its_own() -> None:
    first, second = addresses(settings()), addresses(settings())
    assert first == second
    assert first["telegram"].secret != first["bale"].name
    for secret in (first["telegram"].secret, first["bale"].name):
        assert re.fullmatch("[A-Za-z0-9_-]{43}", secret)  # what setWebhook allows, and a path needs no escapes
    assert first["telegram"].url == "http://127.0.0.1:8137/webhook/telegram"
    assert first["bale"].url.endswith(first["bale"].name)


@pytest.mark.parametrize(
    "change",
    [{"secret_key": SecretStr("x" * 32)}, {"telegram_token": SecretStr("138:NEW"), "bale_token": SecretStr("9:N")}],
)
def test_another_key_or_token_makes_other_secrets(change: dict[str, Any]) -> None:
    before, after = addresses(settings()), addresses(settings(**change))
    assert before["telegram"].secret != after["telegram"].secret
    assert before["bale"].name != after["bale"].name


def test_secrets_do_not_show() -> None:
    place = addresses(settings())["bale"]
    assert place.name not in repr(place)


def test_only_what_is_switched_on_and_has_a_token_gets_an_address() -> None:
    assert set(addresses(settings(bale_webhook=False))) == {"telegram"}
    assert set(addresses(settings(telegram_token=None))) == {"bale"}
    assert problems(settings(telegram_webhook=False, bale_webhook=False, secret_key=None)) == []


def test_the_key_is_needed() -> None:
    [sentence] = problems(settings(secret_key=None))
    assert "SECRET_KEY" in sentence
    with pytest.raises(ValueError, match="SECRET_KEY"):
        addresses(settings(secret_key=None))


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("https://137.example.org", ""),
        ("https://137.example.org/bot", ""),
        ("https://137.example.org:443", ""),
        ("https://137.example.org:88", ""),
        ("https://137.example.org:8443", "BALE"),
        ("https://137.example.org:80", "BALE"),
        ("https://137.example.org:8137", "TELEGRAM BALE"),
        ("https://137.example.org:99999", "TELEGRAM BALE"),
        ("http://137.example.org", "TELEGRAM BALE"),
        ("http://127.0.0.1:8137", "TELEGRAM BALE"),
    ],
)
def test_the_public_address_must_suit_the_messenger(url: str, wrong: str) -> None:
    found = problems(settings(public_url=url, **PUBLIC))
    assert [sentence.split("_")[0] for sentence in found] == wrong.split()
    assert all("PUBLIC_URL" in sentence for sentence in found)


def test_a_server_on_this_machine_delivers_to_any_address() -> None:
    assert problems(settings(public_url="http://127.0.0.1:9")) == []
    assert len(problems(settings(public_url="http://127.0.0.1:9", bale_api=PUBLIC["bale_api"]))) == 1
