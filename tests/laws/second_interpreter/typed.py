"""What a friend's text means as a number, a date, a telephone number: §3.4, read once more.

None is what is not of the type. The day of a date without a year is counted from `now`.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta

Number = int | float
_ERAS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925, "大正": 1911, "t": 1911, "明治": 1867, "m": 1867}  # fmt: skip
_YES = ["はい", "うん", "ええ", "yes", "y", "ok", "お願いします"]
_NO = ["いいえ", "いや", "ううん", "no", "n", "結構です", "けっこうです"]
_DAYS = {"今日": 0, "明日": 1, "明後日": 2, "あさって": 2}


def nfkc(text: str) -> str:
    """The compatible form, outer spaces removed."""
    return unicodedata.normalize("NFKC", text).strip()


def normal(text: str) -> str:
    """§4.1: two texts match when these are equal."""
    made = nfkc(text).casefold()
    made = " ".join(made.split()) or made
    made = re.sub(r"[。、.,!?]+$", "", made) or made
    return "".join(c for c in made if not _is_picture(c)).strip() or made


def _is_picture(char: str) -> bool:
    is_emoji = ord(char) >= 0x1F000 or 0x2600 <= ord(char) <= 0x27BF
    return is_emoji or char in "\ufe0e\ufe0f\u200d"


def read_as(type_: str, text: str, now: datetime) -> str | Number | None:
    """What is stored of a text of this type, if it is one."""
    plain = nfkc(text)
    readers: dict[str, Callable[[], str | Number | None]] = {
        "text": lambda: text.strip() or None,
        "yesno": lambda: _yes_or_no(text),
        "number": lambda: _number(plain),
        "phone": lambda: _phone(plain),
        "email": lambda: plain if re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", plain) else None,
        "postcode": lambda: _postcode(plain),
        "date": lambda: _date(plain, now),
        "time": lambda: _time(plain),
        "datetime": lambda: _moment(plain, now),
    }
    return readers[type_]() if type_ in readers else None


def _yes_or_no(text: str) -> str | None:
    said = normal(text)
    return "yes" if said in _YES else "no" if said in _NO else None


def _number(text: str) -> Number | None:
    found = re.fullmatch(
        r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(\.\d+)?\s*[円点人名歳才回個本枚台%]?", text
    )
    if found is None:
        return None
    sign, whole, rest = found.groups()
    value = float(f"{sign}{whole.replace(',', '')}{rest or ''}")
    return int(value) if value == int(value) else value


def _phone(text: str) -> str | None:
    bare = re.sub(r"[\s().\-‐‑–—―−ー]", "", re.sub(r"^\+81\s*\(0\)", "0", text))
    bare = re.sub(r"^\+81", "0", bare)
    return bare if re.fullmatch(r"0\d{9,10}", bare) else None


def _postcode(text: str) -> str | None:
    found = re.fullmatch(r"〒?\s*(\d{3})[-‐‑–—―−ー]?(\d{4})", text)
    return "-".join(found.groups()) if found else None


def _date(text: str, now: datetime) -> str | None:
    text = re.sub(r"\s*\([月火水木金土日]\)$", "", text)
    if text in _DAYS:
        return (now.date() + timedelta(days=_DAYS[text])).isoformat()
    era = re.fullmatch(
        r"(令和|平成|昭和|大正|明治|[rhstm])\s*(\d+|元)[年./-](\d+)[月./-](\d+)日?", text.lower()
    )
    if era:
        year = _ERAS[era[1]] + (1 if era[2] == "元" else int(era[2]))
        return _day(year, int(era[3]), int(era[4]))
    whole = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d\d)(\d\d)", text)
    if whole:
        return _day(*(int(part) for part in whole.groups() if part is not None))
    short = re.fullmatch(r"(\d{1,2})[/月](\d{1,2})日?", text)
    return _next_such_day(int(short[1]), int(short[2]), now.date()) if short else None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _next_such_day(month: int, day: int, today: date) -> str | None:
    days = (_day(today.year + years, month, day) for years in range(9))
    return next((found for found in days if found and found >= today.isoformat()), None)


def _time(text: str) -> str | None:
    found = re.fullmatch(r"(午前|午後)?(\d{1,2})(?::(\d\d)|時(?:(\d{1,2})分|(半))?)", text)
    if found is None:
        return None
    half, hours, *minutes = found.groups()
    minute = 30 if minutes[2] else int(minutes[0] or minutes[1] or 0)
    hour = int(hours) + (12 if half == "午後" and int(hours) < 12 else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _moment(text: str, now: datetime) -> str | None:
    for split in range(len(text) - 1, 0, -1):
        day = _date(re.sub(r"[\sTの]$", "", text[:split]), now)
        time = _time(text[split:])
        if day and time:
            return f"{day}T{time}"
    return None
