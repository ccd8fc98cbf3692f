"""Addresses as the real server reads them (LinkManager.cpp): which become links, and what is wrong with the others."""

import re
from urllib.parse import urlsplit

_APP = re.compile(r"(?:tg|ton|tonsite):(?://)?([^/?#]*)", re.IGNORECASE)
_APP_HOST = re.compile(r"[a-zA-Z0-9_.-]+")
_HOST = re.compile(r"(?=.*\.)(?!\.\Z)(?:[\w.!$,~*'();&+=-]|[^\x00-\x7f\s]|%[0-9a-fA-F]{2})+")
_USER = re.compile(r"tg:(?://)?user/?\?(?:[^#]*&)?id=([1-9][0-9]{0,18})(?:[&#].*)?", re.IGNORECASE)
_EMOJI = re.compile(r"tg:(?://)?emoji/?\?(?:[^#]*&)?id=([^&#]*)(?:[&#].*)?", re.IGNORECASE)
_TIME = re.compile(r"tg:(?://)?time/?\?([^#]*)(?:#.*)?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,19}")
_UNIX = re.compile(r"[1-9][0-9]{0,9}")
_MOMENTS = 1 << 31


def fault_of(url: str) -> str:
    """Why the server makes no link of an address, in its words; empty where it makes one."""
    if app := _APP.match(url):
        return "" if _APP_HOST.fullmatch(app[1]) else "Unallowed characters in URL host"
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, _ = parts.hostname or "", parts.port
    except ValueError:  # a wrong port, or brackets around what is no IPv6 address
        return "Wrong HTTP URL"
    if parts.scheme not in ("http", "https"):
        return "" if parts.scheme in ("mailto", "tel") else "Unsupported URL protocol"
    return "" if ":" in host or _HOST.fullmatch(host) else "Wrong HTTP URL"


def is_link(url: str) -> bool:
    """Whether the server makes a link of an address; of any other it leaves only the text."""
    return not fault_of(url)


def user_in(url: str) -> int | None:
    """The id in an address such as ``tg://user?id=5``."""
    found = _USER.fullmatch(url)
    return int(found[1]) if found else None


def emoji_id(text: str) -> str | None:
    """The text where it is the id of a custom emoji."""
    return text if _NUMBER.fullmatch(text) and 0 < int(text) < 1 << 63 else None


def emoji_in(url: str) -> str | None:
    """The id in an address such as ``tg://emoji?id=5``."""
    found = _EMOJI.fullmatch(url)
    return emoji_id(found[1]) if found else None


def moment_in(url: str) -> tuple[int, str] | None:
    """The time and the format in an address such as ``tg://time?unix=5&format=wDT``."""
    found = _TIME.fullmatch(url)
    if found is None:
        return None
    given = dict(one.partition("=")[::2] for one in found[1].split("&"))
    unix, shown = given.get("unix", ""), moment_format(given.get("format", ""))
    return (int(unix), shown) if shown is not None and _UNIX.fullmatch(unix) and int(unix) < _MOMENTS else None


def moment_format(written: str) -> str | None:
    """The format of a time as the server gives it back, None for a wrong one."""
    if written in ("r", "R"):
        return "r"
    if set(written) - set("wWdDtT"):
        return None
    shown = "w" if set(written) & set("wW") else ""
    for short in "dt":  # the short form wins where both are asked for
        shown += short if short in written else short.upper() if short.upper() in written else ""
    return shown
