"""Which questions with choices or numbers a turn saw answered, and with what.

Answers in words are left where they are: only what a choice or a number says is counted.
"""

import math
from collections.abc import Iterator, Sequence

from flows.language.book import Book
from flows.language.conditions import Missing
from flows.language.grammar.asks import yesno_choices
from flows.language.grammar.shapes import Ask
from flows.language.routing import Turn
from flows.language.run import Frame
from flows.language.stays import Stay
from flows.language.words import Value
from storage.run_answers import OTHER, Answered

LONGEST_VALUE = 200


def answers_of(turn: Turn, book: Book) -> list[Answered]:
    """The answers of one turn, in the order in which they were given."""
    found = (_answered(turn, book, stay) for stay in turn.stays if "answered" in stay.met)
    return [answer for answer in found if answer is not None]


def _answered(turn: Turn, book: Book, stay: Stay) -> Answered | None:
    compiled = book.find(stay.hash)
    step = compiled.steps.get(stay.step) if compiled is not None else None
    if step is None or not isinstance(step.body, Ask):
        return None
    value = next((frame.answers[stay.step] for frame in _frames(turn, stay)), None)
    if value is None or isinstance(value, Missing):  # skipped, timed out
        return None
    values = _values(step.body, value)
    if values is None:
        return None
    return Answered(stay.run_id, stay.flow, stay.step, stay.hash, values, _number(values))


def _frames(turn: Turn, stay: Stay) -> Iterator[Frame]:
    """The frames in which the answer may stand: of the run, and called ones that are over."""
    runs = (run for run in turn.runs if run.id == stay.run_id)
    frames = [*(frame for run in runs for frame in reversed(run.frames))]
    for frame in (*frames, *(frame for frame, _ in turn.left)):
        if (frame.flow, frame.hash) == (stay.flow, stay.hash) and stay.step in frame.answers:
            yield frame


def _values(ask: Ask, value: Value) -> list[str] | None:
    """None: a question in words."""
    if isinstance(value, int | float):
        return [f"{value:g}"]
    known = {choice.value for choice in yesno_choices(ask)}
    if not known:
        return None
    given = [value] if isinstance(value, str) else list(value or ())
    return [one[:LONGEST_VALUE] if one in known else OTHER for one in given]


def _number(values: Sequence[str]) -> float | None:
    """A number, also one that is written on a choice."""
    try:
        number = float(values[0]) if len(values) == 1 else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None
