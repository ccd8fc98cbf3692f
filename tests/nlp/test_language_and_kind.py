import pytest
from hypothesis import given, settings

from nlp.kind import kind
from nlp.language import language
from tests.nlp.hostile import EXAMPLES, TEXTS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("آشغال سر کوچه مونده", "fa"),
        ("سلام", "fa"),
        ("برق قطعه", "fa"),
        ("كوچه ي ما تاريك است", "fa"),
        ("السلام عليكم، الشارع أمام الفندق مظلم ولا يوجد ماء", "ar"),
        ("المصعد في محطة المترو لا يعمل", "ar"),
        ("گلی میں کوڑا پڑا ہے اور کوئی نہیں اٹھاتا", "ur"),
        ("The street light near my hotel is broken", "en"),
        ("salam kuche ma kheyli tarike lotfan cheragh bezarin", "finglish"),
        ("chale vasate khiaboone", "finglish"),
        ("barq raft", "finglish"),
        ("tir barq", "finglish"),
        ("bus nemiad", "finglish"),
        ("atish suzi", "finglish"),
        ("fire in the building", "en"),
        ("please clean the street", "en"),
        ("Мусор не вывозят", "other"),
        ("😀😀", "other"),
        ("", "other"),
        ("۱۲۳", "other"),
    ],
)
def test_language(text: str, expected: str) -> None:
    assert language(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "😀",
        "👍👍",
        "؟؟؟",
        "۱۲",
        "سلام",
        "سلام خوبی؟",
        "سلام وقت بخیر خسته نباشید",
        "درود بر شما",
        "ممنون",
        "دستت درد نکنه",
        "خیلی ممنون لطف کردید",
        "تو رباتی؟",
        "این ربات چیکار میکنه",
        "تست",
        "hello",
        "salam",
        "بیشعورا",
        "خاک بر سرتون",
        "باشه",
        "کسی هست؟",
    ],
)
def test_asks_for_nothing(text: str) -> None:
    assert kind(text) == "none"


@pytest.mark.parametrize(
    "text",
    [
        "سلام آشغال سر کوچه مونده",
        "برق قطعه",
        "چاله",
        "سلام خسته نباشید کوچه ما تاریکه ممنون",
        "بیشعورا سه روزه آب نداریم",
        "پیشنهاد میکنم دوچرخه بذارید",
        "کمک",
        "دزد",
        "آشغال",
        "پاکبان محله عالیه دستش درد نکنه",
        "khiaboon tarike",
        "شماره منطقه ۹ چنده",
    ],
)
def test_asks_for_something(text: str) -> None:
    assert kind(text) == "request"


@given(TEXTS)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_has_a_kind_and_a_language(text: str) -> None:
    assert kind(text) in ("request", "none")
    assert language(text) in ("fa", "ar", "ur", "en", "finglish", "other")
