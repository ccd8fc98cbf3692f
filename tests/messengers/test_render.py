"""Rich text in each messenger's marks: nobody's own words can become a mark, nothing is lost, nothing is too long."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messengers import render
from bot.messengers.record import BALE, MESSENGERS, TELEGRAM, Messenger
from domain.richtext import escape, plain, utf16_length
from tests.messengers.bale_marks import anything_like_a_mark, marks, without

LETTERS = st.text(st.sampled_from("ab ۱۲چاله*_[]()`\\<>&\"'!~#\n\u200c😀é") | st.characters(exclude_categories=["Cs"]))
LINK = "https://neshan.org/maps/@36.29,59.60,17z_a(b)"


def shows(words: str) -> bool:
    """Say whether a reader sees anything: messengers refuse a message that shows nothing."""
    return any(letter.isprintable() and not letter.isspace() for letter in words)


def one(rich: str, messenger: Messenger) -> str:
    return "".join(render.pieces(rich, messenger, 4096))


class Reader(HTMLParser):
    """Reads Telegram's HTML; tags must balance."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.open, self.tags = "", list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


RICH = st.lists(
    st.tuples(
        st.sampled_from(["{}", "<b>{}</b>", "<i>{}</i>", "<code>{}</code>", f'<a href="{LINK}">{{}}</a>']), LETTERS
    ),
    max_size=6,
).map(lambda runs: "".join(mark.format(escape(words)) for mark, words in runs))

# --- Telegram ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rich", "html"),
    [
        ("<b>کد</b> ۴۸۲", "<b>کد</b> ۴۸۲"),
        ("<b>یک <i>دو</i></b>", "<b>یک </b><b><i>دو</i></b>"),
        ("<b><code>۴۸۲</code></b>", "<code>۴۸۲</code>"),
        ('<a href="https://x.ir/?a=1&amp;b=&quot;">نقشه</a>', '<a href="https://x.ir/?a=1&amp;b=&quot;">نقشه</a>'),
        ('<a href="javascript:x">بد</a>', "بد"),
        ("&lt;b&gt; &amp; &quot;", '&lt;b&gt; &amp; "'),
    ],
)
def test_telegram_gets_html(rich: str, html: str) -> None:
    assert one(rich, TELEGRAM) == html


@given(LETTERS)
def test_no_words_become_tags_in_telegram(words: str) -> None:
    reader = read("".join(render.pieces(escape(words), TELEGRAM, 10**6)))
    assert reader.tags == []
    assert reader.text == (words if shows(words) else "")


@given(RICH)
def test_telegram_html_says_the_same_text_and_balances(rich: str) -> None:
    text = plain(rich)
    assert read("".join(render.pieces(rich, TELEGRAM, 10**6))).text == (text if shows(text) else "")


# --- Bale -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rich", "marked"),
    [
        ("<b>کد پیگیری:</b> ۴۸۲۱۷۳", "*کد پیگیری:* ۴۸۲۱۷۳"),
        ("کد <code>۴۸۲-۱۷۳</code>.", "کد ۴۸۲-۱۷۳."),
        ("«<b>در جریان</b>»", "«در جریان»"),
        ("<b>یک</b> <i>دو</i>", "*یک* _دو_"),
        ("<b>یک</b><i>دو</i>", "یکدو"),
        ("<b> با فاصله </b>تمام", " *با فاصله* تمام"),
        ("<b>سطر یک\nسطر دو</b>", "*سطر یک*\n*سطر دو*"),
        ("<b><i>هر دو</i></b>", "*هر دو*"),
        ("<b>۲*۳ و [این]</b>", "*۲∗۳ و (این)*"),
        ('(<a href="https://x.ir/a_b">نقشه</a>)', "( [نقشه](https://x.ir/a_b) )"),
        ('<a href="https://x.ir/(a)*">نقشه</a>\nبعد', "[نقشه](https://x.ir/%28a%29%2A)\nبعد"),
        ("2*3 و my_name", "2*3 و my_name"),
        ("*مهم* و _کج_ و `کد`", "∗مهم∗ و ‗کج‗ و 'کد'"),
        ("[سایت](http://bad.ir)", "(سایت)(http://bad.ir)"),
        ("ببینید https://x.ir/_a_/[b]*", "ببینید https://x.ir/%5Fa%5F/%5Bb%5D%2A"),
        ("@reza_ahmadi نوشت", "@reza_ahmadi نوشت"),
    ],
)
def test_bale_gets_its_marks(rich: str, marked: str) -> None:
    assert one(rich, BALE) == marked


