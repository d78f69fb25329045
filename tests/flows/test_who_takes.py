"""Who takes an incoming text: the rules, as talks."""

import textwrap

import pytest

from flows.language.checker import check
from flows.language.loader import load_files
from flows.language.talk_tests import run_tests

SURVEY = """\
flow: survey
title: アンケート
start: [{keyword: アンケート}]
cancel_words: [やめる]
on_interrupt: INTERRUPT
steps:
  - ask: 色は?
    id: color
    choices: [赤, 予約]
    timeout: {after: 2d, goto: late}
    remind: {after: 1h, say: 途中です}
  - ask: 年は?
    id: age
    type: number
    range: [1, 120]
    retry: 1
    give_up: {handoff: 受付, tag: 困った}
    timeout: {after: 2d, goto: late}
  - say: "{{answer.color}}と{{answer.age}}"
  - end: done
  - say: 時間切れ
    id: late
  - end: timed_out
"""
BOOKING = """\
flow: booking
title: 予約
start: [{keyword: 予約}, {keyword: 急ぎ, match: contains}]
steps:
  - ask: いつ?
    id: when
    timeout: {after: 1h, goto: fin}
  - end: done
    id: fin
"""
FAREWELL = """\
flow: farewell
title: 感想
start: [{event: chat_resolved, delay: 10m}]
steps:
  - ask: 感想は?
    id: why
    timeout: {after: 1h, goto: fin}
  - end: done
    id: fin
"""


def talk(script: str, *, interrupt: str = "pause") -> list[str]:
    """Run one talk with the three flows; what failed."""
    case = f"test: survey\ncases:\n  - name: t\n    talk:\n{textwrap.indent(script, '      ')}"
    files = {
        "survey.yaml": SURVEY.replace("INTERRUPT", interrupt),
        "booking.yaml": BOOKING,
        "farewell.yaml": FAREWELL,
        "tests/t.yaml": case,
    }
    folder = load_files({name: text.encode() for name, text in files.items()})
    problems = [problem for problem in check(folder) if problem.severity == "E"]
    assert problems == []
    (result,) = run_tests(folder, problems).cases
    return [failure.message for failure in result.failures]


TALKS = {
    "a valid answer beats a keyword": """\
- user: アンケート
- user: 予約
- expect: {state: age, not_started: booking}
""",
    "a cancel word ends the run": """\
- user: アンケート
- user: やめる。
- expect: {ended: cancelled, said: ここで中止しました}
""",
    "a text of the type that breaks a bound is a wrong answer and starts nothing": """\
- user: アンケート
- user: 赤
- user: 300
- expect: {state: age, retries: 1, not_started: booking}
""",
    "after the last retry a person is asked for, and the run goes on afterwards": """\
- user: アンケート
- user: 赤
- user: 300
- user: 300
- expect: {handoff: 受付, tags: [困った], answer.age: gave_up}
- user: もしもし
- expect: {messages: []}
- operator: take
- operator: done
- expect: {ended: done, said: 赤と}
""",
    "a keyword pauses the question, which is asked again afterwards": """\
- user: アンケート
- user: 急ぎです
- expect: {started: booking, paused: yes, timers: []}
- user: 明日
- expect: {paused: no, ask: color, visits.color: 1}
""",
    "a reminder comes once, and does not set the time-out back": """\
- user: アンケート
- wait: 1h
- expect: {say: 途中です, sent_count: 1, quick_replies: [赤, 予約]}
- wait: 46h
- expect: {messages: []}
- wait: 1h
- expect: {ended: timed_out, said: 時間切れ}
""",
    "reminder and time-out both overdue: only the time-out": """\
- user: アンケート
- user: 赤
- wait: 3d
- expect: {messages: [時間切れ], answer.age: no_reply}
""",
    "a sticker where a choice is wanted is a wrong answer": """\
- user: アンケート
- send: sticker
- expect: {state: color, retries: 1}
""",
    "nothing takes it: a person must look, and flows still take what comes later": """\
- user: こんにちは
- expect: {unhandled: yes, messages: [], handoff: none}
- user: アンケート
- expect: {started: survey}
""",
    "an old button changes nothing and the question is shown again": """\
- user: アンケート
- tap: 赤
- tap_old: {step: color, label: 赤}
- expect: {state: age, retries: 0, messages: [前のご案内, 年は]}
""",
    "a start by an event waits until no question is open": """\
- user: アンケート
- event: chat_resolved
- wait: 10m
- expect: {messages: []}
- user: 赤
- user: "30"
- expect: {started: [], ended: done, flow: survey}
- expect: {flow: farewell, ask: why}
""",
    "a person who takes over silences the bot; resolving ends what it was asking": """\
- user: アンケート
- operator: take
- wait: 3d
- expect: {messages: [], paused: yes}
- user: 赤
- expect: {messages: []}
- operator: done
- expect: {ended: interrupted}
""",
    "free text is counted in signs, full-width digits are digits": """\
- user: アンケート
- user: 赤
- user: ３０歳
- expect: {ended: done, answer.age: 30}
""",
}  # fmt: skip


@pytest.mark.parametrize("script", TALKS.values(), ids=TALKS.keys())
def test_rule(script: str) -> None:
    assert talk(script) == []


def test_keep_keeps_other_flows_out_and_stop_ends_the_run() -> None:
    keep = "- user: アンケート\n- user: 急ぎです\n- expect: {not_started: booking, retries: 1}\n"
    stop = (
        "- user: アンケート\n- user: 急ぎです\n- expect: {started: booking, ended: interrupted}\n"
    )

    assert talk(keep, interrupt="keep") == []
    assert talk(stop, interrupt="stop") == []


def test_a_talk_that_does_not_go_as_expected_fails_with_its_place() -> None:
    (message,) = talk("- user: アンケート\n- expect: {state: age}\n")

    assert "age のはずが color" in message
    assert talk("- tap: 青\n") != []
