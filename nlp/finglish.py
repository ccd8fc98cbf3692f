"""Persian in Latin letters, put into Persian letters: of the words with the same consonants, the likeliest one."""

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from nlp import forms, skeleton
from nlp.colloquial import WRITTEN

_FARTHEST = 1.3
"""What the vowels of a word may differ by, in the units below; beyond that it is left in Latin letters."""

_OF_FREQUENCY = 0.06
"""What one more in the logarithm of a word's frequency makes up for."""

_MOST_ALIKE = 20
"""Words with the same consonants that are looked at, the most frequent ones."""

_LONGEST_WORD, _LONGEST_GAP = 24, 5
_MOST_WORDS, _MOST_NEW = 150, 60
"""Words of a message that are spelled, and how many of them may be met for the first time: it bounds the time."""

_REMEMBERED_WORDS, _REMEMBERED_TEXTS = 8192, 32

_VOWELS = "aeiouvwy"
_DOUBLED = re.compile(rf"([^{_VOWELS}])\1+")  # written once in Persian
_LONG = "اویع"
_MARKED = str.maketrans(
    {**{"š": "sh", "č": "ch", "ž": "zh", "â": "a", "ā": "a", "ô": "o", "ū": "u", "ī": "i"}, **dict.fromkeys("'’`", "")}
)
_ONE_SOUND = (("aa", "a"), ("oo", "u"), ("ou", "u"), ("ee", "i"), ("iy", "i"))
_AS_TYPED = {"bus": "اتوبوس", "brt": "بی ار تی", "metro": "مترو", "motor": "موتور", "taxi": "تاکسی", "pol": "پل"}
"""Words that are typed as in English, or sound like a commoner one."""

FIRST, MIDDLE, LAST = 0, 1, 2
"""Where a gap is. Short vowels are written at a word's beginning alone; و and ی are also consonants."""

_UNWRITTEN = (
    {**dict.fromkeys("aeo", 0.6), **dict.fromkeys("iuvwy", 0.8)},
    {"a": 0.15, "e": 0.05, "o": 0.15, "i": 0.8, "u": 0.7, "y": 0.5, "v": 0.8, "w": 0.8},
    {"a": 0.6, "e": 0.05, "o": 0.5, "i": 0.8, "u": 0.8, "y": 0.5, "v": 0.8, "w": 0.8, "h": 0.3},
)
_UNHEARD = {"ا": 0.8, "و": 0.7, "ی": 0.7, "ع": 0.1, "ه": 0.3, "ح": 0.3}
_ALIKE = {
    **{("a", "ا"): 0.0, ("o", "ا"): 0.3, ("u", "ا"): 0.3, ("e", "ا"): 0.6},
    **{("o", "و"): 0.2, ("u", "و"): 0.0, ("v", "و"): 0.0, ("w", "و"): 0.0},
    **{("e", "ی"): 0.5, ("i", "ی"): 0.0, ("y", "ی"): 0.0},
    **{("e", "ه"): 0.0, ("a", "ه"): 0.2, ("h", "ه"): 0.0, ("h", "ح"): 0.0},
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
    _words: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    _texts: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    """What was spelled lately: a message is asked about by every reader of it."""

    def __post_init__(self) -> None:
        """Put words with the same consonants together, spoken forms with the written word that they stand for."""
        spoken = {word: written for word, written in WRITTEN.items() if written in self.frequencies}
        for word, written in (*((one, one) for one in self.frequencies), *spoken.items()):
            consonants, gaps = _taken_apart(word, _LONG, "هح")
            self._alike[consonants].append((written, gaps, _OF_FREQUENCY * math.log(self.frequencies[written])))
        for consonants, words in self._alike.items():
            self._alike[consonants] = sorted(words, key=lambda word: -word[2])[:_MOST_ALIKE]

    def persian(self, text: str) -> str:
        """Return a folded text with the words in Persian letters that are known, others as they are."""
        found = self._texts.get(text)
        if found is None:
            found = self._spelled(forms.folded(text.lower().translate(_MARKED)).split()[:_MOST_WORDS])
            if len(self._texts) >= _REMEMBERED_TEXTS:
                self._texts.clear()
            self._texts[text] = found
        return found

    def _spelled(self, words: list[str]) -> str:
        new, said = 0, []
        for word in words:
            known = self._words.get(word)
            if known is None and word.isascii() and not word.isdigit() and len(word) <= _LONGEST_WORD:
                new += 1
                known = self._meet(word) if new <= _MOST_NEW else None
            said.append(known or word)
        return forms.folded(" ".join(said))

    def _meet(self, word: str) -> str:
        if len(self._words) >= _REMEMBERED_WORDS:
            self._words.clear()
        spelled = _AS_TYPED.get(word) or self._likeliest(word)
        if not spelled and "c" in word.replace("ch", ""):
            spelled = self._likeliest(word.replace("ch", "c").replace("c", "ch"))
        self._words[word] = spelled or word
        return self._words[word]

    def _likeliest(self, word: str) -> str:
        consonants, gaps = _taken_apart(_DOUBLED.sub(r"\1", skeleton.without_digraphs(word)), _VOWELS, "h")
        if max(map(len, gaps)) > _LONGEST_GAP:
            return ""
        best, nearest = "", math.inf
        for written, others, frequency in self._alike.get(consonants, ()):
            distance, most = 0.0, min(_FARTHEST, nearest + frequency)
            for at, pair in enumerate(zip(gaps, others, strict=True)):
                distance += _apart(*pair, FIRST if at == 0 else LAST if at == len(consonants) else MIDDLE)
                if distance > most:
                    break
            else:
                if distance - frequency < nearest:
                    best, nearest = written, distance - frequency
        return best


def _taken_apart(word: str, vowels: str, last: str) -> tuple[str, Gaps]:
    """Return the signs of a word's consonants, and what stands before, between and after them.

    Letters of `last` at the word's end count as vowels: an h there is often left out.
    """
    consonants: list[str] = []
    gaps: list[str] = []
    gap = ""
    for at, letter in enumerate(word):
        if letter in vowels or (letter in last and 0 < at == len(word) - 1):
            gap += letter
        elif sound := skeleton.sound(letter):
            consonants.append(sound)
            gaps.append(gap)
            gap = ""
    return "".join(consonants), (*gaps, gap)


@lru_cache(maxsize=16384)
def _apart(heard: str, written: str, place: int) -> float:
    """Say how much the vowels of one gap differ: the least cost of making one the other (an edit distance)."""
    if heard == written:
        return 0.0
    for pair, one in _ONE_SOUND:
        heard = heard.replace(pair, one)
    unwritten = _UNWRITTEN[place]
    row = [0.0]
    for letter in written:
        row.append(row[-1] + _unheard(letter, place))
    for sound in heard:
        above, row = row, [row[0] + unwritten[sound]]
        for at, letter in enumerate(written):
            alike = (
                0.0 if place == FIRST and letter == "ا" and sound in "aeo" else _ALIKE.get((sound, letter), _DIFFERENT)
            )
            row.append(min(above[at] + alike, above[at + 1] + unwritten[sound], row[at] + _unheard(letter, place)))
    return row[-1]


def _unheard(letter: str, place: int) -> float:
    """Say what a written vowel costs that is not heard; ا carries another one at a word's beginning: «ای»."""
    return 0.1 if place == FIRST and letter == "ا" else _UNHEARD[letter]
