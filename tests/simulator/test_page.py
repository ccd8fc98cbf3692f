"""The chat page in Chromium: loads without a word in the console, and does what people do."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from simulator.config import Config, config_from
from simulator.server import Simulator
from tests import requirements_of_tests
from tests.simulator.conftest import Client

pytestmark = pytest.mark.browser
SQUARE = [[59.4, 36.2], [59.8, 36.2], [59.8, 36.4], [59.4, 36.4], [59.4, 36.2]]
CITY = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "منطقهٔ ۱"},
            "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
        }
    ],
}
KEYS = {"keyboard": [[{"text": "ارسال موقعیت", "request_location": True}, {"text": "راهنما"}]]}


def town(folder: Path) -> Config:
    city = folder / "city.geojson"
    city.write_text(json.dumps(CITY), encoding="utf-8")
    who = {"first_name": "مریم", "phone": "98915", "column": "citizen", "role": "شهروند"}
    return config_from(
        {
            "map": str(city),
            "bots": [
                {"token": "137:aa", "flavour": "telegram", "username": "city_bot", "name": "شهر"},
                {"token": "137:cc", "flavour": "bale", "username": "city", "name": "شهر"},
            ],
            "people": [
                {"id": 1001, "flavour": "telegram", **who},
                {"id": 1203344551, "flavour": "bale", **who},
                {"id": 2001, "flavour": "telegram", "first_name": "حسین", "role": "کارشناس", "column": "official"},
            ],
            "groups": [
                {"id": -100137, "flavour": "telegram", "title": "پسماند", "members": [2001], "bots": ["city_bot"]}
            ],
        }
    )


expect.set_options(timeout=20_000)  # a busy machine draws a page late


@pytest.fixture
async def sim(tmp_path: Path) -> AsyncIterator[Simulator]:
    async with Simulator(town(tmp_path)) as running:
        yield running


@pytest.fixture
async def page(sim: Simulator) -> AsyncIterator[Page]:
    noise: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(requirements_of_tests.chromium()), args=["--no-sandbox"]
        )
        page = await browser.new_page(viewport={"width": 1440, "height": 860})
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on(
            "requestfailed", lambda request: noise.append(request.url) if "/sim/events" not in request.url else None
        )
        page.on(
            "request", lambda request: None if request.url.startswith((sim.url, "blob:")) else noise.append(request.url)
        )
        await page.goto(sim.url)
        await expect(page.locator(".column")).to_have_count(3)
        yield page
        await browser.close()
    assert noise == []


def elsewhere(url: str, home: str) -> list[str]:
    """The address where it is not the simulator's own."""
    return [] if url.startswith((home, "blob:")) else [url]


def column(page: Page, number: int) -> Locator:
    return page.locator(".column").nth(number)


_DRAWN_SLOWLY = """() => {
  const plain = HTMLCanvasElement.prototype.toBlob;
  HTMLCanvasElement.prototype.toBlob = function (...given) { setTimeout(() => plain.apply(this, given), 500); };
}"""


async def test_a_conversation(page: Page, sim: Simulator, client: Client) -> None:
    citizen = column(page, 0)
    await citizen.get_by_role("button", name="شروع", exact=True).click()
    await expect(citizen.locator(".mine .words")).to_have_text("/start")
    await client.ok(
        "sendMessage", chat_id=1001, text="<b>سلام</b>، <i>خوش آمدید</i>", parse_mode="HTML", reply_markup=KEYS
    )
    await expect(citizen.locator(".theirs strong")).to_have_text("سلام")
    await page.evaluate(_DRAWN_SLOWLY)
    await citizen.get_by_label("پیوست").click()
    await page.get_by_role("menuitem", name="عکس نمونه: زباله").click()
    await citizen.locator("textarea").fill("آشغال سر کوچه")
    await citizen.locator("textarea").press("Enter")
    await citizen.locator("textarea").press("Enter")
    await expect(citizen.locator("button.photo img")).to_be_visible()
    photo = sim.person(1001).messages()[-1]
    assert (photo.kind, photo.text) == ("photo", "آشغال سر کوچه")
    assert [one.text for one in sim.person(1001).messages()].count("آشغال سر کوچه") == 1
    await citizen.locator("button.photo").click()
    await expect(page.locator("#photo-dialog img")).to_be_visible()
    await page.keyboard.press("Escape")
    await citizen.get_by_role("button", name="ارسال موقعیت").click()
    await expect(page.locator("#map-where")).to_contain_text("منطقهٔ ۱")
    await page.get_by_role("button", name="ارسال این نقطه").click()
    await expect(citizen.locator(".place b")).to_have_text("منطقهٔ ۱")
    assert sim.person(1001).messages()[-1].location == pytest.approx((36.3, 59.6), abs=0.01)


