from itertools import pairwise

import pytest
from hypothesis import given, settings

from nlp.places import Gazetteer, Mention, PlaceName
from tests.nlp.hostile import EXAMPLES, TEXTS

NAMES = [
    PlaceName("سجاد", "1", 36.318, 59.562),
    PlaceName("احمدآباد", "1"),
    PlaceName("مهدی‌آباد", "3"),
    PlaceName("مهدی‌آباد", "4"),
    PlaceName("شهرک شهید رجایی", "6"),
    PlaceName("سلام", "8"),
    PlaceName("شریعتی", kind="street"),
    PlaceName("قاسم‌آباد", kind="street"),
    PlaceName("باهنر", kind="street"),
    PlaceName("سجاد", kind="street"),  # a neighbourhood of that name is known better
]
GAZETTEER = Gazetteer(NAMES)


def best(text: str) -> Mention | None:
    return next(iter(GAZETTEER.find(text)), None)


@pytest.mark.parametrize(
    ("text", "address", "district"),
    [
        ("آشغال مونده سجاد ۱۲", "سجاد ۱۲", "1"),
        ("سجاد۱۲ تاریکه", "سجاد۱۲", "1"),
        ("چاله داخل بلوار سجاد، سجاد ۱۲ پلاک ۵ است", "داخل بلوار سجاد، سجاد ۱۲ پلاک ۵", "1"),
        ("خیابان احمد آباد روبه‌روی مسجد چراغ ندارد", "خیابان احمد آباد روبه‌روی مسجد", "1"),
        ("مهدی‌آباد آب نداریم", "مهدی‌آباد", None),
        ("مهدی آباد منطقه ۴ آب نداریم", "مهدی آباد منطقه ۴", "4"),
        ("بلوار معلم ۱۸ چاله دارد", "بلوار معلم ۱۸", None),
        ("کوچه‌ی شهید رضایی تاریک است", "کوچه‌ی شهید رضایی", None),
        ("شهرك شهيد رجايي جوي گرفته", "شهرك شهيد رجايي", "6"),
        ("جنب پمپ بنزین زباله ریخته", "جنب پمپ بنزین", None),
        ("منطقهٔ نه", "منطقهٔ نه", "9"),
        ("توی منطقه ۱۲ سگ زیاد است", "منطقه ۱۲", "12"),
        ("منطقه ثامن", "منطقه ثامن", "ثامن"),
        ("شریعتی ۲۴ برق نداریم", "شریعتی ۲۴", None),
        ("قاسم‌آباد شریعتی ۲۴ پلاک ۱۲ آب قطع است", "قاسم‌آباد شریعتی ۲۴ پلاک ۱۲", None),
        ("شهید باهنر ۱۲ تاریکه", "شهید باهنر ۱۲", None),
        ("زباله ریختن بین شفیعی ۳ و ۵", "بین شفیعی ۳ و ۵", None),
        ("هر شب صدا می‌آید، گلدیس ۱۰", "گلدیس ۱۰", None),
        ("گلدیس ۱۰ پلاک ۴ صدا دارد", "گلدیس ۱۰ پلاک ۴", None),
        ("انتهای خیابان دانش‌آموز جوی گرفته", "انتهای خیابان دانش‌آموز", None),
        ("انتهای خیابان گلها ۱۲/۳ لوله ترکیده", "انتهای خیابان گلها ۱۲/۳", None),
    ],
)
def test_the_best_place(text: str, address: str, district: str | None) -> None:
    found = best(text)
    assert found is not None
    assert (found.address, found.district) == (address, district)


@pytest.mark.parametrize(
    "text",
    [
        "سلام",
        "آقای شریعتی گفت",
        "شریعتی ۳ روزه نیامده",
        "گرفتم: ۲۲",
        "سرعت ۸۰",
        "شاخص ۱۸۰",
        "ترازو ۲.۵ کم دارد",
        "زنگ زدم ۱۲۵",
        "سلام ۳ روزه آب نداریم",
        "کوچه ما تاریک است",
        "چرا کسی نمی‌آید",
        "منطقه ما",
        "",
    ],
)
def test_common_words_are_no_place(text: str) -> None:
    assert GAZETTEER.find(text) == []


def test_a_common_word_is_a_place_after_a_road() -> None:
    assert GAZETTEER.find("خیابان سلام تاریک است")[0].district == "8"


def test_what_is_counted_is_no_alley() -> None:
    assert GAZETTEER.find("سجاد ۳ روزه برق ندارد")[0].address == "سجاد"


def test_a_point_only_when_the_name_is_one_place() -> None:
    sole, twice = GAZETTEER.find("سجاد ۱۲")[0], GAZETTEER.find("مهدی‌آباد")[0]
    assert (sole.lat, sole.lon) == (36.318, 59.562)
    assert (twice.lat, twice.lon) == (None, None)


@given(TEXTS)
@settings(max_examples=EXAMPLES, deadline=None)
def test_spans_lie_in_the_text_and_apart(text: str) -> None:
    mentions = sorted(GAZETTEER.find(text), key=lambda found: found.start)
    for found in mentions:
        assert 0 <= found.start < found.end <= len(text)
        assert found.address == " ".join(text[found.start : found.end].split())
    assert all(one.end <= other.start for one, other in pairwise(mentions))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("بلوار خلیج فارس شب‌ها تاریک است", "بلوار خلیج فارس"),
        ("در بزرگراه آیت الله هاشمی اتوبوس نیست", "بزرگراه آیت الله هاشمی"),
        ("کنار خیابان طالقانی رسیدگی کنید", "کنار خیابان طالقانی"),
    ],
)
def test_a_name_is_as_long_as_its_words_ask(text: str, address: str) -> None:
    assert GAZETTEER.find(text)[0].address == address


@pytest.mark.parametrize(
    "text", ["این بولوار هنوز آسفالت نشده", "در این میدان هیچ روشنایی نیست", "فاضلاب در خیابان جاری است"]
)
def test_everyday_words_after_a_road_are_no_name(text: str) -> None:
    assert GAZETTEER.find(text) == []
