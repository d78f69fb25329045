"""A machine that was off: what fell due meanwhile is done on its return, and nothing twice."""

from datetime import timedelta

import pytest

from flows.language.events import Due, Happened
from flows.language.run import RunTimer
from tests.flows.versions import in_the_middle, texts_of

FLOW = (
    "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\nsteps:\n"
    "  - ask: 色は?\n    id: c\n    remind: [{after: 1h, say: 途中です}, {after: 2h, say: まだです}]\n"
    "    timeout: {after: 3h, say: 時間切れ, goto: fin}\n"
    "  - end: done\n    id: fin\n"
)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (1, ["途中です"]),
        (2.9, ["途中です", "まだです"]),
        (3, ["時間切れ"]),
        (50, ["時間切れ"]),
    ],
)
def test_of_reminders_and_a_time_out_that_are_overdue_only_the_time_out_is_told(
    hours: float, said: list[str]
) -> None:
    middle = in_the_middle({"f.yaml": FLOW}, "始め")
    back = middle.now + timedelta(hours=hours)
    due = [t for t in sorted(middle.run.timers, key=_moment) if t.at <= back]

    heard = [
        text
        for timer in due
        for text in texts_of(
            middle.does(Due(middle.run.id, timer.name, timer.entry), back - middle.now)
        )
    ]

    assert heard == said
    assert (middle.run.status == "ended") == ("時間切れ" in said)


def test_a_start_that_is_late_and_outside_the_window_waits_for_its_next_opening() -> None:
    head = "flow: f\ntitle: 題\nstart: [{event: paid}]\nsend_window: 10:00-12:00\n"
    middle = in_the_middle({"f.yaml": head + "steps:\n  - say: あ\n  - end: done\n"})
    middle.does(Happened("paid"), timedelta(hours=3))
    (first,) = middle.run.timers
    middle.people = "taken"

    middle.does(Due(middle.run.id, first.name, first.entry), timedelta(hours=30))
    (again,) = middle.run.timers
    middle.people = "free"
    turn = middle.does(Due(middle.run.id, again.name, again.entry), again.at - middle.now)

    assert again.at - first.at == timedelta(days=1)
    assert texts_of(turn) == ["あ"]


def _moment(timer: RunTimer) -> tuple[object, str]:
    return timer.at, timer.name
