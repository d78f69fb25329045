"""Every transition that stands in a file has a name, and is counted once a talk takes it."""

import json
from collections.abc import Mapping

import pytest

from flows.language.book import book_of
from flows.language.checker import check
from flows.language.covered import Coverage
from flows.language.edges import transitions_of
from flows.language.loader import load_files, load_folder
from flows.language.talk_tests import run_tests
from tests.commands import typed
from tests.flows.talks import CHILD, FIN, HUMAN, WAIT, flow, other
from tests.flows.test_salon import FLOWS

COLOUR = (
    "  - ask: 色は?\n    id: c\n    choices: [赤, {青: {goto: fin}}]\n    skip: わからない\n    retry: 1\n"
    "    give_up: {goto: fin}\n    remind: {after: 10m, say: まだですか}\n" + WAIT
)


def named(files: Mapping[str, str]) -> list[str]:
    book = book_of(load_files({name: text.encode() for name, text in files.items()}))
    version = book.head("f")
    assert version is not None
    return [str(transition) for transition in transitions_of(version)]


def covered(files: Mapping[str, str], talk: str) -> Coverage:
    case = f"test: f\ncases:\n  - name: t\n    talk: [{talk}]\n"
    files = {**files, "tests/t.yaml": case}
    folder = load_files({name: text.encode() for name, text in files.items()})
    report = run_tests(folder, check(folder))
    assert [result.failures for result in report.cases] == [()]
    (found,) = (each for each in report.coverage if each.flow == "f")
    return found


def test_a_question_names_each_choice_and_everything_else_that_may_happen_to_it() -> None:
    head = "start: [{keyword: 始め}]\ncancel_words: [やめる]\nstop_when: {tag: 常連}\n"

    assert named(flow(COLOUR + FIN, head)) == [
        "c --answer[赤]→ fin",
        "c --answer[青]→ fin",
        "c --answer[わからない]→ fin",
        "c --answer[give_up]→ fin",
        "c --answer[wrong]→ c",
        "c --timeout→ fin",
        "c --remind[1]→ c",
        "fin --next→ (終わり)",
        "* --stop→ (終わり)",
        "* --cancel→ (終わり)",
    ]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("  - switch:\n      - {when: {tag: [大, 小], field.memo: '>= 3'}, say: a}\n      - {else: {}}\n",
         ["_1_switch --next[tag: 大/小、field.memo: >= 3]→ fin", "_1_switch --next[else]→ fin"]),
        ("  - switch: message\n    cases: [{words: [予約, よやく], say: a}]\n",
         ["_1_switch --next[予約・よやく]→ fin", "_1_switch --next[その他]→ fin"]),
        ("  - if: {business_hours: open}\n    then: {goto: fin}\n  - say: a\n    only_if: {not: {tag: 大}}\n",
         ["_1_if --next[business_hours: open]→ fin", "_1_if --next[else]→ _2_say",
          "_2_say --next[only_if]→ fin", "_2_say --next→ fin"]),
        ("  - random: [{weight: 1, say: a}, {weight: 2, goto: fin}]\n",
         ["_1_random --next[1]→ fin", "_1_random --next[2]→ fin"]),
        ("  - wait: 1d\n    id: w\n", ["w --wake→ fin"]),
        ("  - wait: {until: field.on, late: {goto: fin}}\n    id: w\n", ["w --wake→ fin", "w --next[late]→ fin"]),
        ("  - wait_for: {event: paid}\n    id: w\n" + WAIT, ["w --matched→ fin", "w --timeout→ fin"]),
        ("  - start: g\n", ["_1_start --next→ fin"]),
        ("  - call: g\n    id: k\n", ["k --child_done→ fin"]),
        ("  - repeat: {times: 2, as: n, steps: [{say: a}]}\n    id: r\n",
         ["r --next[最初の回]→ _r_1_say", "r --next[次の回]→ _r_1_say", "r --next[最後の回のあと]→ fin",
          "_r_1_say --next→ r"]),
        ("  - ask: 何点?\n    id: n\n    type: number\n    integer: yes\n    range: [1, 2]\n    choices: [1, 2]\n" + WAIT,
         ["n --answer[1]→ fin", "n --answer[2]→ fin", "n --answer[wrong]→ n", "n --timeout→ fin"]),
        (HUMAN + "    timeout: {after: 1h, say: お待ちを, stay: yes}\n", ["h --done→ fin", "h --timeout→ h"]),
    ],
)  # fmt: skip
def test_each_verb_has_its_transitions(steps: str, expected: list[str]) -> None:
    files = {**flow(steps + FIN), **other("g", CHILD)}

    assert named(files) == [*expected, "fin --next→ (終わり)"]


def test_what_a_talk_takes_is_taken_and_the_rest_is_missed() -> None:
    found = covered(flow(COLOUR + FIN), "{user: 始め}, {wait: 20m}, {user: みどり}, {tap: 青}")

    assert [str(transition) for transition in found.missed] == [
        "c --answer[赤]→ fin",
        "c --answer[わからない]→ fin",
        "c --answer[give_up]→ fin",
        "c --timeout→ fin",
    ]


def test_every_transition_of_a_flow_can_be_taken_by_talks() -> None:
    files = flow(
        "  - faq: message\n    id: q\n    unknown: {handoff: 受付}\n" + WAIT + FIN,
        "start: [message]\n",
    )
    talks = (
        "{user: 車で行けますか}, {tap: 駐車場はありますか}, {user: 車で行けますか}, {user: 車で行けますか}, {wait: 2h}, "
        "{user: 駐車場はありますか}, {user: 楽器}, {operator: take}, {operator: done}, "
        "{user: 車で行けますか}, {tap: 担当者に聞く}"
    )

    assert covered(files, talks).missed == ()


def test_the_command_names_what_no_test_takes_in_text_and_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert typed("flows", "test", "--coverage", str(FLOWS)) == 0
    text = capsys.readouterr().out
    assert typed("flows", "test", "--coverage", "--format", "json", str(FLOWS)) == 0
    told = json.loads(capsys.readouterr().out)

    by_flow = {each["flow"]: each for each in told["coverage"]}
    assert set(by_flow) == set(load_folder(FLOWS).flows)
    for each in told["coverage"]:
        assert set(each) == {"flow", "file", "states", "transitions", "taken", "missed"}
        assert each["taken"] + len(each["missed"]) == each["transitions"]
        assert all(f"通っていない道: {missed}" in text for missed in each["missed"])


def test_without_the_option_nothing_is_said_of_coverage(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("flows", "test", "--format", "json", str(FLOWS)) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"cases", "problems", "summary"}
