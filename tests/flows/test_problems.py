"""Each mistake is found at its line, and its good twin is not one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.language.checker import check
from flows.language.loader import load_files
from flows.language.report import render_github, render_text
from tests.flows.test_salon import shipped

HEAD = "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\nsteps:\n"
END = "  - end: done\n"

# code, line, the flow with the mistake, the flow without it
MISTAKES = [
    ("F001", 5, HEAD + "  - id: a\n" + END, HEAD + "  - say: a\n" + END),
    ("F001", 5, HEAD + "  - say: a\n    ask: b\n" + END, HEAD + "  - say: a\n" + END),
    ("F002", 7, HEAD + "  - ask: a\n    id: a\n    choises: [x]\n    timeout: {after: 1h}\n" + END,
     HEAD + "  - ask: a\n    id: a\n    choices: [x]\n    timeout: {after: 1h}\n" + END),
    ("F002", 5, HEAD + "  - wait: 1d\n" + END, HEAD + "  - say: a\n" + END),
    ("F003", 4, HEAD.replace("始め}]", "始め}]\npriority: 多い") + END, HEAD + END),
    ("F004", 3, "flow: f\ntitle: a\ntitle: b\nsteps:\n" + END, HEAD + END),
    ("F005", 2, "flow: f\ntitle：題\nsteps:\n" + END, HEAD + END),
    ("F005", 5, HEAD + "\t- say: a\n" + END, HEAD + END),
    ("F006", 5, HEAD + "  - say: {{name}}さん\n" + END, HEAD + '  - say: "{{name}}さん"\n' + END),
    ("F006", 5, HEAD + "  - say: 次の営業: 10時\n" + END, HEAD + '  - say: "次の営業: 10時"\n' + END),
    ("F007", 5, HEAD + "  - say: &x a\n" + END, HEAD + "  - say: a\n" + END),
    ("F009", 1, "flow: f\nsteps:\n" + END, HEAD + END),
    ("F010", 5, HEAD + "  - ask: a\n    timeout: {after: 1h}\n" + END,
     HEAD + "  - ask: a\n    id: a\n    timeout: {after: 1h}\n" + END),
    ("F011", 8, HEAD + "  - say: a\n    id: x\n  - say: b\n    id: x\n" + END,
     HEAD + "  - say: a\n    id: x\n  - say: b\n    id: y\n" + END),
    ("F012", 6, HEAD + "  - say: a\n    id: 最初\n" + END, HEAD + "  - say: a\n    id: x\n" + END),
    ("F020", 6, HEAD + "  - say: a\n    goto: nowhere\n" + END,
     HEAD + "  - say: a\n    goto: fin\n" + END.replace("done\n", "done\n    id: fin\n")),
    ("F021", 5, HEAD + '  - say: "{{answer.size}}"\n' + END, HEAD + '  - say: "{{message}}"\n' + END),
    ("F022", 5, HEAD + '  - say: "{{name | shout}}"\n' + END, HEAD + '  - say: "{{name | san}}"\n' + END),
    ("F030", 5, HEAD + "  - say: a\n", HEAD + "  - say: a\n" + END),
    ("F031", 6, HEAD + END + "  - say: a\n" + END, HEAD + END),
    ("F040", 5, HEAD + "  - say: a\n    id: a\n  - if: {tag: x}\n    then: {goto: a}\n" + END,
     HEAD + "  - say: a\n    id: a\n" + END),
    ("L101", 7, HEAD + "  - ask: a\n    id: a\n    choices: [a,b,c,d,e,f,g,h,i,j,k,l,m,n]\n"
     "    timeout: {after: 1h}\n" + END,
     HEAD + "  - ask: a\n    id: a\n    choices: [a,b]\n    timeout: {after: 1h}\n" + END),
    ("L102", 7, HEAD + "  - ask: a\n    id: a\n    choices: [あいうえおかきくけこさしすせそたちつてとな]\n"
     "    timeout: {after: 1h}\n" + END, HEAD + END),
    ("L103", 7, HEAD + "  - ask: a\n    id: a\n    choices: [はい, はい。]\n    timeout: {after: 1h}\n"
     + END, HEAD + END),
    ("L106", 5, HEAD + "  - say: [a,b,c,d,e,f]\n" + END, HEAD + "  - say: [a,b,c,d,e]\n" + END),
    ("W201", 5, HEAD + "  - ask: a\n    id: a\n" + END,
     HEAD + "  - ask: a\n    id: a\n    timeout: {after: 1h}\n" + END),
    ("I301", 5, HEAD + "  - ask: a\n    id: a\n    type: date\n    timeout: {after: 1h}\n" + END,
     HEAD + "  - ask: a\n    id: a\n    type: date\n    skip: いいえ\n    timeout: {after: 1h}\n" + END),
]  # fmt: skip


WAIT = "    timeout: {after: 1h}\n"
SIZE = "  - ask: 大きさは?\n    id: size\n    choices: [大, 小]\n    timeout: {after: 1h}\n"
COUNT = "  - ask: 何名様ですか?\n    id: n\n    type: number\n"
DAY = "  - ask: ご希望の日は?\n    id: day\n    type: date\n"
FAQ = (
    "  - faq: message\n    id: look\n    answered: {goto: fin}\n    unknown: {handoff: 受付}\n"
    + WAIT
    + "  - say: 終わりです。\n"
)
LAST = (
    "  - ask: よろしいですか?\n    id: ok\n    choices: [{はい: {goto: size}}, {いいえ: {goto: size}}]\n"
    + WAIT
)
ENTRY = "faq: q\nentries:\n  - id: a\n    ask: [あ, い, う]\n    answer: 内線9\n"
FIELDS = """fields:
  size: {title: 大きさ, type: choice, options: [大, 小]}
  visits: {title: 来店回数, type: number}
  born: {title: 誕生日, type: date}
  tel: {title: 電話番号, type: phone, personal: yes}
  memo: {title: メモ, type: text}
