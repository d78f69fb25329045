"""The one place where what a log may not say is taken out of it.

Tokens, secrets, passwords and addresses that let somebody in become `…`; LINE's ids of people
become a hash that is the same throughout this install, so that a line can still be followed. Of an
exception only such words are kept as come from the system, the database's own file or LINE: those
of all others may be a customer's.
"""

import hmac
import re
import sqlite3
import traceback
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from urllib3.exceptions import HTTPError

from bot.line_client import LineUnreachable
from storage.seal import derived

HIDDEN = "…"
NAMES = (
    "authorization|cookie|csrf_?token|password|reply_?token|retry_?key|secret|access_?token|token"
)
SECRET_NAME = re.compile(f"(?:.*_)?(?:{NAMES})", re.IGNORECASE)
HASH_LENGTH = 12
LONGEST = 2000
SAYS_NOTHING_OF_PEOPLE = (OSError, sqlite3.Error, HTTPError, LineUnreachable)
_PERSON = re.compile(r"\b([UCR])[0-9a-f]{32}\b")
_NAMED = re.compile(
    rf"""(["']?\b(?:\w+_)?(?:{NAMES})["']?\s*[:=]\s*)("[^"]*"|'[^']*'|(?:Bearer\s+)?[^\s,;)}}\]]+)""",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[^\s\"',]+", re.IGNORECASE)
_ADDRESS = re.compile(r"(/(?:l|e|f|c|p|u|media)/)[^\s\"'\]]+")
# A reply token or a channel secret; a channel access token. Hashes of flows have 64 digits.
_BARE = re.compile(r"\b(?![0-9a-f]{64}\b)(?:[0-9a-f]{32}|[A-Za-z0-9+/_=-]{41,})(?![\w+/=-])")


class Redactor:
    """A step of structlog, after which nothing is added to a line any more."""

    def __init__(self, key: bytes) -> None:
        self._key = derived(key, b"log")

    def __call__(
        self, _logger: Any, _method: str, line: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        error = line.pop("exc_info", None)
        if isinstance(error, tuple) and error[1] is not None:
            line["error"] = tell_error(error[1])
        return {name: self._clean_named(name, value) for name, value in line.items()}

    def clean(self, text: str) -> str:
        """A text without what nobody may read in a log."""
        hashed = _PERSON.sub(self._hashed, text[:LONGEST])
        named = _BEARER.sub(rf"\1 {HIDDEN}", _NAMED.sub(rf"\1{HIDDEN}", hashed))
        return _BARE.sub(HIDDEN, _ADDRESS.sub(rf"\1{HIDDEN}", named))

    def _clean_named(self, name: str, value: Any) -> Any:
        return HIDDEN if SECRET_NAME.fullmatch(name) else self._clean_any(value)

    def _clean_any(self, value: Any) -> Any:
        match value:
            case None | bool() | int() | float():
                return value
            case Mapping():
                return {str(k): self._clean_named(str(k), v) for k, v in value.items()}
            case Sequence() if not isinstance(value, str | bytes):
                return [self._clean_any(one) for one in value]
        return self.clean(str(value))

    def _hashed(self, found: re.Match[str]) -> str:
        digest = hmac.new(self._key, found[0].encode(), "sha256").hexdigest()
        return f"{found[1]}#{digest[:HASH_LENGTH]}"


def tell_error(error: BaseException) -> dict[str, Any]:
    """An exception's kind, where it rose, and what it says if that cannot be a customer's words."""
    frames = traceback.extract_tb(error.__traceback__)
    told: dict[str, Any] = {
        "kind": type(error).__name__,
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    said = _said(getattr(error, "orig", None) or error)
    if said is not None:
        told["said"] = said
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        told["after"] = type(cause).__name__
    return told


def _said(error: BaseException) -> str | None:
    if isinstance(error, SAYS_NOTHING_OF_PEOPLE):
        return str(error).partition("\n")[0]
    state = getattr(error, "sqlstate", None)  # PostgreSQL's own words repeat the row
    return f"SQLSTATE {state}" if state else None
