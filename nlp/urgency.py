"""Danger to life or property now, by rules on folded text.

A false alarm costs an operator a glance and a miss may cost a life, so the rules are wide.
"""

import re
from dataclasses import dataclass
from typing import Literal

from nlp import forms
from nlp.language import FINGLISH, language
from nlp.skeleton import skeleton

DangerKind = Literal[
    "electric", "gas", "fire", "collapse", "open_hole", "medical", "crime", "flood", "person_in_danger"
]


@dataclass(frozen=True, slots=True)
class Danger:
    """What kind of danger a message tells of."""

    kind: DangerKind


@dataclass(frozen=True, slots=True)
class _Rule:
    """All of `needs` within the text, in any order, and none of `without`."""

    kind: DangerKind
    needs: tuple[re.Pattern[str], ...]
    without: re.Pattern[str] | None = None


def _rule(kind: DangerKind, *needs: str, without: str = "") -> _Rule:
    exclusion = re.compile(rf"\b(?:{without})") if without else None
    return _Rule(kind, tuple(re.compile(rf"\b(?:{need})") for need in needs), exclusion)


_CHILD = r"بچه|کودک|دختر|پسر|نوزاد|طفل|اطفال|شاگرد|دانش اموز|نوجوان|خواهر|برادر"
_ELDER = r"پیرزن|پیرمرد|مادربزرگ|مادر بزرگ|مامانبزرگ|پدربزرگ|سالمند|معلول|زن |زنی|زنه|زنش|خانم|همسر|دوست|همسایه"
_PERSON = rf"{_CHILD}|{_ELDER}|مردم|نفر|عابر|رهگذر|کارگر|ادم|موتوری|راننده|مسافر|پدر|مادر|بابا|مامان"
_NOW = r"الان|همین الان|فوری|زود|سریع|کمک|همین حالا|دارد|حالا|تورو خدا|تو را خدا|شما را به خدا|هنوز"
_BEATS = r"میزند|میزنه|کتک|کمربند|شیلنگ|کبود|سوختگی|شکنجه|زندانی|حبس|قفل|زخمی|ازار|اذیت|تنبیه|سیاه کرد|بلا سر|تجاوز|دست درازی"

