"""Who is told: the cases that the server and the browser must decide alike, and the same start."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from console.notice_bodies import Notices
from storage.notice_rules import AT_FIRST, CHANNELS, OCCASIONS, Person, Told, complete, decide

WEB = Path(__file__).parent.parent.parent / "console" / "web"
CASES = json.loads((WEB / "tests" / "notice-cases.json").read_text())


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None


def person_of(given: dict[str, Any]) -> Person:
    def some(names: list[str] | None) -> frozenset[str] | None:
        return frozenset(names) if names is not None else None

    return Person(
        given["id"], given["name"], some(given["queues"]), some(given["accounts"]),
        frozenset(given["house_queues"]),
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_server_decides_as_the_cases_say(case: dict[str, Any]) -> None:
    told = case["told"]
    known = Told(
        told["is_looking"],
        moment(told["looked_at"]),
        {occasion: datetime.fromisoformat(at) for occasion, at in told["told_at"].items()},
    )

    decision = decide(
        case["entry"], person_of(case["person"]), complete(case["rules"]), known,
        now=datetime.fromisoformat(case["now"]), zone=case["zone"],
    )  # fmt: skip

    if case["expected"] is None:
        assert decision is None
        return
    assert decision is not None
    assert decision.occasion == case["expected"]["occasion"]
    assert list(decision.channels) == case["expected"]["channels"]
    assert decision.is_quiet is case["expected"]["is_quiet"]


def test_the_cases_have_every_occasion_and_every_means() -> None:
    expected = [case["expected"] for case in CASES if case["expected"] is not None]

    assert {one["occasion"] for one in expected} == set(OCCASIONS)
    assert {channel for one in expected for channel in one["channels"]} == set(CHANNELS)


def test_everybody_begins_alike_at_the_door_on_the_server_and_in_the_browser() -> None:
    source = (WEB / "src" / "notices" / "rules.ts").read_text()
    matrix = {
        occasion: re.findall(r"'(\w+)'", means)
        for occasion, means in re.findall(r"^    (\w+): by\((.*)\),$", source, re.MULTILINE)
    }

    assert Notices().model_dump(mode="json") == AT_FIRST
    assert matrix == {
        occasion: [channel for channel in CHANNELS if means[channel]]
        for occasion, means in AT_FIRST["matrix"].items()
    }
