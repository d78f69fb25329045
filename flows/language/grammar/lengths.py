"""Lengths of time and times of the day, in any width of digits."""

import re
import unicodedata
from datetime import time, timedelta

from flows.language.durations import parse_duration
from flows.language.grammar.primitives import Reading, plain_of, wrong
from flows.language.nodes import Node, Scalar

CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")


def duration(node: Node, reading: Reading) -> timedelta | None:
    """10m, 3h, 2d, 1w, 1d12h."""
    length = parse_duration(plain_of(node)) if isinstance(node, Scalar) else None
    if length is None:
        wrong(node, reading, "not_duration")
    return length


def parse_clock(text: str) -> time | None:
    """`HH:MM`, two digits each."""
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        return time.fromisoformat(plain) if CLOCK.fullmatch(plain) else None
    except ValueError:
        return None


def clock(node: Node, reading: Reading) -> time | None:
    """A time of the day."""
    found = parse_clock(node.text) if isinstance(node, Scalar) else None
    if found is None:
        wrong(node, reading, "not_clock")
    return found
