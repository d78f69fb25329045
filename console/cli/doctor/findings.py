"""What a check of the doctor finds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. key: of its words; what is not `ok` has a remedy there."""

    level: Level
    key: str
    params: Mapping[str, object] = field(default_factory=dict)


Findings = Iterator[Finding]


def ok(key: str, **params: object) -> Finding:
    """As it should be."""
    return Finding("ok", key, params)


def warning(key: str, **params: object) -> Finding:
    """Works, and somebody should look at it."""
    return Finding("warning", key, params)


def error(key: str, **params: object) -> Finding:
    """Customers, staff or data suffer from it, or soon will."""
    return Finding("error", key, params)
