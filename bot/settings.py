"""The settings: environment variables, or lines of a file named .env."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_ADMINISTRATOR = re.compile(r"(telegram|bale):(\d{1,19})")
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def check_endpoint(address: str, *, allow_http: bool) -> None:
    """Raise ValueError unless a bucket's server may be spoken to at this address."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or "@" in parts.netloc:
        raise ValueError("S3_ENDPOINT is the server's address alone, such as https://s3.example.com")
    if parts.scheme == "http" and parts.hostname not in _HERE and not allow_http:
        raise ValueError("S3_ENDPOINT begins with https://, as files and keys travel there; or set S3_ALLOW_HTTP=true")


class Settings(BaseSettings):
    """What an installation decides; an empty value counts as not given."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    telegram_token: SecretStr | None = None
    telegram_api: str = "https://api.telegram.org"
    telegram_proxy: str | None = None
    telegram_webhook: bool = False
    telegram_rate: float = Field(28, gt=0, le=1000)  # messages per second, over all chats
    bale_token: SecretStr | None = None
    bale_api: str = "https://tapi.bale.ai"
    bale_webhook: bool = False
    bale_rate: float = Field(5, gt=0, le=1000)
    database_url: str = "sqlite:///var/bot137.db"
    media_dir: Path = Path("var/media")
    s3_endpoint: str | None = None
    s3_bucket: str | None = None
    s3_access_key: SecretStr | None = None
    s3_secret_key: SecretStr | None = None
    s3_region: str = "us-east-1"
    s3_prefix: str = ""
    s3_allow_http: bool = False
    city: Path = Path("cities/mashhad")
    model_dir: Path = Path("var/models")
    training_python: Path = Path(".venv-train/bin/python")
    administrators: Annotated[frozenset[tuple[str, int]], NoDecode] = frozenset()
    web_host: str = "127.0.0.1"
    web_port: int = Field(8137, ge=0, le=65535)
    public_url: str = "http://127.0.0.1:8137"
    secret_key: SecretStr | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("administrators", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        people = set()
        for word in filter(None, (part.strip() for part in value.split(","))):
            found = _ADMINISTRATOR.fullmatch(word)
            if found is None:
                raise ValueError(f"{word!r} is not of the form telegram:1000 or bale:2000")
            people.add((found[1], int(found[2])))
        return frozenset(people)

    @field_validator("telegram_api", "bale_api", "public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _bucket(self) -> Self:
        needed = ("s3_endpoint", "s3_bucket", "s3_access_key", "s3_secret_key")
        missing = [name.upper() for name in needed if getattr(self, name) is None]
        if missing and len(missing) < len(needed):
            raise ValueError(f"for files in a bucket {', '.join(missing)} must be given too")
        if self.s3_endpoint is not None:
            check_endpoint(self.s3_endpoint, allow_http=self.s3_allow_http)
        return self

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("at least 32 characters are needed")
        return value

    def token(self, messenger: str) -> str | None:
        """Return the token of a messenger's bot, None when it is off."""
        secret: SecretStr | None = getattr(self, f"{messenger}_token")
        return secret.get_secret_value().strip() if secret else None

    def api(self, messenger: str) -> str:
        """Return the address of a messenger's Bot API."""
        return str(getattr(self, f"{messenger}_api"))

    def proxy(self, messenger: str) -> str | None:
        """Return the proxy through which a messenger is reached."""
        return getattr(self, f"{messenger}_proxy", None)

    def webhook(self, messenger: str) -> bool:
        """Say whether a messenger is to deliver updates instead of being asked for them."""
        return bool(getattr(self, f"{messenger}_webhook"))

    def rate(self, messenger: str) -> float:
        """Return how many messages per second a messenger's bot may send."""
        return float(getattr(self, f"{messenger}_rate"))
