"""Digits as people type them: Persian, Arabic, Latin, or those of another script that their keyboard offers."""

_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_LATIN = "0123456789"

_TO_LATIN = str.maketrans(_PERSIAN + _ARABIC, _LATIN * 2)
_TO_PERSIAN = str.maketrans(_LATIN + _ARABIC, _PERSIAN * 2)


def latin(text: str) -> str:
    """Return the text with the digits of any script as ASCII ones; its length does not change."""
    text = text.translate(_TO_LATIN)
    others = {ord(sign): str(int(sign)) for sign in set(text) if sign.isdecimal() and not sign.isascii()}
    return text.translate(others) if others else text


def persian(text: str) -> str:
    """Return the text with ASCII and Arabic digits as Persian ones; its length does not change."""
    return text.translate(_TO_PERSIAN)