async def test_buttons_spin_and_answers_pop_up(page: Page, sim: Simulator, client: Client) -> None:
    await sim.person(2001).write("/desk", chat=-100137)
    rows = {"inline_keyboard": [[{"text": "می‌پذیرم", "callback_data": "take"}]]}
    card = await client.ok("sendMessage", chat_id=-100137, text="کارت ۴۸۲", reply_markup=rows)
    group = column(page, 2)
    button = group.get_by_role("button", name="می‌پذیرم")
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    query = (await client.updates())[-1]["callback_query"]["id"]
    await client.ok("answerCallbackQuery", callback_query_id=query, text="به نام شما شد")
    await expect(group.locator(".toast")).to_have_text("به نام شما شد")
    await client.ok("editMessageText", chat_id=-100137, message_id=card["message_id"], text="در دست حسین")
    await expect(group.locator(".theirs .words")).to_have_text("در دست حسین")
    await expect(group.locator(".edited")).to_have_text("ویرایش‌شده")
    await expect(button).to_have_count(0)


async def test_links_open_inside_for_whoever_presses_them(page: Page, sim: Simulator, client: Client) -> None:
    await sim.person(1001).start()
    await client.ok("sendMessage", chat_id=1001, text="دعوت: https://t.me/city_bot?start=inv-7 و https://neshan.org/a")
    citizen = column(page, 0)
    await expect(citizen.locator('a[href="https://neshan.org/a"]')).to_have_attribute("rel", re.compile("noopener"))
    await citizen.get_by_text("https://t.me/city_bot?start=inv-7").click()
    await expect(citizen.locator(".mine .words").last).to_have_text("/start inv-7")
    await citizen.locator(".theirs").hover()
    await citizen.locator(".theirs .more").click()
    await page.get_by_role("menuitem", name="باز کردن پیوند به‌جای حسین").click()
    await expect(column(page, 1).locator(".mine .words")).to_have_text("/start inv-7")


async def test_messenger_switch_and_reset(page: Page, sim: Simulator, client: Client) -> None:
    citizen = column(page, 0)
    await citizen.get_by_role("radio", name="بله").click()
    await citizen.get_by_role("button", name="شروع", exact=True).click()
    await client.ok("sendMessage", "137:cc", chat_id=1203344551, text="سلام از *بله*")
    await expect(citizen.locator(".theirs strong")).to_have_text("بله")
    await page.locator("#reset").click()
    await page.get_by_role("button", name="پاک شود").click()
    await expect(page.locator(".turn")).to_have_count(0)
    assert sim.person(1203344551).messages() == []


async def test_narrow_screen_has_tabs_and_nothing_sticks_out(page: Page, sim: Simulator, client: Client) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await sim.person(1001).start()
    long = {"inline_keyboard": [[{"text": "همین نشانی: بلوار سجاد، کوچهٔ دوازدهم", "callback_data": "a"}] * 2]}
    await client.ok("sendMessage", chat_id=1001, text="آ" * 400, reply_markup=long)
    await expect(page.locator(".column.shown .theirs")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    wide = "[...document.querySelectorAll('.column.shown *')].filter(e => e.getBoundingClientRect().width > 360).length"
    assert await page.evaluate(wide) == 0
    await page.get_by_role("tab", name="گروه").click()
    await expect(page.locator(".column.shown")).to_have_class(re.compile("group"))
    await client.ok("sendMessage", chat_id=1001, text="تازه")
    await expect(page.get_by_role("tab", name="مریم").locator(".badge")).to_have_text("۱")


async def test_page_says_that_no_bot_is_there(page: Page, client: Client) -> None:
    citizen = column(page, 0)
    await citizen.get_by_role("button", name="شروع", exact=True).click()
    await expect(citizen.locator(".toast")).to_contain_text("گوش نمی‌دهد")
    await expect(citizen.locator(".toast")).to_have_count(0)
    await client.updates()
    await citizen.locator("textarea").fill("/help@city_bot")
    await citizen.locator("textarea").press("Enter")
    await expect(citizen.locator("button.command").last).to_have_text("/help@city_bot")
    await page.wait_for_timeout(7000)
    await expect(citizen.locator(".toast")).to_have_count(0)


async def test_policy_allows_nothing_inline(sim: Simulator, client: Client) -> None:
    async with client.session.get(sim.url) as answer:
        policy = answer.headers["Content-Security-Policy"]
        html = await answer.text()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", html)
