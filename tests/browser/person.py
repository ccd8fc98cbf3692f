"""One person of the demo's page: reads, types, presses and sends as hands and eyes do."""

import base64
import re

from playwright.sync_api import FilePayload, Locator, Page, TimeoutError

WITHIN = 15_000.0  # milliseconds; a chat gets one message a second after its first three

# The newest turn with all these words (and a button of this label), counted from `since` on.
_FIND = """([name, since, words, label]) => {
  const column = document.querySelector(`section.column[aria-label="${name}"]`);
  const turns = [...column.querySelectorAll(".turn")];
  const labels = (turn) => [...turn.querySelectorAll(".inline button span:first-child")].map((one) => one.textContent);
  const fits = (turn, at) => at >= since && turn.classList.contains("theirs")
    && words.every((one) => turn.textContent.includes(one)) && (!label || labels(turn).includes(label));
  const at = turns.findLastIndex(fits);
  return at < 0 ? null : { at };
}"""
_SAMPLE = """async (name) => {
  const { SAMPLES, samplePhoto } = await import("/page/samples.js");
  const { base64 } = await import("/page/store.js");
  return (await base64(await samplePhoto(SAMPLES.find((one) => one.name === name)))).base64;
}"""


def sample_photo(page: Page, name: str) -> bytes:
    """Return one of the page's own drawings as a JPEG, as if it lay in the person's gallery."""
    return base64.b64decode(page.evaluate(_SAMPLE, name))


class Person:
    """A column of the page; on a narrow page its tab is opened first."""

    def __init__(self, page: Page, column: str) -> None:
        self.page, self.name = page, column
        self.column = page.locator(f'section.column[aria-label="{column}"]')
        self._read = 0
        self.column.wait_for(state="attached")
        self._at = page.locator("section.column").evaluate_all(
            "(all, name) => all.findIndex((one) => one.ariaLabel === name)", column
        )

    def look(self) -> None:
        """Bring this person's chat before the eyes."""
        tabs = self.page.locator("#tabs button")
        if tabs.first.is_visible():
            tabs.nth(self._at).click()
        self.column.locator(".messages").evaluate("(list) => { list.scrollTop = list.scrollHeight; }")

    # Reading ---------------------------------------------------------------------------------------------------------

    def hears(self, *words: str, label: str = "") -> Locator:
        """Wait for a message with all these words and this button that came after what was heard before."""
        turn, self._read = self._found(self._read, words, label)
        return turn

    def sees(self, *words: str, label: str = "") -> Locator:
        """Wait until some message stands so, however old: cards are edited in place."""
        return self._found(0, words, label)[0]

    def _found(self, since: int, words: tuple[str, ...], label: str) -> tuple[Locator, int]:
        wanted = [self.name, since, words, label]
        try:
            found = self.page.wait_for_function(_FIND, arg=wanted, timeout=WITHIN)
        except TimeoutError:
            heard = "\n---\n".join(self.column.locator(".turn").all_inner_texts()[-4:])
            raise AssertionError(f"{self.name} waited for {words} [{label}] and has:\n{heard}") from None
        at: int = found.json_value()["at"]
        return self.column.locator(".turn").nth(at), at + 1

    def hears_code(self) -> str:
        """Wait for the tracking code of a request just filed; return it as it is shown."""
        told = self.hears("ثبت شد. کد پیگیری:").inner_text()
        code = re.search(r"کد پیگیری: ([۰-۹]{7})", told)
        assert code is not None, told
        return code[1]

    # Doing -----------------------------------------------------------------------------------------------------------

    def turns_to(self, messenger: str) -> None:
        """Take the other messenger in hand."""
        self.look()
        self.column.get_by_role("radio", name=messenger, exact=True).click()
        self._read = 0

    def starts(self) -> None:
        """Press «شروع», which a chat shows before its first word."""
        self.look()
        self.column.get_by_role("button", name="شروع", exact=True).click()

    def presses(self, label: str, *words: str) -> None:
        """Press the button of this label under the newest message that has it (and these words)."""
        turn = self.sees(*words, label=label)
        self.look()
        turn.locator(".inline").get_by_text(label, exact=True).click()

    def presses_key(self, label: str) -> None:
        """Press a key of the bot's keyboard below the box."""
        self.look()
        self.column.locator(".keys").get_by_text(label, exact=True).click()

    def writes(self, words: str, photo: bytes = b"") -> None:
        """Type, with a picture chosen from the disk where there is one, and send."""
        self.look()
        if photo:
            self._chooses(photo)
        self.types(words)
        self.sends()

    def _chooses(self, photo: bytes) -> None:
        self.column.get_by_role("button", name="پیوست").click()
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("menuitem", name="عکس از این دستگاه").click()
        chooser.value.set_files(FilePayload(name="IMG_0137.jpg", mimeType="image/jpeg", buffer=photo))
        self.column.locator(".thumb img").wait_for()

    def types(self, words: str) -> None:
        """Put words into the box without sending them."""
        self.column.get_by_role("textbox").fill(words)

    def sends(self) -> None:
        """Press the arrow beside the box."""
        self.column.get_by_role("button", name="فرستادن").click()

    def opens_map(self) -> None:
        """Press the key that asks for the place; the map opens."""
        self.presses_key("📍 ارسال موقعیت")
        self.page.locator("#map .city-district").first.wait_for()

    def picks(self, district: str) -> None:
        """Move the map to a district, tap a point of it and send the pin."""
        jump = self.page.get_by_label("برو به")
        jump.select_option(label=district)
        self.page.locator("#map-where").get_by_text(district).wait_for()
        box = self.page.locator("#map").bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + box["width"] / 2 + 20, box["y"] + box["height"] / 2 + 15)
        self.page.locator("#map-where").get_by_text(district).wait_for()
        self.page.get_by_role("button", name="ارسال این نقطه").click()

    def shows_photo(self, turn: Locator) -> None:
        """Check that the picture of a message, of an album the last one, really came and can be drawn."""
        image = turn.locator("img").last
        image.scroll_into_view_if_needed()
        assert image.evaluate("async (one) => { await one.decode(); return one.naturalWidth; }") > 0
