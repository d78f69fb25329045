"""A flow as a picture, as text again, and as words for an editor."""

from pathlib import Path

import pytest

from flows.language import nodes, vocabulary
from flows.language.bundle_text import render_bundle
from flows.language.loader import Folder, load_files, load_folder
from flows.language.picture import Picture, draw
from flows.language.problems import Problems

SALON = Path(__file__).parent.parent.parent / "flows"
FLOW = (
    """flow: visit
title: 見本
start: [follow]
cancel_words: [やめる]
on_cancel: {goto: later}
vars: {score: 0}
steps:
  - say: "{{name}}さん、こんにちは"

  # ここから質問
  - ask: 初めてですか?
    id: first
    only_if: {tag: 常連}
    choices:
      - はい: {tag: 新規, goto: sort}
      - いいえ
      - もう一度: {goto: first}
    skip: 答えない
    other: {goto: sort}
    retry: 1
    give_up: {goto: later}
    max_visits: {times: 2, goto: later}
    timeout: {after: 3h, goto: later}
  - tag: 質問済
    untag: 質問中
    set: {field.memo: today}
    add: {var.score: 1}
    notify: 店長
  - switch:
      - when: {answer.first: はい, tag: 新規}
        say: ようこそ
      - words: [料金, 値段]
        goto: later
      - else: {}
    id: sort
  - if: {tag: 新規}
    then: {goto: later}
  - switch:
      - when: {business_hours: open}
        goto: later
  - end: done
  - say: """
    + "また" * 40
    + """
    id: later
  - call: other
    id: child
  - end: timed_out
"""
)
OTHER = "flow: other\ntitle: 別\nsteps: [{end: done}]\n"


def folder_of(text: str, **more: str) -> Folder:
    files = {"visit.yaml": text, "other.yaml": OTHER, **more}
    return load_files({name: content.encode() for name, content in files.items()})


def picture_of(text: str) -> Picture:
    drawn = draw(folder_of(text).flows["visit"], text)
    assert drawn is not None
    return drawn


def test_each_step_knows_its_lines_and_what_it_says() -> None:
    steps = {node.step: node for node in picture_of(FLOW).nodes}

    assert (steps["_1_say"].text, steps["_1_say"].line, steps["_1_say"].end_line) == (
        "{{name}}さん、こんにちは", 8, 8,
    )  # fmt: skip
    assert (steps["first"].line, steps["first"].end_line, steps["first"].waits) == (11, 23, True)
    assert steps["_3_effects"].text == "質問済・−質問中・field.memo・var.score・店長"
    assert steps["later"].text == ("また" * 30)[:59] + "…"
    assert (steps["child"].text, steps["_7_end"].text, steps["_5_if"].text) == ("other", "done", "")
    assert not steps["_7_end"].is_named


def test_each_way_is_named_by_the_managers_own_words() -> None:
    drawn = picture_of(FLOW)
    ways = {(e.source, e.target, e.kind, e.text) for e in drawn.edges}

    assert (drawn.first, drawn.end) == ("_1_say", "_end")
    assert {
        ("_1_say", "first", "next", ""),
        ("first", "sort", "choice", "はい"),
        ("first", "_3_effects", "choice", "いいえ"),
        ("first", "_3_effects", "skip", "答えない"),
        ("first", "_3_effects", "passed", ""),
        ("first", "sort", "other", ""),
        ("first", "later", "gave_up", ""),
        ("first", "later", "too_often", ""),
        ("first", "later", "timeout", ""),
        ("first", "later", "cancel", ""),
        ("sort", "_5_if", "case", "answer.first・新規"),
        ("sort", "later", "words", "料金・値段"),
        ("sort", "_5_if", "else", ""),
        ("_5_if", "later", "then", ""),
        ("_5_if", "_6_switch", "else", ""),
        ("_6_switch", "later", "case", "1"),
        ("_6_switch", "_7_end", "none", ""),
        ("child", "_10_end", "child_done", ""),
    } <= ways
    assert not [e for e in drawn.edges if e.source == e.target]
    assert drawn.to_json()["edges"][0]["source"] == "_1_say"


def test_there_is_no_picture_while_a_goto_leads_nowhere() -> None:
    text = FLOW.replace("goto: sort", "goto: nowhere")

    assert draw(folder_of(text).flows["visit"], text) is None


def test_every_sample_file_is_the_same_tree_when_it_is_written_anew() -> None:
    for file, tree in load_folder(SALON).trees.items():
        text = render_bundle(nodes.to_json(tree))
        problems = Problems()
        again = nodes.compose(text, file, problems)
        assert again is not None, problems.sorted()
        assert nodes.to_json(again) == nodes.to_json(tree)
        assert render_bundle(nodes.to_json(again)) == text


@pytest.mark.parametrize(
    "value",
    ["yes", "090", "10:30", "2026-12-01", "{{name}}", "@home", "a: b", "a # b", "- a", "", " x ",
     "一行目\n二行目", "一行目\n\n三行目\n", "'引用'", "「かぎ」", "100%", "~", "null", "🌸"],
)  # fmt: skip
def test_every_text_stays_itself(value: str) -> None:
    tree = {
        "flow": "a",
        "steps": [{"say": value}, {"ask": "?", "choices": [{value: {"tag": "x"}}]}],
    }
    again = nodes.compose(render_bundle(tree), "a.yaml", Problems())

    assert again is not None
    assert nodes.to_json(again) == tree


def test_the_layout_does_not_depend_on_the_order_in_which_keys_were_kept() -> None:
    step = {"timeout": {"goto": "x", "after": "3h"}, "ask": "はい?", "id": "a", "type": "text"}
    shuffled = dict(reversed(step.items()))

    one, other = (render_bundle({"flow": "a", "steps": [s]}) for s in (step, shuffled))

    assert one == other
    assert one.splitlines()[:3] == ["flow: a", "steps:", "  - ask: はい?"]


def test_an_editor_is_offered_the_names_of_the_folder_and_the_keys_of_the_language() -> None:
    folder = folder_of(FLOW, **{"tags.yaml": "tags: [新規]\n", "queues.yaml": "queues: [窓口]\n"})

    names = vocabulary.names_of(folder, folder.flows["visit"])
    keys = vocabulary.keys()

    assert names["steps"] == ["first", "sort", "later", "child"]
    assert (names["tags"], names["queues"], names["vars"]) == (["新規"], ["窓口"], ["score"])
    assert names["flows"] == ["other", "visit"]
    assert vocabulary.names_of(Folder(), None)["steps"] == []
    assert {"ask", "choices", "goto", "tag"} <= set(keys["steps"]["ask"])
    assert "goto" not in keys["steps"]["end"]
    assert {"flow", "steps"} <= set(keys["flow"])
