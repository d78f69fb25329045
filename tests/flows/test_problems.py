"""Each mistake is found at its line, and its good twin is not one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.language.checker import check
from flows.language.loader import load_files
from flows.language.report import render_github, render_text
from tests.flows.card_mistakes import CARD_MISTAKES
from tests.flows.mistakes import END, HEAD, MISTAKES, PLACED
from tests.flows.test_salon import shipped


@pytest.mark.parametrize(("code", "line", "bad", "good"), MISTAKES)
def test_a_mistake_is_named_at_its_line_and_the_good_twin_is_silent(
    code: str, line: int, bad: str, good: str
) -> None:
    found = check(load_files({"f.yaml": bad.encode()}))
    twin = check(load_files({"f.yaml": good.encode()}))

    assert (code, line) in [(problem.code, problem.line) for problem in found]
    assert code not in [problem.code for problem in twin]
    assert all(problem.message for problem in found)


@pytest.mark.parametrize(("code", "place", "bad", "near"), [*PLACED, *CARD_MISTAKES])
def test_a_mistake_is_placed_to_the_sign_and_what_comes_close_is_silent(
    code: str, place: str, bad: str | dict[str, str], near: str | dict[str, str]
) -> None:
    found = check(load_files(_files(bad)))
    twin = check(load_files(_files(near)))

    assert (code, place) in [(p.code, f"{p.file}:{p.line}:{p.column}") for p in found]
    assert code not in [problem.code for problem in twin]
    assert all(problem.hint for problem in found)
    assert [problem for problem in twin if problem.severity == "E"] == []


def test_what_hides_behind_a_case_that_is_always_true_is_not_named_again() -> None:
    steps = "  - switch:\n      - when: {any: [{tag: 新規}, {not: {tag: 新規}}]}\n"
    steps += "      - when: {tag: 新規}\n      - when: {tag: 常連}\n        say: a\n"

    found = check(load_files(_files(steps)))

    assert [(problem.code, problem.line) for problem in found] == [("W206", 6)]


def _files(steps: str | dict[str, str]) -> dict[str, bytes]:
    files = {"f.yaml": HEAD + steps + END} if isinstance(steps, str) else steps
    return {name: content.encode() for name, content in files.items()}


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


def test_all_mistakes_of_a_file_are_told_at_once_and_none_that_follows_from_another() -> None:
    steps = (
        "  - ask: 色は?\n    idd: q\n    choises: [赤, 青]\n"  # the id is only misspelt
        "  - say: '{{answer.q}} {{answer.z}}'\n    goto: q\n"
        "  - sey: はい\n    id: lost\n"
        "  - say: いいえ\n    goto: lost\n"
        "  - say: 次\n    goto: nowhere\n"
        "  - ask: 何?\n    id: what\n"
    )
    looping = (
        "  - ask: 色は?\n    id: q\n    choises: [赤]\n    timeout: {after: 1h}\n"
        "  - say: a\n    id: a\n  - say: b\n    goto: a\n"
    )

    assert _found(steps) == [
        "6:5 F002", "7:5 F002", "8:26 F021", "10:5 F002", "15:11 F020", "16:5 W201",
    ]  # fmt: skip
    assert _found(looping) == ["7:5 F002", "9:5 F040"]
    assert _found("  - say: a\n    id: a\n  - say: b\n    goto: a\n") == ["5:5 F040"]


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        (HEAD.replace("title", "titel") + END, "2:1 F002"),
        (
            HEAD + "  - wait_for: {event: paid}\n    id: w\n    timeot: {after: 1h}\n" + END,
            "7:5 F002",
        ),
        (HEAD + "  - ask: 色は?\n    id: q\n    timeout: {afer: 1h}\n" + END, "7:15 F002"),
        (HEAD + "  - if: {tag: x}\n    than: {say: a}\n" + END, "6:5 F002"),
        (HEAD + "  - if: {tag: x}\n    else: {say: a}\n" + END, "5:5 F009"),
    ],
)
def test_a_required_key_that_is_misspelt_is_one_mistake(bad: str, place: str) -> None:
    found = [p for p in check(load_files({"f.yaml": bad.encode()})) if p.severity == "E"]

    assert [f"{p.line}:{p.column} {p.code}" for p in found] == [place]


def _found(steps: str) -> list[str]:
    return [f"{p.line}:{p.column} {p.code}" for p in check(load_files(_files(steps)))]


@pytest.mark.parametrize(
    ("name", "broken", "using"),
    [
        ("tags.yaml", "tags: [新規, [常連]]\n", "  - tag: 常連\n"),
        ("fields.yaml", "fields: {Memo: {title: メモ}}\n", "  - set: {field.memo: a}\n"),
        ("queues.yaml", "queues: [受付]\ndefault: 予約\n", "  - notify: 予約\n"),
        ("faq/q.yaml", "faq: q\nentries: [{id: a}]\n", "  - faq: message\n    id: q\n    in: q\n    unknown: {handoff: 受付}\n"),
    ],
)  # fmt: skip
def test_what_a_broken_file_would_name_is_no_second_mistake(
    name: str, broken: str, using: str
) -> None:
    files = _files({"f.yaml": HEAD + using + END, name: broken})

    found = [problem for problem in check(load_files(files)) if problem.severity == "E"]

    assert {problem.file for problem in found} == {name}


@pytest.mark.parametrize(
    "content",
    ["[" * 250_000, "{" * 250_000, "- " * 120_000, "a: &a [x]\nb: [*a, *a]\n", "#" + "a" * 300_000],
)
def test_a_file_made_to_take_long_is_refused(content: str) -> None:
    (problem,) = check(load_files({"f.yaml": content.encode()}))

    assert problem.code in {"F007", "F008"}


def test_a_problem_is_shown_with_its_line_a_caret_and_a_remedy() -> None:
    source = HEAD + "  - ask: a\n    id: a\n    choises: [x]\n" + END
    folder = load_files({"f.yaml": source.encode()})
    problems = [problem for problem in check(folder) if problem.code == "F002"]

    text = render_text(problems, folder.sources)

    assert "f.yaml:7:5 F002" in text
    assert "choises: [x]\n  |     ^~~~" in text
    assert "なぜ: 知らないキーを読み飛ばすと" in text
    assert "直し方: 「choices」の間違いではありませんか?" in text
    assert text.endswith("くわしく: flows/README.md#間違いの番号")
    assert render_github(problems).startswith("::error file=f.yaml,line=7,col=5,title=F002::")


@settings(max_examples=150)
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
