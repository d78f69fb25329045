"""Where a page of a list ends, as an opaque word for the one who asks for the next."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from storage.refusals import NotFound

MAX_INTEGER = 2**63 - 1


def write_cursor(key: Sequence[datetime | str | int | None]) -> str:
    """The key of a page's last row."""
    parts = [part.isoformat() if isinstance(part, datetime) else part for part in key]
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read_cursor(cursor: str, kinds: Sequence[type]) -> list[Any]:
    """The key again, part by part of these kinds. Raises NotFound for what we did not write."""
    try:
        parts = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_part(part, kind) for part, kind in zip(parts, kinds, strict=True)]
    except (ValueError, TypeError, OverflowError):
        raise NotFound("this page of the list does not exist") from None


def _part(part: Any, kind: type) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(part).astimezone(UTC)
    if not isinstance(part, kind) or (isinstance(part, int) and abs(part) > MAX_INTEGER):
        raise TypeError(part)
    if isinstance(part, str) and "\x00" in part:
        raise ValueError(part)
    return part