@given(LETTERS)
def test_no_words_become_marks_in_bale(words: str) -> None:
    written = "".join(render.pieces(escape(words), BALE, 10**6))
    assert anything_like_a_mark(written) == []
    assert marks(written) == []


@given(LETTERS, LETTERS)
def test_words_beside_our_marks_do_not_disturb_them(before: str, after: str) -> None:
    written = "".join(render.pieces(f"{escape(before)} <b>کد</b> {escape(after)}", BALE, 10**6))
    assert marks(written) == [("bold", "کد")]


@given(RICH)
def test_every_mark_in_bale_stands_where_it_is_read(rich: str) -> None:
    written = "".join(render.pieces(rich, BALE, 10**6))
    rest = without(written)
    assert marks(rest) == []
    assert anything_like_a_mark(rest) == []


@given(LETTERS)
def test_nothing_invisible_is_added(words: str) -> None:
    written = "".join(render.pieces(escape(words), BALE, 10**6))
    kept = [letter for letter in words if not letter.isprintable()] if shows(words) else []
    assert [letter for letter in written if not letter.isprintable()] == kept


# --- length -----------------------------------------------------------------------------------------------------


@given(RICH, st.integers(16, 120), st.sampled_from(sorted(MESSENGERS)))
def test_pieces_fit_and_lose_no_words(rich: str, limit: int, name: str) -> None:
    messenger = MESSENGERS[name]
    short = rich.replace(LINK, "https://x.ir")
    pieces = render.pieces(short, messenger, limit)
    for piece in pieces:
        assert utf16_length(piece if messenger.counts_marks else read(piece).text) <= limit
    if name == "telegram":
        said = "".join(read(piece).text for piece in pieces)
        assert "".join(filter(shows, said)) == "".join(filter(shows, plain(rich)))


@given(RICH, st.integers(16, 60), st.sampled_from(sorted(MESSENGERS)))
def test_clipped_text_fits(rich: str, limit: int, name: str) -> None:
    messenger = MESSENGERS[name]
    written = render.clipped(rich.replace(LINK, "https://x.ir"), messenger, limit)
    assert utf16_length(written if messenger.counts_marks else read(written).text) <= limit


def test_long_texts_part_at_line_ends_with_marks_on_both_sides() -> None:
    line = "هر سطر این متن پنجاه حرف ندارد اما چیزی نزدیک آن است"
    pieces = render.pieces("<b>" + "\n".join([line] * 200) + "</b>", TELEGRAM, 4096)
    assert len(pieces) == 3
    assert all(piece.startswith(f"<b>{line}") and piece.endswith(f"{line}</b>") for piece in pieces)


def test_4096_letters_without_a_space_pass_whole_and_one_more_makes_two() -> None:
    assert render.pieces("ا" * 4096, TELEGRAM, 4096) == ["ا" * 4096]
    assert [len(piece) for piece in render.pieces("ا" * 4097, TELEGRAM, 4096)] == [4096, 1]


def test_emoji_count_twice_and_are_not_torn() -> None:
    family = "👨\u200d👩\u200d👧"
    pieces = render.pieces(family * 1000, TELEGRAM, 4096)
    assert "".join(pieces) == family * 1000
    assert all(piece.startswith("👨") and piece.endswith("👧") for piece in pieces)


def test_broken_tags_are_said_plainly_rather_than_not_at_all() -> None:
    assert one("<b>کد <u>۴۸۲</u> &amp; تمام", TELEGRAM) == "کد ۴۸۲ &amp; تمام"
    assert one("<b>کد <u>۴۸۲</u> &amp; تمام", BALE) == "کد ۴۸۲ & تمام"


@pytest.mark.parametrize("rich", ["", "  \n", "<b></b>"])
def test_a_text_that_shows_nothing_is_no_message(rich: str) -> None:
    assert render.pieces(rich, TELEGRAM, 4096) == []


def test_a_mention_stays_where_the_messenger_has_them_and_is_a_plain_name_elsewhere() -> None:
    said = '<a href="tg://user?id=137">رضایی</a>: <a href="https://example.org/">نقشه</a>'
    without_link = 'رضایی: <a href="https://example.org/">نقشه</a>'
    assert render.pieces(said, TELEGRAM, 4096) == [said]
    assert render.pieces(said, replace(TELEGRAM, mentions=False), 4096) == [without_link]
    assert render.pieces(said, BALE, 4096) == ["رضایی: [نقشه](https://example.org/)"]
