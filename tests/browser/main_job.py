"""The main job as people play it on the page: told, done, objected to, done again, accepted."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page

from tests.browser.person import Person, sample_photo

type Look = Callable[[str, Locator | None], None]

RUBBISH = "آشغال سر کوچه سه روزه مونده، بوش همه‌جا رو گرفته"


def nobody_looks(_name: str, _message: Locator | None) -> None:
    """Take no picture."""


class Telegram:
    """One complaint with photo and pin on Telegram, from the first word to the second verdict."""

    def __init__(self, page: Page, look: Look = nobody_looks) -> None:
        self.look = look
        self.citizen, self.official = Person(page, "citizen"), Person(page, "official")
        self.rubbish, self.clean = sample_photo(page, "زباله"), sample_photo(page, "کار انجام‌شده")
        self.code = ""

    def play(self) -> None:
        """Play all of it."""
        self.file()
        self.accept()
        self.solve("مخزن تخلیه و دور آن شسته شد.")
        self.object("نیمه‌کاره ماند")
        self.accept("شهروند ۱ بار گفته حل نشده است")
        self.solve("بقیهٔ کیسه‌ها هم جمع شد.")
        self.approve()

    def file(self) -> None:
        """Tell, point, confirm: the citizen's three actions."""
        self.citizen.starts()
        self.citizen.hears("سلام. اینجا ۱۳۷")
        self.look("citizen-0-welcome", None)
        self.citizen.writes(RUBBISH, self.rubbish)
        self.citizen.hears("جمع نشدن زباله", "کجاست؟")
        self.look("citizen-1-told", None)
        self.citizen.opens_map()
        self.look("citizen-2-map", None)
        self.citizen.picks("منطقهٔ ۱")
        self.citizen.hears("مرور درخواست", "جمع نشدن زباله", "منطقهٔ ۱", "۱ عکس", RUBBISH, label="ثبت")
        self.look("citizen-3-review", None)
        self.citizen.presses("ثبت")
        self.code = self.citizen.hears_code()
        self.look("citizen-4-filed", None)

    def accept(self, *standing: str) -> None:
        """The unit's official takes the request in hand."""
        card = self.official.sees(self.code, "جمع نشدن زباله", "۱ عکس", RUBBISH, *standing, label="می‌پذیرم")
        self.official.look()
        self.official.shows_photo(card)
        self.look("official-1-card", card)
        self.official.presses("می‌پذیرم", self.code)
        self.look("official-2-accepted", self.official.sees(self.code, "در دست حسن رضایی", label="انجام شد"))
        self.citizen.hears("پذیرفت", self.code)

    def solve(self, words: str) -> None:
        """The official sends a picture of the work with a sentence; the citizen sees before and after, and reads it."""
        self.official.presses("انجام شد", self.code)
        self.official.hears("عکس کار انجام‌شده را بفرستید")
        self.look("official-3-asked", None)
        self.official.writes(words, self.clean)
        self.official.hears("ثبت شد و نظر شهروند را می‌پرسیم")
        self.official.sees(self.code, "منتظر نظر شهروند")
        self.look("official-4-solved", None)
        album = self.citizen.hears("پیش از کار")
        told = self.citizen.hears(self.code, "انجام شد", words, "مشکل حل شد؟", label="نه، حل نشد")
        self.citizen.look()
        self.citizen.shows_photo(album)
        self.look("citizen-5-verdict", told)

    def object(self, reason: str) -> None:
        """The citizen says no, and why; the request is open again."""
        self.citizen.presses("نه، حل نشد", self.code)
        self.citizen.hears("چه مانده است", label=reason)
        self.look("citizen-6-objection", None)
        self.citizen.presses(reason)
        self.citizen.hears("دوباره باز شد", "مهلت رسیدگی")
        self.look("citizen-7-reopened", None)
        self.official.hears(self.code, reason)
        self.look("official-5-reopened", None)

    def approve(self) -> None:
        """The citizen says yes; the card says so too."""
        self.citizen.presses("بله، حل شد", self.code)
        self.citizen.hears("خوشحالیم که حل شد")
        self.look("citizen-8-accepted", None)
        self.look("official-6-closed", self.official.sees(self.code, "شهروند پذیرفت"))


def on_bale(page: Page, look: Look = nobody_looks) -> None:
    """Play a short complaint of words and an address on Bale, worked on by an official who sits in Telegram."""
    citizen, official = Person(page, "citizen"), Person(page, "official")
    citizen.turns_to("بله")
    citizen.starts()
    citizen.hears("سلام. اینجا ۱۳۷")
    citizen.writes("سطل زباله‌ی سجاد ۱۲ پر شده و بویش بلند است")
    citizen.hears("کجاست؟")
    look("bale-1-told", None)
    citizen.presses_key("همین نشانی: سجاد ۱۲")
    citizen.hears("مرور درخواست", "سجاد ۱۲", "منطقهٔ ۱", label="ثبت")
    look("bale-2-review", None)
    citizen.presses("ثبت")
    code = citizen.hears_code()
    official.sees(code, "سجاد ۱۲", label="می‌پذیرم")
    official.presses("می‌پذیرم", code)
    citizen.hears("پذیرفت", code)
    look("bale-3-accepted", None)
