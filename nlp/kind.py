"""Whether a message asks for anything: greetings, thanks, talk about the bot and bare insults do not."""

import re
from typing import Literal

from nlp import courtesy, digits, forms

Kind = Literal["request", "none"]

_LONGEST_SMALL_TALK = 14

_ABOUT_BOT = re.compile(
    r"\b(?:(?:تو|شما|این|یک)? ?(?:ربات|روبات|بات|هوش مصنوعی|ادم|انسان|اپراتور)"
    r" ?(?:ی|ه|هستی|هستید|هستین|واقعی\w*|است|چیست|چیه|چی|کار|یا|خوبی|باحال|جدید)"
    r"|اسمت|اسم شما|کی هستی|چه کسی هستی|تو کی|شما کی هستید|کی ساختت|چند سالته|چی بلدی|چه کار بلدی"
    r"|چکار میکنی|چیکار میکنی|چه کار میکنی|چطور کار میکنی|چطوری کار میکنی|جواب میدی|کسی هست|کسی اینجا|انلاین\w*|انلاینی"
    r"|تست|امتحان|ازمایش|ازمایشی|استارت|start|test|hello|hi|hey|bot|salam|slm|mamnun|mamnoon|merci|mersi|thanks|thank)\b"
)
_SMALL_TALK = frozenset(
    """
ربات روبات بات هوش مصنوعی ادم انسان واقعی اپراتور ی ه هستی هستید هستین است چیست چیه چی کار کاری یا خوبی جدید این تو شما من ما ان یک
اسمت اسم کی کسی ساختت ساخته چند سالته بلدی چکار چیکار چه میکنی میکنید میکنین چطور چطوری جواب میدی میدید میدهید هست اینجا اونجا انلاین
انلاینی تست امتحان ازمایش ازمایشی استارت start test hello hi hey bot salam slm mamnun mamnoon merci mersi thanks thank you داخل
خوبه خوب خوبم عالی باشه باش اوکی اوکیه ok okay بله بلی اره نه نخیر نیست مرسی مچکر دمت دمتون گرم خیر پیش فدات قربانت قربونت چاکرم
مخلصم مخلصیم فعلا بای خدافظ شبخوش خوش روزخوش سلامتی سلامت زنده درست حله افرین احسنت ایول دمتگرم جان جون داداش داداشم اقا خواهر
رفیق دوست خانوم خانم عزیزم گلم ممنونتم مر30 30 وای اها اهان عجب جالب جالبه هه هاها ههه خخخ خخ لول اخ اوف بیکار بیکاری کارا چخبر خبر
خبرا چه‌خبر میشود بگو بگویید سوال سوالی دارم داشتم میتوانم میتونم بپرسم پرسش کمک راهنمایی میخواهم میخوام الو سلامم سلامممم علیک متوجه
نشدم شدم فهمیدم نمیدانم نمیدونم هیچی هیچ اشتباه اشتباهی شد فرستادم بود ببخشید پیام قبلی لغو ولش بیخیال بیخیالش منصرف ادامه شروع
""".split()
)
# Insults that stand alone; beside a matter they change nothing.
_INSULTS = frozenset(
    """
احمق احمقا احمقها بیشعور بیشعورا بیشعورها بی شعور عوضی عوضیا اشغال اشغالا اشغالها بیعرضه بیعرضهها بیعرضهها عرضه دزد دزدا دزدها
دزدین دزدید نفهم خر خرا گاو الاغ کثافت کثافتا لعنت لعنتی لعنتیا تف خاک سرتون سرتان بر سر خجالت بکشید بکشین حیا کنید مفت خور مفتخور
مفتخورا بیغیرت بیغیرتا غیرت بیشرف بیشرفا شرف بیوجدان وجدان پدر سگ پدرسگ گمشو گمشید گمشین گم شو خفه مسخره مسخرهها دروغگو دروغگوها
دروغگوا بمیرید بمیرین همه همتون همهتون همهشون یک مشت اید این هستید هستین واقعا فقط بی به درد نخور بدرد نمیخورید مردهشورتون ببرد ببره
مرگ جمع کاسه کوزه برید برین گند بزنند بزنن زدید زدین توف شارلاتان نامرد نامردا هرزه بوق
""".split()
)
_VAGUE_IN_INSULTS = frozenset("دزد دزدا دزدها اشغال اشغالا اشغالها".split())


def kind(text: str) -> Kind:
    """Return "none" for a message without anything to act on, otherwise "request"."""
    words = forms.folded(text).split()
    return "none" if _nothing(words) or _small_talk(words) or _bare_insult(words) else "request"


def _nothing(words: list[str]) -> bool:
    """Only emoji, signs, numbers or single letters."""
    return all(len(word) < 2 or digits.latin(word).isdigit() for word in words)


def _small_talk(words: list[str]) -> bool:
    rest = [word for word in words if not courtesy.only_courtesy([word])]
    if all(word in _SMALL_TALK for word in rest):
        return True
    about_bot = _ABOUT_BOT.search(" ".join(words)) is not None
    strange = sum(word not in _SMALL_TALK for word in rest)
    return about_bot and len(words) <= _LONGEST_SMALL_TALK and strange <= 1


def _bare_insult(words: list[str]) -> bool:
    rest = [word for word in words if not courtesy.only_courtesy([word])]
    if not rest or not all(word in _INSULTS for word in rest):
        return False
    return not set(rest) <= _VAGUE_IN_INSULTS
