"""What an installation may write into its environment."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_anything_set_it_runs_on_sqlite_and_has_no_messenger() -> None:
    settings = Settings()
    assert settings.database_url.startswith("sqlite:///var/")
    assert settings.token("telegram") is None
    assert settings.api("bale") == "https://tapi.bale.ai"


def test_an_empty_value_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "")
    monkeypatch.setenv("BALE_API", "")
    assert Settings().token("telegram") is None
    assert Settings().api("bale") == "https://tapi.bale.ai"


def test_values_come_from_the_environment_and_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BALE_TOKEN=5:abc\nADMINISTRATORS=telegram:1000, bale:2000\nUNKNOWN=1\n")
    monkeypatch.setenv("TELEGRAM_TOKEN", "7:def")
    monkeypatch.setenv("TELEGRAM_API", "http://127.0.0.1:8081/")
    settings = Settings()
    assert (settings.token("telegram"), settings.token("bale")) == ("7:def", "5:abc")
    assert settings.administrators == {("telegram", 1000), ("bale", 2000)}
    assert settings.api("telegram") == "http://127.0.0.1:8081"


def test_tokens_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "7:unseen")
    assert "unseen" not in repr(Settings())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADMINISTRATORS", "@somebody"),
        ("ADMINISTRATORS", "eitaa:5"),
        ("SECRET_KEY", "short"),
        ("BALE_API", "tapi.bale.ai"),
        ("WEB_PORT", "99999"),
        ("TELEGRAM_RATE", "0"),
    ],
)
def test_a_mistake_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as raised:
        Settings()
    assert str(raised.value.errors()[0]["loc"][0]).upper() == name
