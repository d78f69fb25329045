"""The managers' tools on flows of every verb made at random: they end, and crash over none."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from flows.language.drawing.picture import picture_of
from flows.language.drawing.placing import place
from flows.language.exploring import search
from flows.language.exploring.verdicts import CRASHED, explore
from flows.language.loader import Folder
from tests.laws.random_flows import folders

ENDLESS = "without end"  # flows that start each other are told, not crashed over
TOO_DEEP = "ここから呼べません"


@pytest.fixture(autouse=True)
def a_small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_DOINGS", 120)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(folders())
def test_exploring_crashes_over_no_flow_and_says_the_same_twice(folder: Folder) -> None:
    report, again = explore(folder, ()), explore(replace(folder), ())

    assert report == again
    crashes = [problem.message for problem in report.problems if problem.code == CRASHED]
    assert [text for text in crashes if ENDLESS not in text and TOO_DEEP not in text] == []
    for each in report.flows:
        assert set(each.missed) <= set(each.transitions)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(folders())
def test_every_flow_is_drawn_with_all_its_steps(folder: Folder) -> None:
    for flow in folder.flows.values():
        drawing = place(picture_of(flow))

        drawn = {box.node.id for box in drawing.boxes}
        assert {step.name for step in flow.steps} <= drawn
        assert all(
            arrow.source in drawn and arrow.dest in drawn for arrow in drawing.picture.arrows
        )