_RULES: tuple[_Rule, ...] = (
    _rule(
        "person_in_danger",
        r"خودکشی|خود کشی|خودش را بکش|خودم را بکش|خودشو بکش|خودمو بکش|خود را بکش|خودش را (?:پرت|بندا|اتش|حلق)|خودشو (?:پرت|بندا|اتیش|حلق)"
        r"|خودم را خلاص|خودمو خلاص|خودش را خلاص|نمیخواهم (?:دیگر )?(?:زنده|زندگی|باشم|بمانم)|دیگر نمیخواه\w* (?:زنده|زندگی|باش|بمان)"
        r"|نمیخواه\w* زنده|هیچ امیدی|امیدی (?:به زندگی )?ندارم|از زندگی (?:خسته|سیر|بریده)|به زندگیم پایان|پایان (?:دادن )?به زندگی"
        r"|پیام خداحافظی|خداحافظی کرد|نامه خداحافظی|فکرای وحشتناک|فکرهای وحشتناک|به (?:خودم|خودش|بچهام|بچهم|بچم|بچه ام) اسیب"
        r"|رگ(?:ش|م)? (?:را |خود|دست)|قرص (?:زیاد|خورد|جمع)|قرص\w* (?:هم |را )?(?:جمع|خورد)|عمدا خورد|خودزنی|میخواه\w* بمیر|کاش بمیرم|میخوام بمیرم",
        without=r"درخت\w* خودکشی",
    ),
    _rule("person_in_danger", _CHILD + "|" + _ELDER, _BEATS, without=r"سگ|درامز|اهنگ|اهنگری|زنگ میزن|بوق|مغازه دار"),
    _rule("person_in_danger", r"بابا\w*|پدر\w*|ناپدری\w*|نامادری\w*|شوهر\w*|عمو\w*|پسرش|اوستا\w*", _BEATS),
    _rule(
        "person_in_danger",
        r"(?:جیغ|گریه|التماس|ناله|فریاد)\w*",
        r"همسایه|واحد|دیوار|زن |زنی|بچه|دختر|شکستن|نزن|کمک",
        without=r"گربه|سگ|موزیک|اهنگ|مهمانی|مهمونی|عروسی|نخال|کامیون|تاب|سرسره|مدرسه|چرخ",
    ),
    _rule("person_in_danger", r"به زور", r"شوهر|عروس|مرد پیر|ازدواج|میدهندش|عقد"),
    _rule("person_in_danger", r"از خانه فرار|از خانه بیرونش|فرار کرده|فراری", _CHILD + "|شوهر|کبود"),
    _rule(
        "person_in_danger",
        r"نوزاد|بچه|کودک|دختربچه",
        r"ول کرد|رها کرد|گذاشته|گذاشت|جا گذاشت|گم شد|تنهاست|تنها گریه",
        r"گریه|تنها|زنده|پتو|در مسجد|ساعته|پیدا",
    ),
    _rule(
        "person_in_danger",
        r"غذا (?:نم\w+|بهش نم\w+|کافی نم\w+|ندا\w+)|گرسنه نگه|التماس اب|بهش غذا|قفل میکن|در را (?:رو|رویش) قفل|زندانی",
        _PERSON,
    ),
    _rule("person_in_danger", r"(?:ازار|ازارش|اذیت|تجاوز|دستمالی|سو استفاده)\w*", _CHILD + "|ناپدری|مدرسه|مهد"),
    _rule(
        "person_in_danger",
        r"بچه\w*|مرا|من را|منو|ما را",
        r"(?:شوهرم|پدرم|بابام|برادرم|ناپدریم)\w*",
        r"میزند|میکش|کتک|مست|تهدید",
    ),
    _rule(
        "gas",
        r"بوی (?:شدید )?گاز|بوی گازه|بو گاز|بوی \w+ گاز|نشت\w* گاز|گاز (?:نشت|نشتی|پخش|میدهد بیرون|داخل خانه|پیچید)|گاز\w* (?:داره |دارد )?(?:نشت|در ?میرود)"
        r"|لوله (?:ی )?گاز \w* ?(?:ترک|شکست|سوراخ|پاره|کند|زد)|علمک|منواکسید|مونوکسید|گاز گرفتگی|گازگرفتگی|کنتور گاز \w* ?(?:شکست|نشت|صدا|بو|فس)|فس فس",
        without=r"بوی گاز(?:وییل|وئیل)|اگزوز",
    ),
    _rule(
        "gas",
        r"گاز\b|گازه\b|رگلاتور|رگولاتور",
        r"بو\b|بوی|بوش|نشت\w*|منفجر|انفجار|صدای فس|سرگیجه|ترکید|ترکیده|شکافت|هیس",
        without=r"ماشین گاز|موتور|بوی بد جوی|اشغال|زباله|ایستگاه گاز",
    ),
    _rule(
        "fire",
        r"اتش گرفت|اتش گرفته|اتش سوزی|اتشسوزی|شعله|حریق|دارد میسوزد|در حال سوختن|میسوزد و|اتش زد|منفجر شد|انفجار",
        without=r"شعله (?:اجاق|گاز)|شعله (?:اش )?کم|اجاق|بخاری|قبلا اتش|پارسال",
    ),
    _rule(
        "fire",
        r"اتش|اتیش|دود",
        r"خانه|ساختمان|واحد|پشت بام|پشت بوم|مغازه|انبار|ماشین|پراید|پژو|موتور|اتوبوس|پنجره|خونه|پارکینگ|درخت|کپسول",
        r"زود|فوری|گرفت\w*|بلند|شعله|بیرون میزند|گیر|دارد|الان|میزند",
        without=r"کارخانه|اگزوز|گازوییل|زباله|اشغال|دود میکند|قلیان|منقل|کباب|لاستیک|دودزا|نانوایی|کارگاه|خط واحد|دودی",
    ),
    _rule("fire", r"اسانسور\w*|اسانسر\w*", r"گیر|حبس|مانده|موندیم|زندانی|محبوس", without=r"مترو|پل عابر|گیر میکند و"),
    _rule(
        "fire",
        r"گیر کرد\w*|گیر افتاد\w*|محبوس|مدفون|زیر اوار|اوار|غرق|دارد غرق|افتاده (?:داخل|ته|در) (?:چاه|کانال|استخر|جوی|رودخانه|اب)",
        _PERSON + "|پایش|دستش|سرش|پام|دستم|انگشت",
        without=r"ویلچر|ترافیک|سگ|گربه|برف|ماشینم گیر",
    ),
    _rule(
        "electric",
        r"سیم\w*|کابل\w*|تیر (?:چراغ )?برق|تیر\b|ترانس|فیوز|جعبه|تابلو برق|پایه چراغ|پایه برق|لامپ",
        r"جرقه|اتصالی|اتصال|برق گرفت|برقگرفت|برق دار|برقدار|افتاده|لخت|پاره|اویزان|اویزون|اویزونه|کف زمین|روی زمین|رو زمین|زمین افتاده|میسوزد|دود",
        without=r"مسی|سیم مسی|تلفن|مخابرات|اینترنت|دزدید|بی بوق|فیبر",
    ),
    _rule("electric", r"برق گرفت|برقگرفت|برقش گرفت|برق گرفته\w*|برق میگیرد|برق دار شده|جرقه میزند|جرقه میپاشد|برق وصل"),
    _rule(
        "collapse",
        r"دیوار\w*|سقف\w*|ساختمان\w*|نما\w*|سنگ نما|بالکن\w*|گود\w*|اوار|سردر|داربست\w*|جرثقیل|تابلو\w*|بیلبورد|تیر\b|درخت\w*|شاخه\w*|پل\b|خانه\w*|اجر\w*|سیمان\w*",
        r"میریزد|ریخت(?:ه|ن)? |دارد میافتد|در حال (?:ریزش|سقوط|افتادن|ریختن)|ریزش|فرو ?ریخت|سقوط|ترک خورد\w*|کج شد\w*|خم شد\w*|شکم داد\w*|لق شد|اویزان|اویزون|نشست کرد\w*|میافتد|داره میفته|دارد می افتد|کنده شد|جدا شد\w*|ترک برداشت|به یک پیچ|به مویی|افتاده روی",
        r"خطر|سر\b|سرش|سرمان|مردم|بچه\w*|رهگذر|عابر|مدرسه|الان|فوری|زود|همین|هر لحظه|امروز|فردا|شب|ماشین|باد|میترس|کوچه|پیاده رو",
        without=r"دیوار نویسی|دیوارنویسی|رنگ|برچسب|اشغال|زباله",
    ),
    _rule(
        "collapse",
        r"زمین|خیابان|اسفالت|کوچه|پیاده رو|جاده|کف",
        r"نشست کرد\w*|نشست داد\w*|فرو ?رفت\w*|فرو ?ریخت\w*|دهان باز|دهن باز|خالی شده|فرونشست|ریزش کرد|رفته پایین|سوراخ شد|حفره|گود شد",
        r"بزرگ|عمیق|متر|ماشین|خطر|زیر|یکهو|ناگهان|الان|دیشب|امروز|صبح|هر لحظه|تایر|چرخ|باز شده|بزرگتر",
    ),
    _rule(
        "open_hole",
        r"چاه\w*|منهول|درپوش\w*|دریچه\w*|حفره|گودال|در فاضلاب|در کانال|سرپوش|کانال|چاله|سوراخ|کانال",
        r"باز است|بازه|باز مانده|باز شده|باز ول|روباز|رو باز|ندارد|نیست|برداشت\w*|دزدید\w*|بردن\w*|برده\w*|شکست\w*|افتاد\w*|سر باز|بی حفاظ|بدون (?:در|حفاظ|درپوش)|رفته پایین|کنده|کندند|کندن",
        r"بچه\w*|میافتد|بیافتد|بیفت\w*|افتاد\w*|خطر\w*|عمیق|عمق|متر|تاریک|شب|پا\b|پایش|پای|پام|موتور|عابر|مردم|مدرسه|نابینا|سرباز|وسط",
    ),
    _rule(
        "medical",
        r"بیهوش|بی هوش|هوش ندارد|از هوش رفت|غش کرد\w*|سکته|تشنج|نفس\w* (?:بالا|نم|قطع|تنگ|بند)|نمیتواند نفس|نفس نمیکشد|خونریزی|خون ریزی|خون میاید|خون از"
        r"|قلبش|قلبم|قلب\w* درد|ایست قلبی|حالش (?:خیلی |خیلی خیلی )?(?:بد|خراب|وخیم)|حالم (?:خیلی )?بد|حال\w* بهم خورد\w*|زایمان|درد زایمان|کیسه اب|مسموم|سم خورد\w*|برق گرفته"
        r"|زخمی|مجروح|مصدوم|تکان نمیخورد|تکون نمیخورد|بی حرکت|به هوش نم|اورژانس|امبولانس|کف بالا اورد|از حال رف|شکستگی|دستش شکست|پایش شکست|بیحال|بی حال|سرش شکافت|سر شکسته|خفه|قرص\w* .{0,25} خورد",
        without=r"گربه|سگ|کبوتر|پرنده|امبولانس (?:رد|نمی|نتوانست|گیر|پشت)|فاضلاب",
    ),
    _rule(
        "medical",
        r"تصادف|چپ کرد|زیر اتوبوس|زیر ماشین|شاخ به شاخ|سقوط کرد|افتاده|پرت شد|زد به|خورد زمین",
        r"خون|زخم|افتاده وسط|بیهوش|تکان|نفس|زیر (?:اتوبوس|ماشین|چرخ|کامیون)|شکست\w*|ناله|داد میزند|سرش|مصدوم",
        _PERSON + "|الان|کمک|سرش|پاش|پایش",
        without=r"گربه|سگ|تابلو|نرده|شاخه|درخت|بلوک",
    ),
    _rule(
        "crime",
        r"چاقو|قمه|اسلحه|تفنگ|تیراندازی|تیر اندازی|گروگان|ادم ربا\w*|دزدیدند(?:ش|م)|ربود\w*|زورگیر\w*|زور گیر\w*|خفت (?:کرد|کن|گیر|می)\w*|خفتگیر\w*|تجاوز|شلیک|قداره|اسید\b|شمشیر|قصد جان",
        without=r"قرقره|پارسال",
    ),
    _rule(
        "crime",
        r"دزد\b|دزدا|دزدی\b|دزدها|سارق\w*|درگیری|دعوا\w*|زد و خورد|کتک کاری|تهدید\w*|حمله\w*",
        r"الان|همین الان|فوری|زود|در حال|دارند|دارد|داخل خانه|از دیوار|پشت بام|پشت در|خون|میزنند|مادرم|خواهرم|تعقیب|شیشه",
        without=r"سگ\w*|فاکتور|کابل|درپوش|دریچه|نرده",
    ),
    _rule(
        "flood",
        r"اب|سیل\w*|سیلاب|باران|کانال|رودخانه|فاضلاب",
        r"خانه\w*|زیرزمین\w*|زیر زمین\w*|مغازه\w*|پارکینگ\w*|حیاط|انبار\w*|ماشین\w*|پراید|مردم|بچه\w*|اتاق\w*",
        r"وارد|میاید داخل|امده داخل|رفته داخل|سرازیر|پر (?:اب|شد)|زیر اب|گرفت(?:ه|ار)|غرق|تا (?:زانو|کمر|لاستیک)|بالا امد\w*|برد\w*|ریخت\w*|داخل|پس زد\w*|سیل|گیر|خیس",
        without=r"قطع|فشار|قبض|تانکر|کنتور|چمن|ابیاری|لیوان|زرد|بوی فاضلاب|درخت",
    ),
    _rule("flood", r"سیل (?:امد\w*|راه|گرفت\w*|شد\w*|دارد|وارد)|سیلاب|طغیان|طوفان\w*|سقف\w* را (?:باد|طوفان)"),
)

