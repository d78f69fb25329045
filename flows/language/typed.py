"""What each type of question accepts when it is typed, and what is stored.

Texts are read after NFKC with outer spaces removed. A reader answers the stored value, or None
when the text is not of the type; bounds (`range`, `between`, lengths) are looked at elsewhere.
"""

import re
from collections.abc import Callable
from datetime import datetime

import regex

from flows.language.normalise import normalise, to_ascii_forms
from flows.language.typed_dates import parse_date, parse_datetime, parse_time

Stored = str | int | float
TYPES = (
    "text", "choice", "multi", "yesno", "number", "phone", "email", "postcode", "date", "time",
    "datetime", "image", "location",
)  # fmt: skip

_YES = frozenset(map(normalise, ("はい", "うん", "ええ", "yes", "y", "ok", "お願いします")))
_NO = frozenset(map(normalise, ("いいえ", "いや", "ううん", "no", "n", "結構です", "けっこうです")))
MOST_DIGITS = 18  # more is no amount of anything
_NUMBER = re.compile(
    r"([+−-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(?:円|点|人|名|歳|才|回|個|本|枚|台|%)?"
)
_PHONE_NOISE = re.compile(r"[\s().\-‐‑–—―−ー]")
_PHONE = re.compile(r"0[0-9]{9,10}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_POSTCODE = re.compile(r"〒?\s*([0-9]{3})[-‐‑–—―−ー]?([0-9]{4})")
_GRAPHEME = regex.compile(r"\X")


def read_typed(type_: str, text: str, now: datetime) -> Stored | None:
    """The value to store for a typed text; `now` in the calendar's zone gives 今日 its meaning."""
    if type_ == "text":
        return text.strip() or None
    reader = _READERS.get(type_)
    return reader(to_ascii_forms(text), now) if reader is not None else None


def count_graphemes(text: str) -> int:
    """How many signs a person sees: 👨‍👩‍👧 is one."""
    return len(_GRAPHEME.findall(text))


def parse_number(text: str) -> int | float | None:
    """`1,200円` → 1200; `1.5` → 1.5; None when it is no number."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    sign, whole, fraction = match[1].replace("−", "-"), match[2], match[3]
    digits = whole.replace(",", "")
    if len(digits) > MOST_DIGITS:
        return None
    if fraction:
        number = float(f"{sign}{digits}{fraction}")
        return int(number) if number.is_integer() else number
    return int(f"{sign}{digits}")


def _yesno(text: str, _now: datetime) -> str | None:
    answer = normalise(text)
    return "yes" if answer in _YES else "no" if answer in _NO else None


def _number(text: str, _now: datetime) -> int | float | None:
    return parse_number(text)


def _phone(text: str, _now: datetime) -> str | None:
    digits = _PHONE_NOISE.sub("", text)
    if digits.startswith("+81"):
        digits = "0" + digits[3:].removeprefix("0")
    return digits if _PHONE.fullmatch(digits) else None


def _email(text: str, _now: datetime) -> str | None:
    return text if _EMAIL.fullmatch(text) else None


def _postcode(text: str, _now: datetime) -> str | None:
    match = _POSTCODE.fullmatch(text)
    return f"{match[1]}-{match[2]}" if match else None


def _date(text: str, now: datetime) -> str | None:
    day = parse_date(text, now.date())
    return day.isoformat() if day is not None else None


def _time(text: str, _now: datetime) -> str | None:
    moment = parse_time(text)
    return moment.strftime("%H:%M") if moment is not None else None


def _datetime(text: str, now: datetime) -> str | None:
    moment = parse_datetime(text, now.date())
    return moment.strftime("%Y-%m-%dT%H:%M") if moment is not None else None


_READERS: dict[str, Callable[[str, datetime], Stored | None]] = {
    "yesno": _yesno,
    "number": _number,
    "phone": _phone,
    "email": _email,
    "postcode": _postcode,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
}
