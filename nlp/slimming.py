"""hazm's normaliser with the same words in 50 MB less: it asks only which words there are and which are ever used."""

import gc
from typing import Any

_USED, _UNUSED = (1, ()), (0, ())


def slim(normalizer: Any) -> Any:
    """Keep the words of a hazm 0.12 `Normalizer` with two shared values; one of another make is left alone.

    hazm keeps a count and parts of speech for each of 193,000 words; the normaliser looks up whether a word is there
    and whether its count is above nought. Words are made anew so that the memory between them is given back.
    """
    tokenizer: Any = getattr(normalizer, "_tokenizer", None)
    words: Any = getattr(normalizer, "_words", None)
    shared = words is getattr(tokenizer, "words", None)
    if not isinstance(words, dict) or not shared:
        return normalizer
    names, used = "\n".join(words), bytes(count > 0 for count, _ in words.values())
    normalizer._words = tokenizer.words = words = None
    gc.collect()
    pairs = zip(names.split("\n"), used, strict=True)
    normalizer._words = tokenizer.words = {name: _USED if ever else _UNUSED for name, ever in pairs}
    return normalizer
