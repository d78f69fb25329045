"""Bundles that were stored long ago: brought to today's grammar, or set aside with a person."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from flows.language.book import DoesNotLoad, compile_bundle
from flows.language.effects import AskPerson, ShowTrouble
from flows.language.events import Due, Released, Republished
from flows.language.grammar_changes import CHANGES, GRAMMAR, UnknownGrammar, up_to_date
from tests.flows.versions import bundles_of, in_the_middle, texts_of

FIXTURES = Path(__file__).parent / "grammars"
FLOW = (
    "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\nsteps:\n"
    "  - ask: 大きさは?\n    id: size\n    choices: [大, 小]\n    timeout: {after: 1h}\n"
    "  - end: done\n"
)
FILES = {"f.yaml": FLOW}


def _renamed_verb(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    steps = [{"say": s["talk"]} if "talk" in s else s for s in tree["flow"]["steps"]]
    return {**tree, "flow": {**tree["flow"], "steps": steps}}


def _renamed_end(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    steps = [{"end": "finished"} if "end" in s else s for s in tree["flow"]["steps"]]
    return {**tree, "flow": {**tree["flow"], "steps": steps}}


def test_a_bundle_of_an_older_grammar_goes_through_every_change_up_to_todays() -> None:
    old = json.loads((FIXTURES / "1_in.json").read_text())
    new = json.loads((FIXTURES / "1_out.json").read_text())
    chain = {1: _renamed_verb, 2: _renamed_end}

    assert up_to_date(old, chain, current=3) == new
    assert up_to_date(new, chain, current=3) == new
    assert json.loads((FIXTURES / "1_in.json").read_text()) == old  # what is stored stays


def test_the_chain_leads_from_every_older_number_to_todays() -> None:
    assert sorted(CHANGES) == list(range(1, GRAMMAR))


@pytest.mark.parametrize("number", [None, 0, GRAMMAR + 1, "1"])
def test_a_grammar_that_nobody_knows_does_not_load(number: object) -> None:
    (_, tree) = bundles_of(FILES)["f"]

    with pytest.raises(UnknownGrammar):
        up_to_date({**tree, "grammar": number})
    with pytest.raises(DoesNotLoad):
        compile_bundle({**tree, "grammar": number}, "h")


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"flow": "f"},
        {"flow": {"flow": "f", "title": "題", "steps": [{"sing": "ラ"}]}},
        {"flow": {"flow": "f", "title": "題", "steps": [{"say": "a", "goto": "nowhere"}]}},
    ],
)
def test_a_bundle_of_which_a_part_would_be_left_unread_does_not_load(tree: dict[str, Any]) -> None:
    with pytest.raises(DoesNotLoad):
        compile_bundle({"grammar": GRAMMAR, **tree}, "h")


def test_who_walks_through_an_unreadable_version_waits_for_a_person_and_is_not_dropped() -> None:
    middle = in_the_middle(FILES, "始め")
    whole = middle.trees[middle.run.hash]
    middle.trees[middle.run.hash] = {"grammar": GRAMMAR, "flow": "?"}

    turn = middle.says("小")
    middle.people = "asked"
    again = middle.says("もしもし")
    late = middle.does(Due(middle.run.id, "timeout", middle.run.top.entry))

    assert [type(effect) for effect in turn.effects] == [ShowTrouble, AskPerson]
    assert "読めなくなった" in turn.effects[0].text
    assert (again.effects, late.effects) == ((), ())
    assert (middle.run.end, middle.run.step, middle.run.is_aside) == (None, "size", True)

    middle.trees[middle.run.hash] = whole  # repaired; the person gives the talk back
    middle.people = "free"
    back = middle.does(Released("returned", middle.run.id))

    assert texts_of(back) == ["大きさは?"]
    assert middle.says("小").runs[0].end == "done"


def test_what_a_person_resolved_is_over() -> None:
    middle = in_the_middle(FILES, "始め")
    middle.trees[middle.run.hash] = {}
    middle.says("小")

    middle.does(Released("resolved", middle.run.id))

    assert middle.run.end == "interrupted"


@pytest.mark.parametrize(("how", "ends"), [("restart", ["restarted", None]), ("stop", ["stopped"])])
def test_what_is_set_aside_can_begin_anew_or_be_ended(how: str, ends: list[str | None]) -> None:
    middle = in_the_middle(FILES, "始め")
    middle.trees[middle.run.hash] = {}
    middle.says("小")

    middle.publish({"f.yaml": FLOW.replace("大, 小", "大")}, how)

    assert [run.end for run in middle.runs] == ends


def test_a_flow_that_cannot_be_read_takes_no_other_down() -> None:
    other = FLOW.replace("flow: f", "flow: g").replace("始め", "次")
    middle = in_the_middle({**FILES, "g.yaml": other})
    middle.trees[middle.heads["f"]] = {}

    nobody = middle.says("始め")
    turn = middle.says("次")

    assert not nobody.is_taken
    assert texts_of(turn) == ["大きさは?"]
    assert set(middle.book().broken_heads()) == {"f"}
    assert middle.does(Republished("9.9", "f", None, "stop")).runs == ()
