"""Where messengers deliver updates, and how they prove that it is they: derived from SECRET_KEY, stored nowhere."""

import base64
import hmac
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.messengers.record import MESSENGERS, Messenger
from bot.settings import Settings

FOLDER = "/webhook/"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS_OF_SCHEMES = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Address:
    """One bot's address for deliveries; nothing of it shows when it is printed.

    `name` is the last part of the address. Where the messenger sends no secret it is one itself; else `secret` has to
    come in the header that the messenger's record names.
    """

    messenger: Messenger
    url: str = field(repr=False)
    name: str = field(repr=False)
    secret: str = field(repr=False)


def _derived(key: str, *words: str) -> str:
    """Derive 43 characters of A-Za-z0-9_-; the bot's token is among the words, so a new token makes a new secret."""
    digest = hmac.digest(key.encode(), "\0".join(("webhook", *words)).encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _address(settings: Settings, messenger: Messenger, key: str) -> Address:
    derived = _derived(key, messenger.name, settings.token(messenger.name) or "")
    secret = derived if messenger.webhook_header else ""
    name = messenger.name if secret else derived
    return Address(messenger, f"{settings.public_url}{FOLDER}{name}", name, secret)


def _asked_for(settings: Settings) -> list[Messenger]:
    return [one for one in MESSENGERS.values() if settings.token(one.name) and settings.webhook(one.name)]


def addresses(settings: Settings) -> dict[str, Address]:
    """Return the address of each messenger that is to deliver; raises ValueError where `problems` names the key."""
    asked = _asked_for(settings)
    if asked and settings.secret_key is None:
        raise ValueError("a webhook needs SECRET_KEY")
    key = settings.secret_key.get_secret_value() if settings.secret_key else ""
    return {one.name: _address(settings, one, key) for one in asked}


def problems(settings: Settings) -> list[str]:
    """Say in a sentence each what forbids the webhooks that are switched on."""
    asked = _asked_for(settings)
    found = []
    if asked and settings.secret_key is None:
        found.append("A webhook needs SECRET_KEY: at least 32 random characters, the same on all machines.")
    return found + [sentence for one in asked if (sentence := _port_problem(settings, one))]


def _port_problem(settings: Settings, messenger: Messenger) -> str:
    """Look at PUBLIC_URL as the messenger will; a Bot API server on this machine, or a simulator, takes any."""
    if urlsplit(settings.api(messenger.name)).hostname in _LOCAL:
        return ""
    parts = urlsplit(settings.public_url)
    try:
        port = parts.port or _PORTS_OF_SCHEMES[parts.scheme]
    except ValueError:
        port = 0
    if parts.scheme == "https" and port in messenger.webhook_ports:
        return ""
    ports = ", ".join(map(str, sorted(messenger.webhook_ports)))
    switch = f"{messenger.name.upper()}_WEBHOOK"
    return f"{switch} needs a PUBLIC_URL that begins with https:// and has one of the ports {ports}."
