"""Dates and times as people in Japan type them, read after NFKC."""

import re
from datetime import date, datetime, time, timedelta

ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
ERA_LETTERS = {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治"}
NEARBY = {"今日": 0, "本日": 0, "明日": 1, "明後日": 2, "あさって": 2}

_WEEKDAY = re.compile(r"\s*\([月火水木金土日](?:曜日?)?\)")
_ERA = re.compile(
    r"(令和|平成|昭和|大正|明治|[RHSTMrhstm])\s*(元|\d{1,2})(?:年|[./-])\s*(\d{1,2})(?:月|[./-])\s*(\d{1,2})日?"
)
_FULL = re.compile(r"(\d{4})(?:[-/.]|年\s*)(\d{1,2})(?:[-/.]|月\s*)(\d{1,2})日?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT = re.compile(r"(\d{1,2})(?:/|月\s*)(\d{1,2})日?")
_TIME = re.compile(r"(午前|午後)?\s*(\d{1,2})(?::(\d{2})|時(?:(\d{1,2})分|(半))?)")
_BETWEEN = re.compile(r"[\sTtの]*")


def parse_date(text: str, today: date) -> date | None:
    """A whole text that is a date; None when it is none, or a day that does not exist."""
    found = _date_at_start(text, today)
    return found[0] if found is not None and not found[1].strip() else None


def parse_time(text: str) -> time | None:
    """A whole text that is a time of day, 0:00–23:59."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    half, hour_text, minute, minute_ja, half_past = match.groups()
    hour = int(hour_text)
    minutes = 30 if half_past else int(minute or minute_ja or 0)
    if half is not None:
        if hour > 12:  # noqa: PLR2004 # a clock face
            return None
        hour = hour % 12 + (12 if half == "午後" else 0)
    return time(hour, minutes) if hour < 24 and minutes < 60 else None  # noqa: PLR2004


def parse_datetime(text: str, today: date) -> datetime | None:
    """A date, then a space, T, の or nothing, then a time; without a time zone."""
    found = _date_at_start(text, today)
    if found is None:
        return None
    day, rest = found
    moment = parse_time(rest[len(_matched(_BETWEEN, rest)) :].strip())
    return datetime.combine(day, moment) if moment is not None else None


def _matched(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.match(text)
    return match.group() if match else ""


def _date_at_start(text: str, today: date) -> tuple[date, str] | None:
    for word in sorted(NEARBY, key=len, reverse=True):
        if text.startswith(word):
            return today + timedelta(days=NEARBY[word]), _without_weekday(text[len(word) :])
    for pattern, read in _READERS:
        match = pattern.match(text)
        if match is not None:
            day = read(match, today)
            return (day, _without_weekday(text[match.end() :])) if day is not None else None
    return None


def _without_weekday(rest: str) -> str:
    return rest[len(_matched(_WEEKDAY, rest)) :]


def _read_era(match: re.Match[str], _today: date) -> date | None:
    era = ERA_LETTERS.get(match[1].upper(), match[1])
    year = ERAS[era] + (1 if match[2] == "元" else int(match[2]))
    return _existing(year, int(match[3]), int(match[4]))


def _read_full(match: re.Match[str], _today: date) -> date | None:
    return _existing(int(match[1]), int(match[2]), int(match[3]))


def _read_short(match: re.Match[str], today: date) -> date | None:
    month, day = int(match[1]), int(match[2])
    for year in range(today.year, today.year + 9):  # the next such day; 29 February may be far
        candidate = _existing(year, month, day)
        if candidate is not None and candidate >= today:
            return candidate
    return None


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_READERS = (
    (_ERA, _read_era),
    (_FULL, _read_full),
    (_DIGITS, _read_full),
    (_SHORT, _read_short),
)
