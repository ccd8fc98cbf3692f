"""Marks in text: the rules and words of the real server."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from simulator.hypertext import read_html
from simulator.markdown import read_markdown
from simulator.markup import entities_in, read_bale, utf16_length
from simulator.refusals import Refused


def spans(text: str, entities: list[dict[str, Any]]) -> list[tuple[str, str]]:
    units = text.encode("utf-16-le")
    return [
        (one["type"], units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le"))
        for one in entities
    ]


@pytest.mark.parametrize(
    ("source", "text", "marks"),
    [
        ("سلام", "سلام", []),
        ("<b>سلام</b> 😀 <i>شهر</i>", "سلام 😀 شهر", [("bold", "سلام"), ("italic", "شهر")]),
        ("<b>یک <i>دو</i></b>", "یک دو", [("bold", "یک دو"), ("italic", "دو")]),
        ("&lt;b&gt; &amp; &quot;&#1587;&quot; &nbsp;", '<b> & "س" &nbsp;', []),
        ('<a href="https://t.me/x?a=1&amp;b=2">اینجا</a>', "اینجا", [("text_link", "اینجا")]),
        ('<span class="tg-spoiler">راز</span>', "راز", [("spoiler", "راز")]),
        ("<blockquote expandable>بلند</blockquote>", "بلند", [("expandable_blockquote", "بلند")]),
        ("  <b> یک </b>\n", "یک", [("bold", "یک")]),
        ("<b></b>خالی", "خالی", []),
        ("5 > 3 & 2", "5 > 3 & 2", []),
        ("&#" + "1" * 5000, "&#" + "1" * 5000, []),
        ('<tg-time unix="0">هیچ</tg-time>', "هیچ", []),
        (
            '<a href="tg:resolve?domain=x">a</a> <a href="http://[::1]/">b</a>',
            "a b",
            [("text_link", "a"), ("text_link", "b")],
        ),
        ("a&ltb &gt &#65 &#1234567890; &apos;", "a&ltb > A &#1234567890; &apos;", []),
        ("<B >یک</ >", "یک", [("bold", "یک")]),
        ("<a>example.org</a> <a>نشانی</a>", "example.org نشانی", [("text_link", "example.org")]),
        ('<a href="http://localhost/a">x</a>', "x", []),
        ('<a href="tg://user?id=1001">مریم</a>', "مریم", [("text_mention", "مریم")]),
        ("<pre><code>x</code></pre>", "x", [("pre", "x"), ("code", "x")]),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", "x")]),
        ("<i><b>x</b></i>", "x", [("bold", "x"), ("italic", "x")]),
    ],
)
def test_html_is_read(source: str, text: str, marks: list[tuple[str, str]]) -> None:
    read, entities = read_html(source)
    assert read == text
    assert spans(read, entities) == marks


def test_links_keep_their_address() -> None:
    assert read_html('<a href="https://a.b/?x=1&amp;y=2">a</a>')[1][0]["url"] == "https://a.b/?x=1&y=2"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>باز", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<div>x</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("سلام <p>", 'Unsupported start tag "p" at byte offset 9'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("3 < 5", 'Unsupported start tag "" at byte offset 2'),
        ("3 <5", "Unclosed start tag at byte offset 2"),
        ("شهر <b ", 'Empty attribute name in the tag "b" at byte offset 7'),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<b x>y</b>", 'Expected equal sign in declaration of an attribute of the tag "b" at byte offset 0'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href= ", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<a href=a.b/c>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("x</", "Unexpected end tag at byte offset 1"),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
        (f'<tg-emoji emoji-id="{"1" * 5000}">y</tg-emoji>', "Invalid custom emoji identifier specified"),
        ('<tg-emoji emoji-id="۵">y</tg-emoji>', "Invalid custom emoji identifier specified"),
        ('<tg-time unix="5" format="x">y</tg-time>', "Invalid date format used"),
        (
            '<a href="https://a.b/&#xd800;">y</a>',
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
        ),
        (
            "&#xD83D;&#xDE00;",
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
        ),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_html_is_refused_with_the_servers_words(source: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        read_html(source)
    assert refused.value.answer("telegram")[1]["description"] == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("source", "text", "marks"),
    [
        ("*پهن* _کج_ __زیر__ ~خط~", "پهن کج زیر خط", ["bold", "italic", "underline", "strikethrough"]),
        (r"تمام\.", "تمام.", []),
        ("[اینجا](https://a.b/c)", "اینجا", ["text_link"]),
        ("`کد` ||راز||", "کد راز", ["code", "spoiler"]),
        ("_یک __دو___", "یک دو", ["italic", "underline"]),
        ("```py\nx = 1```", "x = 1", ["pre"]),
        ("```\na\\`b_c```", "a`b_c", ["pre"]),
        ("[a\\.ir]", "a.ir", ["text_link"]),
        ("[x](https://a.b/\\))", "x", ["text_link"]),
        ("[x](nowhere)", "x", []),
        ("![👍](tg://emoji?id=5)", "👍", ["custom_emoji"]),
        ("[مریم](tg://user?id=1001)", "مریم", ["text_mention"]),
    ],
)
def test_markdown_is_read(source: str, text: str, marks: list[str]) -> None:
    read, entities = read_markdown(source)
    assert (read, [one["type"] for one in entities]) == (text, marks)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("تمام.", "Character '.' is reserved and must be escaped"),
        ("*باز", "Can't find end of Bold entity"),
        ("`باز", "Can't find end of Code entity"),
        ("a - b", "Character '-' is reserved"),
        ("شهر *a _b_", "Can't find end of Bold entity at byte offset 7"),
        ("```a b", "Can't find end of PreCode entity at byte offset 0"),
        ("```a", "Can't find end of Pre entity at byte offset 0"),
        ("[x](a\\)", "Can't find end of a URL at byte offset 4"),
        ("![x]", "The entity must contain a tg://emoji or tg://time URL"),
        ("![x](tg://emoji?id=a)", "Invalid tg://emoji or tg://time URL specified"),
        (f"![x](tg://emoji?id={'1' * 5000})", "Invalid tg://emoji or tg://time URL specified"),
        ("![x](tg://time?format=wDT)", "Invalid tg://emoji or tg://time URL specified"),
        ("![x](tg://time?unix=5&format=x)", "Invalid tg://emoji or tg://time URL specified"),
    ],
)
def test_bad_markdown_is_refused(source: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        read_markdown(source)
    assert words in refused.value.answer("telegram")[1]["description"]


@pytest.mark.parametrize(
    ("source", "text", "marks"),
    [
        ("کد *۴۸۲۱* است", "کد ۴۸۲۱ است", [("bold", "۴۸۲۱")]),
        ("_کج_", "کج", [("italic", "کج")]),
        ("چسبیده*نه*است", "چسبیده*نه*است", []),
        ("[نقشه](https://neshan.org/x)", "نقشه", [("text_link", "نقشه")]),
        ("file_name_here", "file_name_here", []),
    ],
)
def test_bale_clients_show_their_own_markdown(source: str, text: str, marks: list[tuple[str, str]]) -> None:
    read, entities = read_bale(source)
    assert read == text
    assert spans(read, entities) == marks


def test_the_server_marks_commands_links_and_mentions() -> None:
    text = "😀 /start@city_bot abc @hosein https://neshan.org/a?b=1 a/b"
    assert spans(text, entities_in(text)) == [
        ("bot_command", "/start@city_bot"),
        ("mention", "@hosein"),
        ("url", "https://neshan.org/a?b=1"),
    ]


def test_length_is_counted_in_utf16_units() -> None:
    assert [utf16_length(one) for one in ("abc", "سلام", "😀", "می‌روم")] == [3, 4, 2, 6]


@pytest.mark.parametrize(
    ("read", "source"),
    [
        (read_html, '<tg-time unix="1647531900" format="WDTd">x</tg-time>'),
        (read_markdown, "![x](tg://time?unix=1647531900&format=WDTd)"),
    ],
)
def test_a_time_is_read(read: Callable[[str], tuple[str, list[dict[str, Any]]]], source: str) -> None:
    shown = {"type": "date_time", "offset": 0, "length": 1, "unix_time": 1647531900, "date_time_format": "wdT"}
    assert read(source) == ("x", [shown])


@pytest.mark.parametrize(
    ("read", "source"),
    [
        (read_html, "<a>" * 3800 + "&" * 6000 + "</>" * 3800),
        (read_markdown, "[" * 7500 + "x" * 17768 + "]" * 7500),
    ],
)
def test_links_in_links_do_not_hold_up_the_server(read: Callable[[str], object], source: str) -> None:
    began = time.process_time()
    read(source)
    assert time.process_time() - began < 0.5
