"""Greetings, thanks and set phrases that stand around the matter of a message."""

import re

from nlp import forms

# Words that say nothing about a subject, in folded letters.
_WORDS = frozenset(
    """
سلام درود علیک علیکم ورحمه رحمه الله اله برکاته وقت وقتتون وقتتان بخیر بخیرباد بهخیر صبح ظهر عصر شب شبتون روز روزتون روزتان
خسته خستهنباشید نباشید نباشی نباشین احترام احتراما بااحترام ادب عرض ارادت خدمت خدمتتان خدمتتون شما محترم گرامی عزیز عزیزم بزرگوار
سرکار جناب اقا اقای خانم مهندس دکتر شهردار شهرداری مدیریت مدیر کل همکار همکاران همکارای اپراتور مرکز سامانه ریاست مدیریت
تشکر متشکرم متشکر متشکریم ممنون ممنونم ممنونیم سپاس سپاسگزارم سپاسگزاریم سپاسگزار مرسی مچکرم مچکریم دست دستتون دستتان درد نکند نکنه
خدا خداوند قوت قوتی یارتان نگهدار نگهدارتان حافظ خداحافظ خدانگهدار موفق موید پیروز سربلند باشید باشین باشی انشالله انشاالله ان شا
لطفا لطف بفرمایید فرمایید بفرما خواهش خواهشمند خواهشمندم خواهشمندیم خواهشا تمنا استدعا دارم داریم میکنم میکنیم میکند میشود ممنونتان
پیشاپیش قبلا از توجه توجهتان توجهتون زحمات زحمت زحماتتان به با و در را که تا هم پیگیری رسیدگی دستور دستورات لازم مقتضی اقدام اقدامات
مبذول مورد بذل عنایت عاجل سریع سریعتر زودتر هرچه هر چه کنید کنند گردد شود بشود فرمایند صادر اینجانب بنده استحضار میرساند میرسانم
برسانم عالی حضرتعالی جنابعالی شهروند شهروندان سال نو مبارک عید حال حالتون حالتان چطورید چطوری چطوره خوبی خوبید خوبین خوب هستید هستین
است امیدوارم امید امیدواریم باسلام بعد بعداز ضمن احوال احوالپرسی هستم بابت همه همگی بسیار خیلی فراوان واقعا یک دنیا صمیم قلب ایام
بکام کام جمعه شنبه پنجشنبه اول اولا مجدد مجددا دوباره الو هی های ببخشید ببخشین ببخش معذرت عذر میخواهم مزاحم مزاحمتون شدم
""".split()
)
_SENTENCE_END = re.compile(r"[.!?؟؛;\n…]+|(?<=\D)[،,](?=\s)")
_SHORTEST = 3


def only_courtesy(words: list[str]) -> bool:
    """Say whether no word of folded text is about anything."""
    return all(word in _WORDS for word in words)


def sentences(text: str) -> list[list[str]]:
    """Return the folded words of each clause that says something, greetings and set phrases left out."""
    clauses = (forms.folded(clause).split() for clause in _SENTENCE_END.split(text[: forms.LONGEST]))
    return [words for words in clauses if len(words) >= _SHORTEST and _weight(words) >= 2]


def _weight(words: list[str]) -> int:
    return sum(word not in _WORDS for word in words)
