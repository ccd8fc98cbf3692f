"""Abusive words: flagged so that an official is warned, never a reason to block, delay or refuse anything."""

import re

from nlp import forms
from nlp.words import words

_ABUSE = words("abuse")
_PHRASES = re.compile(
    r"\b(?:مادر ?(?:جنده|قحبه|خراب|به ?خطا|سگ)|خواهر ?(?:جنده|کسده)|خار ?کسده|زن ?(?:قحبه|جنده)|پدر ?سگ|بی ?ناموس"
    r"|کس ?(?:کش|مادر|ننه|خواهر|شعر|خل)\w{0,2}|کیر(?:ی|م|ت|ش|تو|ا)?|حر(?:ا|و)م ?زاده\w{0,4}|تخم ?(?:سگ|حرام|حروم)"
    r"|(?:گه|گوه) ?(?:ن?می ?)?خور\w{0,4}|بی ?شرف\w{0,3}|کونی\w{0,3}|جنده\w{0,3}|قحبه|سگ (?:پدر|تو روحت)"
    r"|kir(?:i|am|et|esh)?|kos ?(?:kesh|nanat|madaret|sher)|jende|madar ?jende|dayus|jakesh|fuck\w{0,4}|shit|bitch)\b"
)


def is_profane(text: str) -> bool:
    """Say whether a text holds words of abuse; «کثافت» about a street and «حشرات موذی» are none."""
    folded = forms.folded(text)
    return _PHRASES.search(folded) is not None or not _ABUSE.isdisjoint(folded.split())
