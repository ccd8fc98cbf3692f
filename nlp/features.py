"""What the subject model counts in a text: words, pairs of words, and pieces of words."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

WORDS, PIECES = 0, 1
"""The two blocks of features; each is brought to length one by itself."""

_LONGEST_WORD = 24
_MOST_WORDS = 800
_PIECE_LENGTHS = (2, 3, 4, 5)


def block(feature: str) -> int:
    """Return the block of a feature: pieces carry a leading tab."""
    return PIECES if feature[0] == "\t" else WORDS


def count(words: list[str]) -> Counter[str]:
    """Count single words, neighbouring pairs, and pieces of 2 to 5 letters of each word with a space at its ends."""
    words = [word[:_LONGEST_WORD] for word in words[:_MOST_WORDS]]
    counts = Counter(words)
    counts.update(f"{first} {second}" for first, second in pairwise(words))
    for word in words:
        counts.update(_pieces(word))
    return counts


@lru_cache(maxsize=4096)
def _pieces(word: str) -> tuple[str, ...]:
    return tuple(_each_piece(f" {word} "))


def _each_piece(padded: str) -> Iterator[str]:
    for length in _PIECE_LENGTHS:
        for start in range(len(padded) - length + 1):
            yield "\t" + padded[start : start + length]
