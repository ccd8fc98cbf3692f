"""What a proof-reader of Persian would mark: half-spaces, foreign letters, foreign punctuation, exclamation marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LETTER = "[آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئءأؤة]"
_JOINING = "[بپتثجچحخسشصضطظعغفقکگلمنهیئ]"  # letters that would run into a following ه
_ENDING = r"(?:یی|ی|یم|یت|یش|یمان|یتان|یشان|یند)?"
# Stems that a verb beginning with می may have; "میدان", "میان", "میز", "میراث" and the like are no verbs.
_STEMS = (
    "آی|ابد|اند|انداز|بر|بین|پذیر|پرداز|پرس|تاب|توان|جوی|خر|خوا|خواه|خور|خوان|دانم|دانی|داند|دانیم|دانید|دانند|دار|داد|داشت|ده|دهد|رس|رفت|رو|ریز|زد|زن"
    "|ساز|سپار|سنج|شد|شناس|شو|فرست|فهم|کرد|کش|کن|گذار|گذر|گرد|گرفت|گفت|گو|گوی|گیر|مان|نوشت|نویس|یاب"
)
# Words that end in "ها" or look as if they did, and are whole.
_WHOLE = frozenset(
    """تنها تنهای تنهایی بها بهای انتها انتهای انتهایی منتها مها نها آنها آنهایی اینها اینهایی نهایی نهایت""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One kind of slip: what is wrong, and how it looks."""

    wrong: str
    looks: re.Pattern[str]
    except_words: frozenset[str] = frozenset()


MARKS = (
    Mark("an exclamation mark", re.compile("[!！]")),
    Mark("an Arabic ي or ك", re.compile("[يىكﻙﻳ]")),
    Mark("Latin or Arabic digits", re.compile("[0-9٠-٩]")),
    Mark("Latin punctuation after Persian", re.compile(f"(?<={_LETTER})[,;?]")),
    Mark("a space before punctuation", re.compile(r"(?<=\S) +[،؛؟:.](?=\s|$)")),
    Mark("no space after a Persian comma", re.compile(r"[،؛](?=[^\s»)])")),
    Mark("two spaces", re.compile(r"(?<=\S)  +(?=\S)")),
    Mark("a stray half-space", re.compile("\u200c(?:[\\s\u200c.،؛؟:»)]|$)|(?:^|[\\s\u200c«(])\u200c")),
    Mark("می apart from its verb", re.compile(f"(?<!{_LETTER})(?<!\u200c)ن?می +(?={_LETTER})")),
    Mark("می joined to its verb", re.compile(f"(?<!{_LETTER})(?<!\u200c)ن?می(?:{_STEMS}){_LETTER}*(?!{_LETTER})")),
    Mark("ها apart from its word", re.compile(rf"(?<={_LETTER}) +ها{_ENDING}(?!{_LETTER})(?!\u200c)")),
    Mark("ها joined to its word", re.compile(f"{_LETTER}*{_JOINING}ها{_ENDING}(?!{_LETTER})"), _WHOLE),
    Mark("تر or ترین apart from its word", re.compile(f"(?<={_LETTER}) +تر(?:ین)?(?!{_LETTER})")),
)

# What holds in documents and pages too, where Latin digits, commands and code stand between the Persian words.
EVERYWHERE = tuple(mark for mark in MARKS if mark.wrong.split()[0] in ("می", "ها", "تر") or "ي" in mark.wrong)


def slips(line: str, marks: tuple[Mark, ...] = MARKS) -> Iterator[str]:
    """What is wrong with one line of Persian, each slip with the letters around it."""
    for mark in marks:
        for found in mark.looks.finditer(line):
            if found.group().strip() not in mark.except_words:
                around = line[max(0, found.start() - 12) : found.end() + 12]
                yield f"{mark.wrong}: …{around}…"
