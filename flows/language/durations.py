"""Durations as managers write them: `10m 3h 2d 1w`, joined from large to small (`1d12h`)."""

import re
from datetime import timedelta

from flows.language.normalise import to_ascii_forms

_PATTERN = re.compile(r"(?:(\d{1,9})w)?(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?")


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
