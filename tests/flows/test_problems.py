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
    assert render_github(problems, {}).startswith("::error file=f.yaml,line=7,col=5,title=F002::")


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
