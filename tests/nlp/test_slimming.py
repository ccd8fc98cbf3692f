"""hazm with fewer words in memory writes what hazm writes."""

import json
from types import SimpleNamespace

import hazm
import pytest

from nlp import training
from nlp.slimming import slim


@pytest.fixture(scope="module")
def whole() -> hazm.Normalizer:
    return hazm.Normalizer(seperate_mi=False)


def test_it_knows_the_same_words(whole: hazm.Normalizer) -> None:
    slimmed = slim(hazm.Normalizer(seperate_mi=False))
    assert slimmed._words.keys() == whole._words.keys()
    assert {name for name, (n, _) in slimmed._words.items() if n > 0} == {
        name for name, (n, _) in whole._words.items() if n > 0
    }
    assert len({id(value) for value in slimmed._words.values()}) == 2


def test_it_writes_the_same(whole: hazm.Normalizer) -> None:
    slimmed = slim(hazm.Normalizer(seperate_mi=False))
    texts = [
        json.loads(line)["text"]
        for hand in ("young", "formal", "angry", "captions", "teen", "voice")
        for line in (training.DATA / f"{hand}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    changed = [text for text in texts if whole.normalize(text) != text]
    assert len(changed) > len(texts) / 4
    assert [slimmed.normalize(text) for text in texts] == [whole.normalize(text) for text in texts]


def test_another_make_of_it_is_left_alone() -> None:
    for other in (SimpleNamespace(), SimpleNamespace(_words={"a": (1, ())}, _tokenizer=SimpleNamespace(words={}))):
        before = dict(vars(other))
        assert slim(other) is other
        assert vars(other) == before