"""
OTHER = "flow: g\ntitle: 題\nstart: [{keyword: 予約}]\nsteps:\n  - end: done\n"
TAGS = "tags: [新規, 常連]\n"


def with_fields(steps: str) -> dict[str, str]:
    return {"f.yaml": HEAD + steps + END, "fields.yaml": FIELDS}


# code, place, the steps or files with the mistake, those that come close and have none
PLACED: list[tuple[str, str, str | dict[str, str], str | dict[str, str]]] = [
    ("F003", "f.yaml:8:14", DAY + "    between: [きのう, today]\n" + WAIT,
     DAY + "    between: [2026-01-01, today]\n" + WAIT),
    ("F021", "f.yaml:5:10", "  - say: '{{answer.size}}でよろしいですか?'\n" + SIZE,
     SIZE + "  - say: '{{answer.size}}でよろしいですか?'\n"),
    ("F021", "f.yaml:9:16", SIZE + "  - if: {not: {answer.colour: 赤}}\n    then: {say: 青}\n",
     SIZE + "  - if: {not: {answer.size: 大}}\n    then: {say: 小}\n"),
    ("F007", "f.yaml:5:5", "  - <<: {say: a}\n", "  - say: '<<'\n"),
    ("F011", "faq/r.yaml:3:9", {"faq/q.yaml": ENTRY, "faq/r.yaml": ENTRY.replace("faq: q", "faq: r")},
     {"faq/q.yaml": ENTRY, "faq/r.yaml": ENTRY.replace("faq: q", "faq: r").replace("id: a", "id: b")}),
    ("F011", "faq/r.yaml:1:6", {"faq/q.yaml": ENTRY, "faq/r.yaml": ENTRY}, {"faq/q.yaml": ENTRY}),
    ("F030", "f.yaml:9:5", {"f.yaml": HEAD + SIZE + LAST + "    skip: なし\n"}, {"f.yaml": HEAD + SIZE + LAST}),
    ("F040", "f.yaml:5:5", FAQ.replace("fin", "look") + "    id: fin\n", FAQ + "    id: fin\n"),
    ("F060", "segments/s.yaml:3:13", {"segments/s.yaml": "segment: s\ntitle: 題\nwhen: {tag: 猫}\n", "tags.yaml": TAGS},
     {"segments/s.yaml": "segment: s\ntitle: 題\nwhen: {tag: 新規}\n", "tags.yaml": TAGS}),
    ("L104", "f.yaml:9:5", SIZE.replace("大,", "大きいサイズ,") + "  - say: \"" + "あ" * 4995 + "{{answer.size}}\"\n",
     SIZE.replace("大,", "大きいサイズ,") + "  - say: \"" + "あ" * 4994 + "{{answer.size}}\"\n"),
    ("L104", "f.yaml:7:7", {"f.yaml": HEAD + "  - say: はい\n" + "    set:\n      field.memo: '" + "{{field.memo}}" * 51 + "'\n" + END,
      "fields.yaml": FIELDS}, with_fields("  - say: '" + "{{field.memo}}" * 50 + "'\n")),
    ("L105", "f.yaml:3:20", {"f.yaml": HEAD.replace("keyword: 始め", f"postback: {'a' * 301}") + END},
     {"f.yaml": HEAD.replace("keyword: 始め", f"postback: {'a' * 300}") + END}),
    ("L106", "f.yaml:5:5", "  - say:\n      - a\n      - b\n      - c\n      - d\n      - e\n      - f\n",
     "  - say:\n      - a\n      - b\n      - c\n"),
    ("L107", "f.yaml:8:14", DAY + "    between: [2027-01-01, 2026-01-01]\n" + WAIT,
     DAY + "    between: [2026-01-01, 2027-01-01]\n" + WAIT),
    ("L107", "f.yaml:8:14", DAY + "    between: [today+60d, today]\n" + WAIT,
     DAY + "    between: [today, today+60d]\n" + WAIT),
    ("L107", "f.yaml:8:14", DAY + "    between: [today, 2020-01-01]\n" + WAIT,
     DAY + "    between: [2027-01-01, today]\n" + WAIT),  # one day it will be
    ("L107", "f.yaml:8:14", DAY + "    between: [1899-12-31, today]\n" + WAIT,
     DAY + "    between: [1900-01-01, 2100-12-31]\n" + WAIT),
    ("L107", "f.yaml:8:14", DAY.replace("date", "time") + "    between: [18:00, 10:00]\n" + WAIT,
     DAY.replace("date", "time") + "    between: [10:00, 18:00]\n" + WAIT),
    ("W203", "f.yaml:7:15", SIZE.replace("大,", "いちばん大きいサイズのもの,"),
     SIZE.replace("大,", "いちばん大きいサイズの,")),
    ("W203", "f.yaml:7:15", SIZE.replace("大,", "大→特大,"), SIZE.replace("大,", "①大😊,")),
    ("W203", "f.yaml:7:15", SIZE.replace("大,", "★,"), SIZE.replace("大,", "★: {synonyms: 大},")),
    ("W204", "f.yaml:7:15", {"f.yaml": HEAD + SIZE.replace("大,", "予約。,") + END, "g.yaml": OTHER},
     {"f.yaml": HEAD.replace("始め", "大") + SIZE.replace("小", "予約する") + END, "g.yaml": OTHER}),
    ("W205", "f.yaml:7:11", with_fields("  - ask: お名前は?\n    id: a\n    save: field.born\n" + WAIT),
     with_fields("  - ask: お名前は?\n    id: a\n    save: field.memo\n" + WAIT)),
    ("W205", "f.yaml:9:11", with_fields(SIZE.replace("小", "中") + "    save: field.size\n"),
     with_fields(SIZE + "    save: field.size\n")),
    ("W205", "f.yaml:9:11", with_fields(SIZE + "    save: field.visits\n"),
     with_fields(SIZE.replace("大, 小", "1, 2") + "    save: field.visits\n")),
    ("W205", "f.yaml:9:19", with_fields(SIZE + "    other: {save: field.visits}\n"),
     with_fields(SIZE + "    save: field.size\n    other: {save: field.memo}\n")),
    ("W206", "f.yaml:9:9", SIZE + "  - if: {answer.size: 犬}\n    then: {say: 犬}\n",
     SIZE + "  - if: {answer.size: 大。}\n    then: {say: 犬}\n"),
    ("W206", "f.yaml:9:9", SIZE + "  - if: {answer.size: skipped}\n    then: {say: 犬}\n",
     SIZE + "    skip: なし\n  - if: {answer.size: skipped}\n    then: {say: 犬}\n"),
    ("W206", "f.yaml:9:9", SIZE + "  - if: {any: [{answer.size: [大, 小]}, {answer.size: empty}]}\n    then: {say: 犬}\n",
     SIZE + "  - if: {answer.size: [大, 小]}\n    then: {say: 犬}\n"),
    ("W206", "f.yaml:5:14", "  - only_if: {all: [{tag: 犬}, {not: {tag: 犬}}]}\n    say: a\n",
     "  - only_if: {all: [{tag: 犬}, {not: {tag: 猫}}]}\n    say: a\n"),
    ("W206", "f.yaml:5:14", with_fields("  - only_if: {all: [{field.visits: '>= 5'}, {field.visits: '< 3'}]}\n    say: a\n"),
     with_fields("  - only_if: {all: [{field.visits: '>= 3'}, {field.visits: '< 5'}]}\n    say: a\n")),
    ("W206", "f.yaml:7:15", with_fields("  - switch:\n      - when: {field.visits: '>= 3'}\n      - when: {field.visits: '>= 5'}\n        say: a\n"),
     with_fields("  - switch:\n      - when: {field.visits: '>= 5'}\n      - when: {field.visits: '>= 3'}\n        say: a\n")),
    ("W206", "f.yaml:8:15", with_fields("  - switch:\n      - when: {field.visits: '>= 3'}\n      - when: {field.visits: '< 3'}\n      - when: {field.visits: not empty}\n        say: a\n"),
     with_fields("  - switch:\n      - when: {field.visits: '>= 3'}\n      - when: {field.visits: '< 3'}\n      - when: {field.visits: empty}\n        say: a\n")),
    ("W206", "f.yaml:8:17", "  - switch: message\n    cases:\n      - words: [予約, 車]\n      - words: [予約変更]\n        say: a\n",
     "  - switch: message\n    cases:\n      - words: [予約変更, 車]\n      - words: [予約]\n        say: a\n"),
    ("W206", "segments/s.yaml:3:7", {"segments/s.yaml": "segment: s\ntitle: 題\nwhen: {field.size: 中}\n", "fields.yaml": FIELDS},
     {"segments/s.yaml": "segment: s\ntitle: 題\nwhen: {field.size: 大}\n", "fields.yaml": FIELDS}),
    ("W207", "f.yaml:8:12", COUNT + "    range: [10, 1]\n" + WAIT, COUNT + "    range: [1, 1]\n" + WAIT),
    ("W207", "f.yaml:8:12", COUNT + "    range: [0.2, 0.8]\n    integer: yes\n" + WAIT,
     COUNT + "    range: [0.2, 1]\n    integer: yes\n" + WAIT),
    ("W207", "f.yaml:9:12", COUNT + "    range: [1, 10]\n    check: {answer.n: '> 10'}\n" + WAIT,
     COUNT + "    range: [1, 10]\n    check: {answer.n: '>= 10'}\n" + WAIT),
    ("W207", "f.yaml:9:12", DAY + "    between: [today, today+7d]\n    check: {answer.day: '> today+7d'}\n" + WAIT,
     DAY + "    between: [today, today+7d]\n    check: {answer.day: '> today+6d'}\n" + WAIT),
    ("W207", "f.yaml:9:10", SIZE + "    min: 3\n    type: multi\n", SIZE + "    min: 2\n    type: multi\n"),
    ("W210", "f.yaml:8:11", with_fields(COUNT.replace("number", "phone") + "    save: field.tel\n" + WAIT),
     with_fields(COUNT.replace("number", "phone").replace("?", "?ご予約のご連絡に使います。") + "    save: field.tel\n" + WAIT)),
    ("W211", "f.yaml:5:5", SIZE, SIZE + "    save: field.memo\n"),
    ("W211", "f.yaml:5:5", SIZE, SIZE + "  - handoff: 担当者がお答えします。\n    id: h\n" + WAIT),
    ("W211", "tags.yaml:1:12", {"f.yaml": HEAD + "  - tag: 新規\n" + END, "tags.yaml": TAGS},
     {"f.yaml": HEAD + "  - tag: 新規\n" + END, "tags.yaml": "tags: [新規, 常連: {note: 月に2回}]\n"}),
    ("W214", "f.yaml:10:10", SIZE.replace("    id", "    only_if: {tag: 新規}\n    id") + "  - say: '{{answer.size}}ですね'\n",
     SIZE + "  - say: '{{answer.size}}ですね'\n"),
    ("W214", "f.yaml:10:10", SIZE.replace("    id", "    only_if: {tag: 新規}\n    id") + "  - say: '{{answer.size}}ですね'\n",
     SIZE.replace("    id", "    only_if: {tag: 新規}\n    id") + "  - say: '{{answer.size | default:未定}}ですね'\n"),
    ("W214", "f.yaml:11:10", "  - if: {tag: 新規}\n    then: {goto: fin}\n" + SIZE + "  - say: '{{answer.size}}ですね'\n    id: fin\n",
     "  - if: {tag: 新規}\n    then: {goto: fin}\n" + SIZE + "  - say: '{{answer.size}}ですね'\n  - say: どうぞ\n    id: fin\n"),
    ("W216", "f.yaml:5:10", "  - say: 今だけ10%OFF #キャンペーン\n", "  - say: \"今だけ10%OFF #キャンペーン\"\n"),
    ("W216", "f.yaml:5:10", "  - say: 番号は\n      1番 # です\n", "  - say: 番号は#1です\n    tag: 新規 # 覚え書き\n"),
    ("W216", "faq/q.yaml:5:13", {"faq/q.yaml": "faq: q\nentries:\n  - id: a\n    ask: [a, b, c]\n    answer: 内線 #9\n"},
     {"faq/q.yaml": "faq: q\nentries:\n  - id: a\n    ask: [a, b, c] # 3通り\n    answer: 内線9\n"}),
    ("I303", "f.yaml:7:5", "  - say: [a, b]\n  - tag: 新規\n  - say: [c, d]\n", "  - say: [a, b]\n  - say: c\n"),
    ("I303", "f.yaml:8:5", "  - say: [a, b]\n  - if: {tag: 新規}\n    then: {say: c}\n" + SIZE,
     "  - say: [a, b]\n" + SIZE + "  - say: [c, d]\n"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "place", "bad", "near"), PLACED)
def test_a_mistake_is_placed_to_the_sign_and_what_comes_close_is_silent(
    code: str, place: str, bad: str | dict[str, str], near: str | dict[str, str]
) -> None:
    found = check(load_files(_files(bad)))
    twin = check(load_files(_files(near)))

    assert (code, place) in [(p.code, f"{p.file}:{p.line}:{p.column}") for p in found]
    assert code not in [problem.code for problem in twin]
    assert all(problem.hint for problem in found)
    assert [problem for problem in twin if problem.severity == "E"] == []


def _files(steps: str | dict[str, str]) -> dict[str, bytes]:
    files = {"f.yaml": HEAD + steps + END} if isinstance(steps, str) else steps
    return {name: content.encode() for name, content in files.items()}


@pytest.mark.parametrize(("code", "line", "bad", "good"), MISTAKES)
def test_a_mistake_is_named_at_its_line_and_the_good_twin_is_silent(
    code: str, line: int, bad: str, good: str
) -> None:
    found = check(load_files({"f.yaml": bad.encode()}))
    twin = check(load_files({"f.yaml": good.encode()}))

    assert (code, line) in [(problem.code, problem.line) for problem in found]
    assert code not in [problem.code for problem in twin]
    assert all(problem.message for problem in found)


def test_one_broken_file_leaves_the_others_working() -> None:
    good = (HEAD + END).encode()
    calling = HEAD.replace("flow: f", "flow: g").replace("始め", "次") + (
        "  - call: broken\n    id: c\n" + END
    )
    folder = load_files(
        {"broken.yaml": b"flow: broken\nsteps: [", "f.yaml": good, "g.yaml": calling.encode()}
    )

    assert set(folder.flows) == {"f", "g"}
    assert {problem.file for problem in check(folder)} == {"broken.yaml"}


def test_a_problem_is_shown_with_its_line_a_caret_and_a_remedy() -> None:
    source = HEAD + "  - ask: a\n    id: a\n    choises: [x]\n" + END
    folder = load_files({"f.yaml": source.encode()})
    problems = [problem for problem in check(folder) if problem.code == "F002"]

    text = render_text(problems, folder.sources)

    assert "f.yaml:7:5 F002" in text
    assert "choises: [x]\n  |     ^~~~" in text
    assert "直し方: 「choices」の間違いではありませんか?" in text
    assert render_github(problems).startswith("::error file=f.yaml,line=7,col=5,title=F002::")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_loading_never_fails_whatever_a_manager_types(data: st.DataObject) -> None:
    name, content = data.draw(st.sampled_from(sorted(shipped().items())))
    at = data.draw(st.integers(0, len(content)))
    cut = data.draw(st.integers(0, 12))
    put = data.draw(
        st.binary(max_size=6) | st.sampled_from([b":", "：".encode(), b"\t", b"- ", b"&a"])
    )

    folder = load_files({name: content[:at] + put + content[at + cut :]})

    for problem in check(folder):
        assert problem.file == name
        assert problem.line >= 1
