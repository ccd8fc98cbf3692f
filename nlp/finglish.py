"""Persian in Latin letters, put into Persian letters: of the words with the same consonants, the likeliest one."""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from nlp import forms, skeleton
from nlp.colloquial import WRITTEN

_FARTHEST = 1.3
"""What the vowels of a word may differ by, in the units below; beyond that it is left in Latin letters."""

_OF_FREQUENCY = 0.12
"""What one more in the logarithm of a word's frequency makes up for."""

_MOST_ALIKE = 16
"""Words with the same consonants that are looked at, the most frequent ones."""

_MOST_WORDS = 150
_REMEMBERED = 8192

_VOWELS = "aeiouvwy"
_DOUBLED = re.compile(rf"([^{_VOWELS}])\1+")  # written once in Persian
_LONG = "اویع"
_MARKED = str.maketrans(
    {**{"š": "sh", "č": "ch", "ž": "zh", "â": "a", "ā": "a", "ô": "o", "ū": "u", "ī": "i"}, **dict.fromkeys("'’`", "")}
)
_ONE_SOUND = (("aa", "a"), ("oo", "u"), ("ou", "u"), ("ee", "i"), ("iy", "i"))

# Short vowels are not written in Persian, long ones are; و and ی are also consonants, ه at the end is heard as e.
_UNWRITTEN = {"a": 0.15, "e": 0.05, "o": 0.15, "i": 0.8, "u": 0.7, "y": 0.5, "v": 0.8, "w": 0.8}
_UNHEARD = {"ا": 0.8, "و": 0.7, "ی": 0.7, "ع": 0.1, "ه": 0.3}
_ALIKE = {
    **{("a", "ا"): 0.0, ("o", "ا"): 0.3, ("u", "ا"): 0.3, ("e", "ا"): 0.6},
    **{("o", "و"): 0.1, ("u", "و"): 0.0, ("v", "و"): 0.0, ("w", "و"): 0.0},
    **{("e", "ی"): 0.5, ("i", "ی"): 0.0, ("y", "ی"): 0.0},
    **{("e", "ه"): 0.0, ("a", "ه"): 0.2},
    **{("a", "ع"): 0.1, ("e", "ع"): 0.1, ("o", "ع"): 0.1},
}
_DIFFERENT = 1.0

Gaps = tuple[str, ...]


@dataclass(frozen=True)
class Speller:
    """Spells Persian words that were written in Latin letters, by a list of words with their frequencies."""

    frequencies: Mapping[str, int]
    """Folded Persian words, and in how many messages each was found."""
    _alike: dict[str, list[tuple[str, Gaps, float]]] = field(
        default_factory=lambda: defaultdict(list), repr=False, compare=False
    )
    _spelled: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    """Words, and whole messages, that were spelled lately: a message is asked about by every reader of it."""

    def __post_init__(self) -> None:
        """Put words with the same consonants together, spoken forms with the written word that they stand for."""
        spoken = {word: written for word, written in WRITTEN.items() if written in self.frequencies}
        for word, written in (*((one, one) for one in self.frequencies), *spoken.items()):
            consonants, gaps = _taken_apart(word, _LONG, "ه")
            self._alike[consonants].append((written, gaps, _OF_FREQUENCY * math.log(self.frequencies[written])))
        for consonants, words in self._alike.items():
            self._alike[consonants] = sorted(words, key=lambda word: -word[2])[:_MOST_ALIKE]

    def persian(self, text: str) -> str:
        """Return a folded text with the words in Persian letters that are known, others as they are."""
        text = text.lower().translate(_MARKED)
        return self._remembered(text, self._text)

    def _text(self, text: str) -> str:
        words = forms.folded(text).split()[:_MOST_WORDS]
        return forms.folded(" ".join(self._remembered(word, self._word) for word in words))

    def _remembered(self, said: str, spell: Callable[[str], str]) -> str:
        found = self._spelled.get(said)
        if found is None:
            found = spell(said)
            if len(self._spelled) >= _REMEMBERED:
                self._spelled.clear()
            self._spelled[said] = found
        return found

    def _word(self, word: str) -> str:
        if not word.isascii() or word.isdigit():
            return word
        consonants, gaps = _taken_apart(_DOUBLED.sub(r"\1", skeleton.without_digraphs(word)), _VOWELS, "")
        best, nearest = word, math.inf
        for written, others, frequency in self._alike.get(consonants, ()):
            distance, most = 0.0, min(_FARTHEST, nearest + frequency)
            for pair in zip(gaps, others, strict=True):
                distance += _apart(*pair)
                if distance > most:
                    break
            else:
                if distance - frequency < nearest:
                    best, nearest = written, distance - frequency
        return best


def _taken_apart(word: str, vowels: str, last: str) -> tuple[str, Gaps]:
    """Return the signs of a word's consonants, an h at its end left out, and what stands before, between and after."""
    consonants: list[str] = []
    gaps: list[str] = []
    gap = ""
    for at, letter in enumerate(word):
        at_end = 0 < at == len(word) - 1
        if letter in vowels or (letter == last and at_end):
            gap += letter
            continue
        sound = skeleton.sound(letter)
        if not sound or (sound == "h" and at_end):
            continue
        consonants.append(sound)
        gaps.append(gap)
        gap = ""
    return "".join(consonants), (*gaps, gap)


@lru_cache(maxsize=16384)
def _apart(heard: str, written: str) -> float:
    """Say how much the vowels of one gap differ: the least cost of making one the other (an edit distance)."""
    for pair, one in _ONE_SOUND:
        heard = heard.replace(pair, one)
    row = [0.0]
    for letter in written:
        row.append(row[-1] + _UNHEARD[letter])
    for sound in heard:
        above, row = row, [row[0] + _UNWRITTEN[sound]]
        for at, letter in enumerate(written):
            same = above[at] + _ALIKE.get((sound, letter), _DIFFERENT)
            row.append(min(same, above[at + 1] + _UNWRITTEN[sound], row[at] + _UNHEARD[letter]))
    return row[-1]
