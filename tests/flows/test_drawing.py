"""Pictures show every step once, never one over the other, and nothing that runs."""

import re
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from flows.language.drawing.mermaid import render_mermaid
from flows.language.drawing.picture import Picture, picture_of
from flows.language.drawing.placing import NODE_WIDTH, place
from flows.language.drawing.svg import render_svg
from flows.language.drawing.texts import shortened, width_of, wrapped
from flows.language.loader import load_files, load_folder
from tests.commands import typed
from tests.flows.talks import CHILD, FIN, HUMAN, TALKS, WAIT, flow, other
from tests.flows.test_salon import FLOWS

NASTY = """<script>alert(1)</script> "&" `#1;` {{name}} 👨‍👩‍👧"""
EVERY_VERB = {
    **flow(
        "  - say: [あ, {image: 'https://example.com/a.png'}]\n  - switch: message\n    cases: [{words: [予約], say: a}]\n"
        "  - switch: [{when: {any: [{tag: 大}, {not: {field.memo: empty}}]}, say: a}, {else: {}}]\n"
        "  - if: {segment: s, field.memo: 3..4}\n    then: {say: a}\n  - random: [{say: a}, {goto: fin}]\n"
        "  - goto: w\n    only_if: {business_hours: closed}\n  - wait: 1d12h30m\n    id: w\n"
        "  - wait: {day: 2, at: 10:00}\n    id: w2\n  - wait: {until: field.on, before: 2d, at: 09:00}\n    id: w3\n"
        "  - wait_for: {keyword: [続き, つづき]}\n    id: w4\n" + WAIT + "  - call: g\n    id: k\n  - start: g\n"
        "  - faq: message\n    id: q\n    unknown: {handoff: 受付}\n" + WAIT + HUMAN
        + "  - repeat: {over: [a, b], as: v, steps: [{say: a}]}\n  - repeat: {over: answer.w4, steps: [{tag: 大}]}\n"
        "  - {tag: 大, untag: 小, set: {field.memo: a}, add: {field.memo: 1}, notify: 店長}\n" + FIN,
        "start: [follow, {keyword: 始め}, {event: e}, manual]\ncancel_words: [やめる]\nstop_when: {tag: {all: [大, 小]}}\n",
    ),
    **other("g", CHILD),
    "segments/s.yaml": "segment: s\ntitle: s\nwhen: {tag: 大}\n",
}  # fmt: skip


def pictures(files: Mapping[str, str]) -> list[Picture]:
    folder = load_files({name: text.encode() for name, text in files.items()})
    return [picture_of(each) for each in folder.flows.values()]


@pytest.mark.parametrize("name", TALKS)
def test_every_step_is_drawn_and_no_two_nodes_touch(name: str) -> None:
    for picture in pictures(TALKS[name][0]):
        drawing = place(picture)

        assert {box.node for box in drawing.boxes} == set(picture.nodes)
        for one, two in combinations(drawing.boxes, 2):
            beside = abs(one.x - two.x) >= NODE_WIDTH
            assert beside or one.y + one.height <= two.y or two.y + two.height <= one.y
        assert all(box.x - NODE_WIDTH / 2 >= -1 and box.y >= 0 for box in drawing.boxes)
        assert all(box.x + NODE_WIDTH / 2 <= drawing.width + 1 for box in drawing.boxes)
        for curve, arrow in zip(drawing.curves, picture.arrows, strict=True):
            assert bool(curve.word) == bool(arrow.words)


def test_each_verb_says_in_a_few_words_what_it_does() -> None:
    (picture, _) = pictures(EVERY_VERB)

    assert [node.text for node in picture.nodes] == [
        "友だち追加 / 「始め」 / 出来事 e / スタッフが手で", "あ / 画像", "お客様の言葉で分かれる", "条件で分かれる",
        "segment: s、field.memo: 3..4 ?", "くじで分かれる", "次へ", "1日12時間30分待つ", "2日目 10:00まで待つ",
        "field.on の2日前 09:00まで待つ", "「続き・つづき」 を待つ", "g を呼ぶ", "g を始める", "よくある質問で調べる",
        "担当者がお答えします。", "くり返す: a・b", "a", "くり返す: answer.w4", "タグ: 大",
        "タグ: 大、タグを外す: 小、記入: field.memo、加算: field.memo、通知: 店長", "終わり: done",
        "いつでも「やめる」", "いつでも tag: 大・小", "終わり",
    ]  # fmt: skip
    words = {arrow.words for arrow in picture.arrows}
    assert {
        "予約・その他",
        "tag: 大 または not(field.memo: empty)・それ以外",
        "はい・いいえ",
        "時が来たら・過ぎていた",
    } <= words


