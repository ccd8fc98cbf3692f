"""Texts that people and machines send to break things."""

import os

from hypothesis import strategies as st

EXAMPLES = 1_430 if os.environ.get("CI") == "true" else 43
"""Texts for each of the seven properties that read any text: 10,000 in all where CI is "true", else 300."""

_ALPHABET = st.one_of(
    st.characters(),
    st.sampled_from(
        "سلامکیةكيىئأۀـًٌَّ09۱۲٣٤@.:/#?=&!،؛؟()[]<>*_`'\"abcXYZ😀🇮🇷\u200c\u200d\u200e\u200f\u202e\u2066\ufeff\x00\r\n\t "
    ),
)

TEXTS = st.one_of(
    st.text(_ALPHABET, max_size=400),
    st.lists(
        st.sampled_from(
            [
                "سلام",
                "چاله",
                "بلوار",
                "معلم",
                "۱۲",
                "منطقه",
                "نه",
                "کوچه",
                "می",
                "ها",
                "https://",
                "geo:",
                "36.3,",
                "59.5",
                "!3d",
                "@",
                "0915",
                "IR",
                "🔥",
                "\u202e",
                "\ud800",
                "گاز",
                "chah",
                "baz",
            ]
        ),
        max_size=200,
    ).map(" ".join),
    st.tuples(st.text(_ALPHABET, min_size=1, max_size=4), st.integers(1, 4096)).map(
        lambda pair: (pair[0] * pair[1])[:4096]
    ),
)

_LETTERS = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"

WORST = {
    "no space": "ا" * 4096,
    "words": "سلام خوبی " * 409,
    "mi": "می شود " * 585,
    "half spaces": "ا\u200c" * 2048,
    "diacritics": "اًٌٍَُِّْ" * 455,
    "ligatures": "ﷺ" * 4096,
    "emoji": "😀" * 4096,
    "spaced emoji": "😀 " * 2048,
    "digits": "1234567890" * 409,
    "spaced digits": "1 " * 2048,
    "decimals": "1.1 " * 1024,
    "hosts": "a.b/" * 1024,
    "mails": "a@" * 2048,
    "signs": '("' * 2048,
    "lines": "\n" * 4096,
    "bidi": "\u202eا" * 2048,
    "links": "google.com/maps/" * 256,
    "roads": "کوچه بلوار " * 372,
    "beside": "روبه روی " * 455,
    "letters and digits": "a1" * 2048,
    "finglish": "chah dozd ab " * 315,
    "danger words": "بچه سیم دیوار اب گاز " * 195,
    "words nobody knows": " ".join(
        "".join(_LETTERS[(place * step + step) % len(_LETTERS)] for place in range(4 + step % 6))
        for step in range(1, 400)
    ),
}
