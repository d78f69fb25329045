"""What people keep back for more than a day is not sent out of the blue when they are gone."""

from datetime import timedelta

import pytest

from flows.language.effects import ShowKeptBack
from flows.language.events import Due, Happened, Released, Tagged, Taken
from flows.language.parking import KEPT_BACK
from tests.flows.versions import in_the_middle, texts_of

WAIT = """
flow: f
title: 見本のご案内
start: [{keyword: 始め}]
steps:
  - say: はじめに
  - wait: 1h
    id: first
  - say: つづき
  - wait: 3d
    id: second
  - say: おしまい
  - end: done
"""
LATER = WAIT.replace("flow: f", "flow: g").replace("{keyword: 始め}", "{event: purchase}")
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(("length", "is_sent"), [(KEPT_BACK, True), (KEPT_BACK + SECOND, False)])
def test_a_timer_that_people_kept_back_for_more_than_a_day_ends_its_run(
    length: timedelta, *, is_sent: bool
) -> None:
    middle = in_the_middle({"f.yaml": WAIT}, "始め")
    middle.does(Taken())
    middle.people = "taken"
    [timer] = middle.run.timers
    due = Due(middle.run.id, timer.name, timer.entry)
    assert texts_of(middle.does(due, after=timedelta(hours=2))) == []

    middle.people = "free"
    turn = middle.does(Released("resolved"), after=length)

    told = [effect for effect in turn.effects if isinstance(effect, ShowKeptBack)]
    if is_sent:
        assert (texts_of(turn), told) == (["つづき"], [])
        assert middle.run.kept_at is None
    else:
        assert (texts_of(turn), told) == ([], [ShowKeptBack(middle.run.id, "見本のご案内")])
        assert (middle.run.status, middle.run.end) == ("ended", "kept_back")


def test_only_the_time_that_people_took_counts_and_each_handoff_by_itself() -> None:
    question = WAIT.replace("wait: 1h", "ask: いくつ?\n    type: number")
    middle = in_the_middle({"f.yaml": question, "g.yaml": LATER}, "始め")
    middle.does(Happened("purchase"))  # held behind the question
    held = middle.run
    assert (held.flow, held.held, held.kept_at) == ("g", "begin", None)

    for _ in range(3):
        middle.people = "asked"
        middle.does(Tagged("見本"), after=timedelta(hours=20))
        assert middle.run.kept_at == middle.now
        middle.people = "free"
        middle.does(Released("returned"), after=timedelta(hours=20))
        assert middle.run.held == "begin"
        assert middle.run.kept_at is None

    assert texts_of(middle.says("3")) == ["つづき", "はじめに"]
