import pytest

from domain import tracking
from tests.play import matching, script

_TEXT = """# Three actions
@flavour bale
@staff رضایی official waste-1
@group پسماند unit=waste-1 members=رضایی
مریم> آشغال سر کوچه
  سه روزه مونده
مریم< جمع نشدن زباله … کجاست
  [📍 ارسال موقعیت] -[ثبت]
رضایی@پسماند> [می‌پذیرم]
⏰ +3h
"""


def test_a_script_is_read_into_cast_and_lines() -> None:
    read = script.read("three", _TEXT)
    assert (read.title, read.flavours) == ("Three actions", ("bale",))
    assert [(part.kind, part.name, part.words) for part in read.cast] == [
        ("staff", "رضایی", ("official", "waste-1")),
        ("group", "پسماند", ()),
    ]
    assert read.cast[1].options == {"unit": "waste-1", "members": "رضایی"}
    assert [(line.who, line.where, line.op) for line in read.lines] == [
        ("مریم", "", ">"),
        ("مریم", "", "<"),
        ("رضایی", "پسماند", ">"),
        ("", "", "⏰"),
    ]
    assert script.unescaped(read.lines[0].rest) == "آشغال سر کوچه\nسه روزه مونده"


def test_a_line_out_of_the_format_is_told_with_its_number() -> None:
    with pytest.raises(script.BadScript, match="line 2"):
        script.read("bad", "مریم> سلام\nهیچ\n")


def test_escapes_make_what_a_keyboard_cannot() -> None:
    assert script.unescaped(r"الف\u202eب{3×ا}\nج") == "الف\u202eب" + "ا" * 3 + "\nج"


def test_expectations_are_words_in_order_and_buttons() -> None:
    wanted = matching.expected("📷×2 کد {code} … پایان [بله] -[نه]")
    assert (wanted.kind, wanted.count, wanted.buttons, wanted.absent) == ("photo", 2, ("بله",), ("نه",))
    said = "ثبت شد. کد: ۱۲۳۴۵۶۱ و\nبعد پایان"
    code = next(c for c in (f"123456{d}" for d in range(10)) if tracking.is_code(c))
    names = matching.found_in("کد: {code} … پایان", said.replace("۱۲۳۴۵۶۱", code), {})
    assert names == {"code": code}
    assert matching.found_in("پایان … کد", said, {}) is None
    assert matching.found_in("کد: {code}", "کد: ۱۲۳۴۵۶۷", {"code": "7654321"}) is None


def test_a_name_is_said_again_in_other_digits() -> None:
    known = {"code": "4821735"}
    assert matching.filled("وضعیت {code:fa}", known) == "وضعیت ۴۸۲۱۷۳۵"
    assert matching.filled("{code:spaced}", known) == "482 17-35"
    assert matching.filled("{code:wrong}", known) == "4821736"


def test_an_emoji_beside_a_label_need_not_be_written() -> None:
    labels = ["📍 ارسال موقعیت", "ثبت"]
    assert matching.label_found("ارسال موقعیت", labels) == "📍 ارسال موقعیت"
    assert matching.label_found("ارسال…", labels) == "📍 ارسال موقعیت"
    assert matching.label_found("ارسال", labels) is None
