"""Neutral rich text: people's words never become marks, and nothing is lost on the way."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import richtext
from domain.richtext import Span

# XML-like parsers fold CR; messengers never deliver it.
_SURROGATES: Literal["Cs"] = "Cs"
WORDS = st.text(st.characters(exclude_categories=[_SURROGATES], exclude_characters="\r\x00"), max_size=300)


@given(WORDS)
def test_escaped_words_come_back_as_they_were(words: str) -> None:
    assert richtext.plain(richtext.escape(words)) == words
    assert all(span == Span(span.text) for span in richtext.spans(richtext.escape(words)))


@given(WORDS, WORDS)
def test_marks_reach_exactly_the_words_between_them(inside: str, outside: str) -> None:
    rich = f"<b>{richtext.escape(inside)}</b>{richtext.escape(outside)}"
    bold = "".join(span.text for span in richtext.spans(rich) if span.bold)
    assert (bold, richtext.plain(rich)) == (inside, inside + outside)


@given(WORDS, st.integers(2, 80))
def test_clipped_words_fit_and_begin_as_before(words: str, units: int) -> None:
    short = richtext.clipped(words, units)
    assert richtext.utf16_length(short) <= units
    assert words.startswith(short) or words.startswith(short.removesuffix("…"))


def test_links_and_nested_marks() -> None:
    spans = richtext.spans('<a href="https://x.ir/?a=1&amp;b=2">نقشه <b>۱</b></a>')
    assert spans == [
        Span("نقشه ", link="https://x.ir/?a=1&b=2"),
        Span("۱", bold=True, link="https://x.ir/?a=1&b=2"),
    ]


@pytest.mark.parametrize("rich", ["<u>x</u>", "<b>x", "x</b>", "<b><i>x</b></i>", "<img src=x>"])
def test_bad_markup_is_told(rich: str) -> None:
    with pytest.raises(richtext.BadMarkup):
        richtext.spans(rich)


def test_length_is_counted_as_the_messengers_do() -> None:
    assert richtext.utf16_length("سلام😀") == 6
