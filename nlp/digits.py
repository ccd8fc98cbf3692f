"""Digits as people type them: Persian, Arabic or Latin."""

_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_LATIN = "0123456789"

_TO_LATIN = str.maketrans(_PERSIAN + _ARABIC, _LATIN * 2)
_TO_PERSIAN = str.maketrans(_LATIN + _ARABIC, _PERSIAN * 2)


def latin(text: str) -> str:
    """Return the text with Persian and Arabic digits as ASCII ones; its length does not change."""
    return text.translate(_TO_LATIN)


def persian(text: str) -> str:
    """Return the text with ASCII and Arabic digits as Persian ones; its length does not change."""
    return text.translate(_TO_PERSIAN)
