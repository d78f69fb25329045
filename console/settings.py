"""What the environment says: where things are, and how the world reaches us."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from storage.operators import AT_FIRST, Lasting
from storage.seal import load_key

SHORTEST_IDLE_MIN = 15  # that a session is in use is noted every five minutes
LONGEST_SESSION = timedelta(days=30)
LONGEST_ENCODER_MS = 3000  # a free reply is lost to whoever waits long


class BadSetting(Exception):
    """A variable of the environment has a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """Where the FAQ's texts become vectors. question_prefix, entry_prefix: said before each."""

    url: str
    model: str
    key_file: Path | None = None
    timeout_ms: int = 800
    question_prefix: str = ""
    entry_prefix: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment, read once."""

    data_dir: Path
    database_url: str
    flows_dir: Path
    public_url: str | None
    line_api_url: str
    line_data_api_url: str
    secret_key: str | None
    first_secret_key: str | None = field(default=None, kw_only=True)  # before it was ever changed
    timezone: str
    metrics_token: str | None = None
    backup_dir: Path | None = None  # where serve makes backups by itself
    proxy_hops: int = 0  # reverse proxies in front of us, whose word about the caller is taken
    private_hosts: frozenset[str] = frozenset()  # those of our own net that we may call
    encoder: EncoderSettings | None = None
    sessions_last: Lasting = AT_FIRST

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us over https."""
        return (self.public_url or "").startswith("https://")

    def key(self) -> bytes:
        """The install's key; made once in the data folder."""
        try:
            return load_key(self.data_dir, self.secret_key, self.first_secret_key)
        except ValueError as error:
            raise BadSetting(str(error)) from error


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Raises BadSetting."""
    env = os.environ if environment is None else environment
    data_dir = Path(env.get("MADOGUCHI_DATA_DIR") or "data").absolute()
    zone = env.get("MADOGUCHI_TIMEZONE") or "Asia/Tokyo"
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadSetting(f"MADOGUCHI_TIMEZONE: there is no time zone {zone!r}") from None
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(env) or f"sqlite:///{data_dir}/madoguchi.db",
        flows_dir=Path(env.get("MADOGUCHI_FLOWS_DIR") or "flows").absolute(),
        public_url=(env.get("MADOGUCHI_PUBLIC_URL") or "").rstrip("/") or None,
        line_api_url=env.get("MADOGUCHI_LINE_API_URL") or "https://api.line.me",
        line_data_api_url=env.get("MADOGUCHI_LINE_DATA_API_URL") or "https://api-data.line.me",
        secret_key=env.get("MADOGUCHI_SECRET_KEY") or None,
        first_secret_key=env.get("MADOGUCHI_FIRST_SECRET_KEY") or None,
        timezone=zone,
        metrics_token=env.get("MADOGUCHI_METRICS_TOKEN") or None,
        backup_dir=_folder(env, "MADOGUCHI_BACKUP_DIR"),
        proxy_hops=_count(env, "MADOGUCHI_PROXY_HOPS"),
        private_hosts=_private_hosts(env),
        encoder=_encoder(env),
        sessions_last=_sessions_last(env),
    )


def _database_url(env: Mapping[str, str]) -> str | None:
    url = env.get("MADOGUCHI_DATABASE_URL") or None
    if url is None or url.startswith("sqlite:///"):
        return url
    if not url.startswith("postgresql+psycopg://"):
        raise BadSetting(
            "MADOGUCHI_DATABASE_URL: begins with postgresql+psycopg:// (or sqlite:///)"
        )
    if find_spec("psycopg") is None:
        raise BadSetting(
            "MADOGUCHI_DATABASE_URL: PostgreSQL needs the extra: pip install 'madoguchi[postgres]'"
        )
    return url


def _sessions_last(env: Mapping[str, str]) -> Lasting:
    idle = timedelta(minutes=_count(env, "MADOGUCHI_SESSION_IDLE_MINUTES", 12 * 60))
    absolute = timedelta(hours=_count(env, "MADOGUCHI_SESSION_HOURS", 7 * 24))
    if not timedelta(minutes=SHORTEST_IDLE_MIN) <= idle <= absolute <= LONGEST_SESSION:
        raise BadSetting(
            f"MADOGUCHI_SESSION_IDLE_MINUTES: from {SHORTEST_IDLE_MIN} to the whole length, "
            f"MADOGUCHI_SESSION_HOURS, which is {LONGEST_SESSION.days} days at most"
        )
    return Lasting(idle, absolute)


def _private_hosts(env: Mapping[str, str]) -> frozenset[str]:
    given = (env.get("MADOGUCHI_PRIVATE_HOSTS") or "").split(",")
    return frozenset(host.strip().lower() for host in given if host.strip())


def _encoder(env: Mapping[str, str]) -> EncoderSettings | None:
    url = env.get("MADOGUCHI_ENCODER_URL") or None
    if url is None:
        return None
    model = env.get("MADOGUCHI_ENCODER_MODEL") or None
    if model is None:
        raise BadSetting("MADOGUCHI_ENCODER_MODEL: the encoder's server wants a model's name")
    if find_spec("numpy") is None:
        raise BadSetting(
            "MADOGUCHI_ENCODER_URL: an encoder needs the extra: pip install 'madoguchi[encoder]'"
        )
    _check_encoder_url(url, _private_hosts(env))
    timeout_ms = _count(env, "MADOGUCHI_ENCODER_TIMEOUT_MS", 800)
    if not 1 <= timeout_ms <= LONGEST_ENCODER_MS:
        raise BadSetting(f"MADOGUCHI_ENCODER_TIMEOUT_MS: 1 to {LONGEST_ENCODER_MS} is wanted")
    key_file = env.get("MADOGUCHI_ENCODER_KEY_FILE")
    return EncoderSettings(
        url=url,
        model=model,
        key_file=Path(key_file).absolute() if key_file else None,
        timeout_ms=timeout_ms,
        question_prefix=env.get("MADOGUCHI_ENCODER_QUESTION_PREFIX") or "",
        entry_prefix=env.get("MADOGUCHI_ENCODER_ENTRY_PREFIX") or "",
    )


def _check_encoder_url(url: str, private_hosts: frozenset[str]) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in {"http", "https"} or not host:
        raise BadSetting(
            "MADOGUCHI_ENCODER_URL: a whole address is wanted, https://HOST/v1/embeddings"
        )
    if parts.scheme == "http" and host not in private_hosts:
        raise BadSetting(
            f"MADOGUCHI_ENCODER_URL: plain http is only for hosts of your own net; "
            f"use https, or name it: MADOGUCHI_PRIVATE_HOSTS={host}"
        )


def _folder(env: Mapping[str, str], name: str) -> Path | None:
    """A folder that is there, or can be made."""
    if not (given := env.get(name)):
        return None
    folder = Path(given).absolute()
    nearest = next(place for place in (folder, *folder.parents) if os.path.lexists(place))
    if not nearest.is_dir():
        raise BadSetting(
            f"{name}: {nearest} is no folder. Name one; if it is not there yet, it is made"
        )
    return folder


def _count(env: Mapping[str, str], name: str, default: int = 0) -> int:
    given = env.get(name) or str(default)
    if not given.isascii() or not given.isdigit():
        raise BadSetting(f"{name}: a number from 0 is wanted, not {given!r}")
    return int(given)
