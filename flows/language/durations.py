"""Durations as managers write them: `10m 3h 2d 1w`, joined from large to small (`1d12h`)."""

import re
from datetime import timedelta

from flows.language.normalise import to_ascii_forms

_PATTERN = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")


def parse_duration(text: str) -> timedelta | None:
    """The length of time; None when the text is none, or is no time at all."""
    match = _PATTERN.fullmatch(to_ascii_forms(text))
    if match is None or not any(match.groups()):
        return None
    weeks, days, hours, minutes = (int(group or 0) for group in match.groups())
    try:
        return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes) or None
    except OverflowError:
        return None


def render_duration(length: timedelta) -> str:
    """The shortest way to write it: `90m` is `1h30m`."""
    minutes = int(length.total_seconds()) // 60
    parts = []
    for unit, size in (("w", 10080), ("d", 1440), ("h", 60), ("m", 1)):
        count, minutes = divmod(minutes, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts)
