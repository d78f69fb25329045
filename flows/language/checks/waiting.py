"""Time that a flow lets pass: days in which nobody can stop it, hours in which it may not send."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from flows.language.grammar.shapes import Flow, Wait
from flows.language.problems import Place, Problems
from flows.language.windows import Window

A_DAY = timedelta(days=1)
ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def check_flow(flow: Flow, problems: Problems) -> None:
    """W209, W212."""
    if flow.send_window is not None:
        _outside(flow, flow.send_window, problems)
    if flow.stop_when is None:
        _unstoppable(flow, problems)


def _outside(flow: Flow, window: Window, problems: Problems) -> None:
    for at, place in _moments(flow):
        if not window.holds(ANY_DAY.replace(hour=at.hour, minute=at.minute)):
            problems.add(
                "W209",
                place,
                "outside_window",
                time=f"{at:%H:%M}",
            )


def _moments(flow: Flow) -> Iterator[tuple[time, Place]]:
    for trigger in flow.triggers:
        coming = trigger.schedule.next_after(ANY_DAY) if trigger.schedule is not None else None
        if coming is not None:
            yield coming.time(), trigger.place
    for step in flow.steps:
        if isinstance(step.body, Wait) and step.body.at is not None:
            yield step.body.at, step.place


def _unstoppable(flow: Flow, problems: Problems) -> None:
    for step in flow.steps:
        if isinstance(step.body, Wait) and _takes_days(step.body):
            problems.add(
                "W212",
                step.place,
                "unstoppable",
            )
            return


def _takes_days(wait: Wait) -> bool:
    is_long = wait.length is not None and wait.length >= A_DAY
    return is_long or bool(wait.day) or wait.until is not None
