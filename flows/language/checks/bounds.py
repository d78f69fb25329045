"""Bounds that a picker cannot show, or that no answer can keep to."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time

from flows.language.checks.domains import Domains, of_new_answer
from flows.language.checks.possible import can_hold
from flows.language.conditions import moment_of
from flows.language.grammar.shapes import Ask, Flow
from flows.language.normalise import to_ascii_forms
from flows.language.problems import Problems

FIRST_YEAR, LAST_YEAR = 1900, 2100  # LINE's datetime picker
# No flow runs before this day, so `today` is this day or later.
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
MOVING = ("today", "now")


def check_flow(flow: Flow, domains: Domains, problems: Problems) -> None:
    """L107, W207, and F003 of a bound that is no date or time."""
    for step in flow.steps:
        if isinstance(step.body, Ask):
            if step.body.bounds.between is not None:
                _between(step.body, step.body.bounds.between, problems)
            _contradictions(step.name, step.body, domains, problems)


def _between(ask: Ask, pair: tuple[str, str], problems: Problems) -> None:
    place = ask.bounds.places["between"]
    low, high = (_worked_out(text, ask.type) for text in pair)
    if low is None or high is None:
        wrong = pair[0] if low is None else pair[1]
        problems.add(
            "F003",
            place,
            _NO_BOUND[ask.type],
            bound=wrong,
        )
    elif _is_reversed(pair, low, high):
        problems.add(
            "L107",
            place,
            "reversed_between",
            low=pair[0],
            high=pair[1],
        )
    elif any(ask.type != "time" and not _is_in_years(text) for text in (low, high)):
        problems.add(
            "L107",
            place,
            "far_between",
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )


def _worked_out(text: str, type_: str) -> str | None:
    """The bound as it is on the earliest day; None when it is none."""
    like = "2026-12-01" if type_ == "date" else "2026-12-01T00:00"
    try:
        found = moment_of(to_ascii_forms(text), EARLIEST, like)
        return _READ[type_]((found or "").replace(" ", "T"))
    except (OverflowError, ValueError):
        return None


def _is_reversed(pair: tuple[str, str], low: str, high: str) -> bool:
    """Certainly so: what moves with the day only ever moves later."""
    low_moves, high_moves = (text.startswith(MOVING) for text in pair)
    if ":" in low and "T" not in low:  # of times of day, `now` may be any
        return low > high and not low_moves and not high_moves
    return low > high and (low_moves or not high_moves)


def _is_in_years(text: str) -> bool:
    return FIRST_YEAR <= int(text[:4]) <= LAST_YEAR


def _contradictions(name: str, ask: Ask, domains: Domains, problems: Problems) -> None:
    key = _impossible_bound(ask)
    if key:
        problems.add(
            "W207",
            ask.bounds.places[key],
            "no_answer_fits",
            key=key,
        )
    elif ask.check is not None and not ask.choices:
        answering = domains.having(name, of_new_answer(ask))
        if can_hold(ask.check.condition, answering) is False:
            problems.add(
                "W207",
                ask.check.place,
                "no_answer_passes",
            )


def _impossible_bound(ask: Ask) -> str:
    """The key of a bound that shuts out every answer; empty when none does."""
    bounds = ask.bounds
    if bounds.range is not None:
        low, high = bounds.range
        if low > high or (bounds.is_integer and math.ceil(low) > math.floor(high)):
            return "range"
    if bounds.max_length is not None and (bounds.min_length or 0) > bounds.max_length:
        return "max_length"
    if ask.type == "multi" and ask.max is not None and ask.min > ask.max:
        return "max"
    if ask.type == "multi" and ask.min > len(ask.choices):
        return "min"
    return ""


def _date(text: str) -> str:
    return _as_written(date.fromisoformat(text).isoformat(), text)


def _time(text: str) -> str:
    written = text.rpartition("T")[2]
    return _as_written(time.fromisoformat(written).strftime("%H:%M"), written)


def _datetime(text: str) -> str:
    whole = text if "T" in text else f"{text}T00:00"
    return _as_written(datetime.fromisoformat(whole).strftime("%Y-%m-%dT%H:%M"), whole)


def _as_written(canonical: str, text: str) -> str:
    """Answers are compared as text, so only one way of writing will do."""
    if canonical != text:
        raise ValueError(text)
    return canonical


_READ: Mapping[str, Callable[[str], str]] = {"date": _date, "time": _time, "datetime": _datetime}
_NO_BOUND = {
    "date": "not_a_date_bound", "time": "not_a_time_bound", "datetime": "not_a_moment_bound",
}  # fmt: skip
