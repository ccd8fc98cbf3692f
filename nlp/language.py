"""The language a message is written in, by its letters and its commonest words."""

import re
from typing import Literal

from nlp import forms

Language = Literal["fa", "ar", "ur", "en", "finglish", "other"]
FINGLISH: Language = "finglish"

_ARABIC_SCRIPT = re.compile("[\u0621-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile("[A-Za-z]")
_OTHER_LETTER = re.compile(r"[^\W\d_]")
_LINK = re.compile(r"\S+://\S+|\S+@\S+|www\.\S+|\S+\.\w{2,4}/\S*")
_ARABIC_WORD = re.compile(r"[\u0621-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff]+")
_LATIN_WORD = re.compile(r"[a-z']+")

_URDU_LETTERS = re.compile("[ٹڈڑںےھہ]")
_PERSIAN_LETTERS = re.compile("[پچژگ]")
_ARABIC_LETTERS = re.compile("[ةى]|\\bال\\w{2}")

_URDU_WORDS = frozenset("ہے ہیں میں کے کی کو سے نہیں اور یہ پر کا ہمارے ہو رہا رہی رہے گئی گیا".split())
_ARABIC_WORDS = frozenset(
    "في من على هذا هذه إلى الى التي الذي أن إن لا ما مع عن هناك يوجد نحن انا أنا لدينا يا هل كان قد لم ليس الشارع"
    " شكرا السلام عندنا ارجو أرجو الماء المياه الكهرباء منذ كل بعد قبل امام أمام قرب فندق الحرم جدا مرحبا اين أين كيف"
    " زوار ماكو شلون هنا شنو وين هواي اريد أريد نريد صار صارت خوش بدون".split()
)
_PERSIAN_WORDS = frozenset(
    "است که را رو از به در این می و ما ای هم یک یه با تا برای نیست هست شده کنید لطفا سلام دارد داره ندارد نداره من تو های ها"
    " آب برق کوچه خیابان خیابون شما اون آن چرا کجا خیلی دیگه الان نمیشه میشه شد بود بر هر سر پر بی جلوی روی".split()
)
_ENGLISH_WORDS = frozenset(
    "the is are of and to in on a an it my our we i for with there this that please not no have has near at street was"
    " hello hi thanks thank you broken water light garbage road dog dogs from been how can what where when help need your"
    " trash bus park tree smell hole electricity power leak leaking".split()
)
_FINGLISH_WORDS = frozenset(
    "salam ke az be dar ro va in un ye yek ma shoma man to mikone mishe nist hast ast shode kheyli kheili kuche kooche koche"
    " khiabun khiaboon khiaban lotfan alan chera inja unja ha ham bara baraye kardan kardeh shahrdari ab bargh barg aghal ashghal"
    " nemishe nadarim darim dare nadare nadarim bezarin bezanin mikonan mizane mikonam konin konid begin biaid biyain merci"
    " mamnun mamnoon khune khuneh khoone jolo joloye posht sar tu tuye too tooye roo ruye park chale bache bacheha mashin mashina"
    " derakht cheragh asfalt divar zobale zobaleh hame chand sal mah ruz rooz shab sobh mishavad ast hastim hastam".split()
)


def language(text: str) -> Language:
    """Return the language: "fa", "ar", "ur", "en", "finglish", or "other" when no letter tells."""
    text = _LINK.sub(" ", text[: forms.LONGEST])
    arabic, latin = len(_ARABIC_SCRIPT.findall(text)), len(_LATIN.findall(text))
    if not arabic and not latin:
        return "other"
    if len(_OTHER_LETTER.findall(text)) > 2 * (arabic + latin):
        return "other"
    return _of_arabic_script(text) if arabic >= latin else _of_latin_script(text.lower())


def _of_arabic_script(text: str) -> Language:
    words = _ARABIC_WORD.findall(text)
    persian = len(_PERSIAN_LETTERS.findall(text)) + _known(words, _PERSIAN_WORDS)
    urdu = len(_URDU_LETTERS.findall(text)) + _known(words, _URDU_WORDS)
    arabic = len(_ARABIC_LETTERS.findall(text)) + _known(words, _ARABIC_WORDS)
    if urdu > max(1, persian / 2) and urdu >= arabic:
        return "ur"
    return "ar" if arabic > max(1, persian) else "fa"


def _of_latin_script(text: str) -> Language:
    words = _LATIN_WORD.findall(text)
    english, finglish = _known(words, _ENGLISH_WORDS), _known(words, _FINGLISH_WORDS)
    if english == finglish == 0:
        return "finglish" if _sounds_persian(words) else "en"
    return "en" if english > finglish else "finglish"


def _sounds_persian(words: list[str]) -> bool:
    return any(re.search(r"kh|gh|zh|aa|oo[nm]|iy[ae]|sht|e$", word) for word in words)


def _known(words: list[str], of: frozenset[str]) -> int:
    return sum(word in of for word in words)