# Finglish is matched by consonants; the skeletons of these words do not occur inside other common words.
_FINGLISH_CONSONANTS: tuple[tuple[DangerKind, str], ...] = (("person_in_danger", "xdkS"),)
_FINGLISH_WORDS: tuple[tuple[DangerKind, re.Pattern[str]], ...] = (
    (
        "person_in_danger",
        re.compile(
            r"kho?d(?:esh|am)?o? ?(?:ro )?(?:bokosh|part|mikosh)|khod ?koshi|shohar\w* .*(?:mizan|kotak)|kotak mizan|bacha?m? ?ro mizan"
        ),
    ),
    (
        "gas",
        re.compile(
            r"\bbu(?:y|ye)? ?(?:shadide? )?ga[sz]|\bnasht\w* ga[sz]|\bgaz\b.*\b(?:bu|nasht|nashti)|alamak|\bgaz (?:nasht|mide)"
        ),
    ),
    ("fire", re.compile(r"\bat(?:i|ee|a)sh\b|\bsho?le\b|asansor\w* gir|gir kard\w* .*asansor|dood? az")),
    ("electric", re.compile(r"jara?ghe|\bbargh gereft|\bsim\w* .*(?:lokht|avizun|oftad)|sim(?:e|a)? ?bargh")),
    (
        "medical",
        re.compile(
            r"bi ?hush|bi ?hosh|bihal|nafas ne?mi|khunrizi|khoonrizi|sekte|tashanoj|\bghash\b|zakhmi|ambulan[sc]|urzhans|orzhans|ghors\w* .*khord"
        ),
    ),
    ("crime", re.compile(r"chaghu|chaqu|ghame\b|zurgir|zoorgir|khafta?gir|aslahe|dozd\w* .*(?:alan|tu khune)")),
    (
        "collapse",
        re.compile(r"(?:divar|saghf|darbast|derakht)\w* .*(?:mirize|miofte|rikht|dare mi)|foru? ?r[ie]|zamin neshast"),
    ),
    ("open_hole", re.compile(r"(?:chah|dariche|darpush|manhol)\w* .*(?:baz|nist|nadar|mi?oft)")),
    ("flood", re.compile(r"\bs(?:e|ei|ey)l\b|ab .*(?:tu|toye|too|tuye) (?:khune|maghaze|zirzamin)")),
)


def danger(text: str) -> Danger | None:
    """Return the danger a message tells of, the one most pressing to a person's life first, or None."""
    if language(text) == FINGLISH:
        return _in_latin_letters(text.lower()[: forms.LONGEST])
    folded = forms.folded(text)
    return next((Danger(rule.kind) for rule in _RULES if _tells(rule, folded)), None)


def _tells(rule: _Rule, folded: str) -> bool:
    if not all(need.search(folded) for need in rule.needs):
        return False
    return rule.without is None or not rule.without.search(folded)


def _in_latin_letters(text: str) -> Danger | None:
    by_words = next((kind for kind, pattern in _FINGLISH_WORDS if pattern.search(text)), None)
    if by_words:
        return Danger(by_words)
    bones = skeleton(text).replace(" ", "")
    return next((Danger(kind) for kind, sign in _FINGLISH_CONSONANTS if sign in bones), None)
