"""Exploring walks every way by itself: it ends, it is repeatable, and it finds what no test thought of."""

import json
from collections.abc import Mapping

import pytest

from flows.language.checker import check
from flows.language.exploring.pattern_samples import sample_of
from flows.language.exploring.verdicts import Report, explore
from flows.language.loader import load_files
from tests.commands import typed
from tests.flows.talks import CHILD, FIN, HUMAN, TALKS, WAIT, flow, other
from tests.flows.test_salon import FLOWS

IMPOSSIBLE = "no talk can take these: the days are still to come, the lists are never that short"
TOO_DEEP = "a run that calls too deep stops, and staff see why"

TROUBLED = [name for name in TALKS if name.endswith("staff see why")]


def explored(files: Mapping[str, str]) -> Report:
    folder = load_files({name: text.encode() for name, text in files.items()})
    problems = check(folder)
    assert [p for p in problems if p.severity == "E"] == []
    return explore(folder, problems)


@pytest.mark.parametrize("name", [name for name in TALKS if name not in TROUBLED])
def test_it_walks_the_whole_language_and_finds_nothing_wrong(name: str) -> None:
    report = explored(TALKS[name][0])

    assert report.problems == ()
    assert report.cut == ()
    assert all(flow.transitions for flow in report.flows)


@pytest.mark.parametrize("name", TROUBLED)
def test_it_finds_every_talk_that_ends_in_trouble(name: str) -> None:
    report = explored(TALKS[name][0])

    assert {problem.code for problem in report.problems} <= {"F040", "explore"}
    assert report.failed >= 1


def test_it_takes_every_way_of_the_shipped_flows_that_a_talk_can_take() -> None:
    shipped = {
        path.relative_to(FLOWS).as_posix(): path.read_text() for path in FLOWS.rglob("*.yaml")
    }

    report = explored(shipped)

    late = {"d1 --next[late]→ _2_say", "d7 --next[late]→ feel", "d30 --next[late]→ _6_if"}
    missed = {str(transition) for each in report.flows for transition in each.missed}
    assert missed <= late, IMPOSSIBLE
    assert report.problems == ()
    assert (report.count, report.failed, report.cut) == (len(report.flows), 0, ())


def test_every_kind_of_question_is_answered_right_and_wrong() -> None:
    types = {
        "name": "type: text, min_length: 2", "code": "type: text, pattern: '[A-Z]{2}-?\\d{3}'",
        "age": "type: number, integer: yes, range: [18, 99]", "tel": "type: phone", "mail": "type: email",
        "post": "type: postcode", "ok": "type: yesno", "day": "type: date, between: [today+3d, today+60d]",
        "hour": "type: time, between: ['11:00', '12:00']",
        "at": "type: datetime, between: [now+2h, now+30d], check: {business_hours: open}",
        "photo": "type: image", "place": "type: location", "many": "type: multi, choices: [a, b, c], min: 2, max: 2",
    }  # fmt: skip
    steps = "".join(
        f"  - {{ask: '{id_}?', id: {id_}, retry: 1, give_up: {{goto: fin}}, timeout: {{after: 1h, goto: fin}}, {keys}}}\n"
        for id_, keys in types.items()
    )

    (found,) = explored(flow(steps + FIN)).flows

    assert [str(transition) for transition in found.missed] == []


@pytest.mark.parametrize(
    ("files", "code", "line", "words"),
    [
        (flow("  - repeat: {times: 20, steps: [{repeat: {times: 20, steps: [{tag: 大}]}}]}\n" + FIN),
         "F040", 5, "100手順"),
        (TALKS[TOO_DEEP][0], "explore", 5, "ここから呼べません(「始め」)"),
        (flow("  - ask: 色は?\n    id: c\n    choices: [赤]\n  - if: {tag: 常連}\n    then: {goto: fin}\n"
              "  - goto: c\n" + FIN),
         "F032", 5, "終わりにたどり着けません(「始め」)"),
        ({**other("f", "  - {tag: 小, untag: 大}\n  - end: done\n", "start: [{tag_added: 大}]\n"),
          **other("g", "  - {tag: 大, untag: 小}\n  - end: done\n", "start: [{tag_added: 小}]\n")},
         "explore", 1, "RecursionError"),
    ],
)  # fmt: skip
def test_what_stops_a_talk_is_told_at_its_step_with_the_way_there(
    files: Mapping[str, str], code: str, line: int, words: str
) -> None:
    report = explored(files)

    found = [(p.code, p.file, p.line) for p in report.problems if words in p.message]
    assert (code, "f.yaml", line) in found
    assert all(problem.hint for problem in report.problems)
    assert report.failed >= 1


def test_time_may_be_the_only_way_on() -> None:
    steps = "  - ask: 色は?\n    id: c\n    choices: [赤]\n  - if: {business_hours: open}\n    then: {goto: fin}\n"

    assert explored(flow(steps + "  - goto: c\n" + FIN)).problems == ()


def test_it_says_the_same_each_time() -> None:
    files = {
        **flow(HUMAN + "  - call: g\n    id: k\n  - random: [{say: a}, {goto: fin}]\n" + FIN),
        **other("g", CHILD),
    }

    assert explored(files) == explored(files)


def test_a_large_flow_is_cut_and_nothing_is_concluded_of_the_rest() -> None:
    steps = "".join(
        f"  - ask: '{n}?'\n    id: q{n}\n    choices: [{{a: {{count: v{n}}}}}, {{b: {{}}}}]\n"
        for n in range(12)
    )
    tests = "".join(f"  - if: {{var.v{n}: 1}}\n    then: {{say: a}}\n" for n in range(12))
    head = "start: [{keyword: 始め}]\nvars: {" + ", ".join(f"v{n}: 0" for n in range(12)) + "}\n"

    report = explored(flow(steps + tests + FIN, head))

    assert report.cut == ("f",)
    assert report.problems == ()


def test_the_command_answers_in_the_shape_that_scripts_read(
    tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _write(tmp_path, {**flow(HUMAN + WAIT + FIN), **other("broken", "  - say: a\n")})

    status = typed("flows", "explore", "--format", "json", str(folder))
    told = json.loads(capsys.readouterr().out)
    alone = typed("flows", "explore", "--format", "json", str(folder / "f.yaml"))
    told_alone = json.loads(capsys.readouterr().out)
    text = typed("flows", "explore", str(folder / "f.yaml"))
    out = capsys.readouterr().out
    none = typed("flows", "explore", str(folder / "nothing"))

    assert (status, alone, text, none) == (1, 0, 0, 2)
    assert told["summary"] == {"flows": 2, "failed": 1}
    assert [(p["file"], p["code"], p["severity"]) for p in told["problems"]] == [
        ("broken.yaml", "F030", "E")
    ]
    assert told_alone == {
        "flows": [
            {"flow": "f", "file": "f.yaml", "states": 2, "transitions": 3, "taken": 3, "missed": []}
        ],
        "problems": [],
        "summary": {"flows": 1, "failed": 0},
    }
    assert "f: 3本の道のうち3本を通りました" in out


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("[A-Z]{2}[0-9]{3}", "AA000"),
        (r"\d{4}-?\w+", "1111a"),
        ("(はい|いいえ)+[^0-9あ]", "はいa"),
        ("(?:x)?.y*?", "あ"),
    ],
)
def test_a_text_is_made_for_a_pattern(pattern: str, text: str) -> None:
    assert sample_of(pattern) == text


def _write(folder, files: Mapping[str, str]):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder
