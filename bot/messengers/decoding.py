"""Decodes what messengers answer; where updates cannot be decoded it still tells which ones they are."""

import json
import re
from typing import Any

# In what people write the quotation marks stand behind backslashes, so this is a key.
_NUMBER = re.compile(rb'"update_id"\s*:\s*(\d{1,19})(?!\d)')
_LARGEST = 2**63 - 1


class Undecodable(Exception):
    """An answer with updates that is no JSON for us; `numbers` are theirs, in their order."""

    def __init__(self, numbers: list[int]) -> None:
        super().__init__("updates that cannot be decoded")
        self.numbers = numbers


def _loads(body: bytes) -> Any:
    # Not strict: a raw line break within a text harms nobody.
    try:
        return json.loads(body, strict=False)
    except UnicodeDecodeError:
        return json.loads(body.decode("utf-8", "replace"), strict=False)


def decoded(body: bytes) -> Any:
    """Return what a body holds; raises Undecodable where that is updates, else ValueError."""
    try:
        return _loads(body)
    except (ValueError, RecursionError) as error:  # cut, a number or a nesting beyond all measure
        numbers = [number for found in _NUMBER.findall(body) if (number := int(found)) <= _LARGEST]
        if numbers:
            raise Undecodable(numbers) from None
        raise ValueError(f"no JSON: {type(error).__name__}") from None
