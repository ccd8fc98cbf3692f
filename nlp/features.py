"""What the subject model counts in a text: words, pairs and pieces of words, and the same of their consonants."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from nlp import skeleton

WORDS, PIECES, CONSONANTS = 0, 1, 2
"""The blocks of features; each is brought to a length of its own."""

_MARKS = {"\t": PIECES, "\x1f": CONSONANTS}
_LONGEST_WORD = 24
_MOST_WORDS = 150
_PIECE_LENGTHS = (3, 4, 5)


def block(feature: str) -> int:
    """Return the block of a feature: pieces carry a leading tab, consonants a leading unit separator."""
    return _MARKS.get(feature[0], WORDS)


def counted(words: list[str]) -> list[str]:
    """Return the words that are counted, overlong ones cut: what comes after the first 150 adds only time."""
    return [word[:_LONGEST_WORD] for word in words[:_MOST_WORDS]]


def count(words: list[str]) -> Counter[str]:
    """Count all features of a text's words."""
    words = counted(words)
    counts = Counter(pairs(words))
    for word in words:
        counts.update(of_word(word))
    return counts


def pairs(words: list[str]) -> Iterator[str]:
    """Yield neighbouring words, and neighbouring consonants, as features."""
    yield from map(" ".join, pairwise(words))
    yield from ("\x1f" + " ".join(pair) for pair in pairwise(filter(None, map(skeleton.of_word, words))))


@lru_cache(maxsize=512)  # tuples of many strings: what is read again soon is kept as rows by the model
def of_word(word: str) -> tuple[str, ...]:
    """Return the features of a single word: itself, its pieces with a space at its ends, and its consonants."""
    consonants = skeleton.of_word(word)
    return (word, *_pieces("\t", word), *(("\x1f" + consonants, *_pieces("\x1f", consonants)) if consonants else ()))


def _pieces(mark: str, word: str) -> list[str]:
    padded = f" {word} "
    end = len(padded) + 1
    return [mark + padded[at : at + length] for length in _PIECE_LENGTHS for at in range(end - length)]
