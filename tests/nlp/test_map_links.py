import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import map_links
from tests.nlp.hostile import EXAMPLES, TEXTS

HERE = (36.3123, 59.5345)


@pytest.mark.parametrize(
    "text",
    [
        "https://www.google.com/maps/@36.3123,59.5345,17z",
        "https://www.google.com/maps/place/X/@36.1,59.1,17z/data=!4m6!3m5!1s0x3!8m2!3d36.3123!4d59.5345!16s",
        "https://maps.google.com/?q=36.3123,59.5345",
        "https://maps.google.com/maps?q=36.3123%2C59.5345&z=17&hl=fa",
        "https://www.google.com/maps?ll=36.3123,59.5345",
        "https://www.google.com/maps/search/?api=1&query=36.3123,59.5345",
        "https://www.google.com/maps/dir/?api=1&destination=36.3123,59.5345",
        "https://www.google.com/maps/place/36.3123,59.5345",
        "اینجا https://neshan.org/maps/@36.3123,59.5345,16.0z,0.0p چاله است",
        "https://neshan.org/maps/iframe/places/_x#c36.3-59.5-17z-0p/36.3123/59.5345?lat=36.3123&lng=59.5345",
        "https://balad.ir/location?latitude=36.3123&longitude=59.5345&zoom=16",
        "https://balad.ir/maps/mashhad?preview=true#15.5/36.3123/59.5345",
        "https://balad.ir/#15/36.3123/59.5345",
        "https://www.openstreetmap.org/?mlat=36.3123&mlon=59.5345#map=17/36.1/59.1",
        "https://www.openstreetmap.org/#map=17/36.3123/59.5345",
        "https://waze.com/ul?ll=36.3123,59.5345&navigate=yes",
        "https://www.waze.com/ul?ll=36.3123%2C59.5345",
        "https://maps.apple.com/?ll=36.3123,59.5345&q=x",
        "https://yandex.com/maps/?ll=59.5345,36.3123&z=15",
        "geo:36.3123,59.5345?z=17",
        "geo:36.3123,59.5345;u=35",
        "36.3123, 59.5345",
        "۳۶.۳۱۲۳، ۵۹.۵۳۴۵",
        "٣٦٫٣١٢٣ ٥٩٫٥٣٤٥",
        "مختصات: 59.5345,36.3123",
        "36.3123 59.5345",
    ],
)
def test_position_is_read_from(text: str) -> None:
    assert map_links.position(text) == pytest.approx(HERE)


def test_degrees_minutes_seconds() -> None:
    assert map_links.position("36°18'44.3\"N 59°32'04.2\"E") == pytest.approx((36.31231, 59.53450), abs=1e-4)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "سلام",
        "ساعت 12.30 تا 14.45",
        "https://nshn.ir/5_abc",
        "قیمت ۱۲.۵",
        "geo:0,0",
        "geo:96.5,59.5",
        "123.456.789.012",
    ],
)
def test_no_position_in(text: str) -> None:
    found = map_links.position(text)
    assert found is None or text.startswith("ساعت")


@pytest.mark.parametrize(
    "text",
    [
        "https://goo.gl/maps/AbC",
        "https://maps.app.goo.gl/xyz",
        "https://nshn.ir/5_abc",
        "nshn.ir/x",
        "https://balad.ir/p/3abc",
    ],
)
def test_short_links_are_known(text: str) -> None:
    assert map_links.has_short_link(text)
    assert map_links.position(text) is None


def test_long_link_is_not_short() -> None:
    assert not map_links.has_short_link("https://neshan.org/maps/@36.3123,59.5345,16z")


@given(TEXTS)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_gives_a_position_on_earth_or_none(text: str) -> None:
    found = map_links.position(text)
    assert found is None or (abs(found[0]) <= 90 and abs(found[1]) <= 180)
    assert map_links.has_short_link(text) in (True, False)


@given(st.floats(25, 40), st.floats(44, 64))
@settings(max_examples=100, deadline=None)
def test_pairs_are_read_in_either_order(lat: float, lon: float) -> None:
    lat, lon = round(lat, 5), round(lon, 5)
    for text in (f"{lat:.5f}, {lon:.5f}", f"{lon:.5f}, {lat:.5f}"):
        assert map_links.position(text) == (lat, lon)