def test_what_a_manager_wrote_can_do_no_harm_in_a_picture() -> None:
    text = NASTY.replace("'", "''")
    files = flow(f"  - ask: '{text}'\n    id: a\n    choices: ['<b>\"x\"</b>']\n" + WAIT + FIN)
    drawn = pictures(
        {**files, "f.yaml": files["f.yaml"].replace("title: 題", "title: '<i>\"題\"&'")}
    )

    svg, mermaid = render_svg(drawn), render_mermaid(drawn)

    tree = ET.fromstring(svg)  # noqa: S314 # it is our own
    assert {element.tag.partition("}")[2] for element in tree.iter()} == {
        "svg", "style", "defs", "marker", "path", "rect", "text", "g", "title",
    }  # fmt: skip
    assert "https://" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"\bon\w+=|href|javascript", svg)
    assert not re.search(r"<(?!br/>|/?small>)", mermaid)
    for line in mermaid.splitlines():
        assert line.count('"') in {0, 2}


def test_a_mermaid_chart_names_each_flow_each_step_and_each_way() -> None:
    files = {**flow("  - ask: 色は?\n    id: end\n    choices: [赤, {青: {goto: fin}}]\n" + WAIT + "  - say: 赤ですね\n" + FIN),
             **other("g", CHILD)}  # fmt: skip

    assert render_mermaid(pictures(files)) == (
        'flowchart TD\n'
        '  subgraph f_["題"]\n'
        '    direction TB\n'
        '    f___start(["「始め」"])\n'
        '    f__end["色は?<br/><small>end</small>"]\n'
        '    f___2_say["赤ですね"]\n'
        '    f__fin(["終わり: done<br/><small>fin</small>"])\n'
        '    f___start --> f__end\n'
        '    f__end -->|"赤"| f___2_say\n'
        '    f__end -->|"青・時間切れ"| f__fin\n'
        '    f___2_say --> f__fin\n'
        '  end\n'
        '  subgraph g_["g"]\n'
        '    direction TB\n'
        '    g___start(["呼ばれたとき"])\n'
        '    g__k["子の質問?<br/><small>k</small>"]\n'
        '    g___2_end(["終わり: done"])\n'
        '    g___end(["終わり"])\n'
        '    g___start --> g__k\n'
        '    g__k --> g___2_end\n'
        '    g__k -.->|"時間切れ"| g___end\n'
        '  end\n'
    )  # fmt: skip


def test_the_same_flow_gives_the_same_picture() -> None:
    assert render_svg(pictures(EVERY_VERB)) == render_svg(pictures(EVERY_VERB))


def test_texts_are_cut_between_the_signs_that_people_see() -> None:
    family = "👨‍👩‍👧"

    assert width_of(f"あa{family}") == 5
    assert shortened("あいうえお", 10) == "あいうえお"
    assert shortened(f"あい{family}えおか", 8) == f"あい{family}…"
    assert wrapped("あいう\n\nえおかきくけこ", 6, 2) == ["あいう", "えお…"]
    assert wrapped("", 6, 2) == [""]


def test_a_thousand_steps_in_a_row_are_drawn() -> None:
    (picture,) = pictures(flow("  - say: a\n" * 1000 + FIN))

    assert len(place(picture).boxes) == 1002


def test_the_command_draws_one_flow_or_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.yaml").write_text("flow: broken\ntitle: b\nsteps:\n  - say: a\n")
    (tmp_path / "g.yaml").write_text(other("g", CHILD)["g.yaml"])

    status = {
        name: (typed("flows", "draw", *arguments), capsys.readouterr())
        for name, arguments in {
            "all": [str(FLOWS), "--format", "svg"],
            "one": [str(FLOWS / "booking.yaml")],
            "some": [str(tmp_path)],
            "none": [str(tmp_path / "nothing.yaml")],
        }.items()
    }

    assert [code for code, _ in status.values()] == [0, 0, 1, 2]
    assert all(
        f'data-flow="{flow_id}"' in status["all"][1].out for flow_id in load_folder(FLOWS).flows
    )
    assert status["one"][1].out.count("subgraph") == 1
    assert 'subgraph g_["g"]' in status["some"][1].out
    assert "F030" in status["some"][1].err
