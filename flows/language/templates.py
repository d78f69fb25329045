"""Texts with holes: `{{path}}`, `{{path | filter}}`, `{{path | filter:argument}}`.

Parsed when a file is loaded, never when a customer writes: what a customer typed is only ever a
value. Output is plain text. Something missing is the empty text.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from flows.language.sayings.saying import Saying, saying
from flows.language.words import Value

WEEKDAYS = "月火水木金土日"
FILTERS = frozenset({"date", "time", "datetime", "yen", "san", "join", "default"})
_ALWAYS_AS_MOMENT = "calendar.next_open"


class TemplateError(ValueError):
    """The text is not a template: a hole that is not closed, empty, or with an unknown filter.

    number: which hole it is, from 0; None for a `}}` that closes none.
    """

    def __init__(self, about: Saying, number: int | None) -> None:
        super().__init__(about.key)
        self.about, self.number = about, number


@dataclass(frozen=True, slots=True)
class Slot:
    """One hole: where its value comes from, and how it is shown. path_at: from the first brace."""

    path: str
    filters: tuple[tuple[str, str], ...] = ()
    path_at: int = len("{{")


@dataclass(frozen=True, slots=True)
class Template:
    """Texts and holes, in order."""

    parts: tuple[str | Slot, ...]

    def slots(self) -> list[Slot]:
        """The holes."""
        return [part for part in self.parts if isinstance(part, Slot)]


Lookup = Callable[[str], Value]


def parse_template(text: str) -> Template:
    """Raises TemplateError."""
    parts: list[str | Slot] = []
    before, *holes = text.split("{{")
    parts.extend(_plain(before))
    for number, hole in enumerate(holes):
        inner, closing, after = hole.partition("}}")
        if not closing:
            raise TemplateError(Saying("hole_not_closed"), number)
        parts.append(_slot(inner, number))
        parts.extend(_plain(after))
    return Template(tuple(parts))


def render(template: Template, lookup: Lookup) -> str:
    """The text with every hole filled; `lookup` answers None where there is nothing."""
    return "".join(
        part if isinstance(part, str) else _fill(part, lookup) for part in template.parts
    )


def show(value: Value) -> str:
    """A value as plain text: short numbers, lists joined by 、, `2026-12-01 10:00`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, int | float):
        return f"{value:.15g}" if isinstance(value, float) else str(value)
    if isinstance(value, str):
        return value.replace("T", " ") if _moment(value) is not None and "T" in value else value
    return "、".join(value)


def _plain(text: str) -> list[str]:
    if "}}" in text:
        raise TemplateError(Saying("hole_not_opened"), None)
    return [text] if text else []


def _slot(inner: str, number: int) -> Slot:
    path, *filters = [piece.strip() for piece in inner.split("|")]
    if not path:
        raise TemplateError(Saying("hole_empty"), number)
    path_at = len("{{") + len(inner) - len(inner.lstrip())
    return Slot(path, tuple(_filter(piece, number) for piece in filters), path_at)


def _filter(piece: str, number: int) -> tuple[str, str]:
    name, _, argument = piece.partition(":")
    if name.strip() not in FILTERS:
        known = tuple(sorted(FILTERS))
        raise TemplateError(saying("no_filter", name=name.strip(), filters=known), number)
    return name.strip(), argument.strip()


def _fill(slot: Slot, lookup: Lookup) -> str:
    value = lookup(slot.path)
    filters = slot.filters or ((("datetime", ""),) if slot.path == _ALWAYS_AS_MOMENT else ())
    for name, argument in filters:
        value = _APPLY[name](value, argument)
    return show(value)


def _as_date(value: Value, argument: str) -> Value:
    moment = _moment(value)
    if moment is None or isinstance(moment, time):
        return value
    year = f"{moment.year}年" if argument == "long" else ""
    return f"{year}{moment.month}月{moment.day}日({WEEKDAYS[moment.weekday()]})"


def _as_time(value: Value, _argument: str) -> Value:
    moment = _moment(value)
    if moment is None or not isinstance(moment, datetime | time):
        return value
    return f"{moment.hour}:{moment.minute:02}"


def _as_datetime(value: Value, _argument: str) -> Value:
    moment = _moment(value)
    if not isinstance(moment, datetime):
        return _as_date(value, "")
    return f"{_as_date(value, '')} {_as_time(value, '')}"


def _as_yen(value: Value, _argument: str) -> Value:
    number = as_number(value)
    return value if number is None else f"{number:,.10g}円" if number % 1 else f"{int(number):,}円"


def _with_san(value: Value, _argument: str) -> Value:
    text = show(value)
    return f"{text}さん" if text else None


def _joined(value: Value, sign: str) -> Value:
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    return sign.join(value) if is_list else value  # type: ignore[arg-type] # is_list says so


def _or_default(value: Value, argument: str) -> Value:
    return value if show(value) else argument


def as_number(value: Value) -> float | int | None:
    """A number, or a text that is one."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,18}(?:\.\d{1,18})?", value.strip()):
        return float(value) if "." in value else int(value)
    return None


def _moment(value: Value) -> datetime | date | time | None:
    if not isinstance(value, str):
        return None
    for pattern, read in _MOMENTS:
        if pattern.fullmatch(value):
            try:
                return read(value)
            except ValueError:
                return None
    return None


_MOMENTS: tuple[tuple[re.Pattern[str], Callable[[str], datetime | date | time]], ...] = (
    (re.compile(r"\d{4}-\d\d-\d\d"), date.fromisoformat),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d"), datetime.fromisoformat),
    (re.compile(r"\d\d:\d\d"), time.fromisoformat),
)
_APPLY: dict[str, Callable[[Value, str], Value]] = {
    "date": _as_date,
    "time": _as_time,
    "datetime": _as_datetime,
    "yen": _as_yen,
    "san": _with_san,
    "join": _joined,
    "default": _or_default,
}
