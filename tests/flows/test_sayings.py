"""Every sentence is there in both languages, with the same parts, and somebody hears it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from console.cli.words import WORDS
from flows.language.checker import check
from flows.language.checks.removed import check_removed
from flows.language.exploring.verdicts import explore
from flows.language.faq.evaluation import BadQuestions, read_questions
from flows.language.loader import load_files
from flows.language.problems import Problem
from flows.language.reasons import GUIDE, WHY
from flows.language.sayings import moving, talks, trying
from flows.language.sayings.catalogue import CATALOGUE, say, say_remedy
from flows.language.sayings.saying import LANGUAGES, Pair, Saying, saying
from tests.flows.card_mistakes import CARD_MISTAKES
from tests.flows.mistakes import END, HEAD, MISTAKES, PLACED
from tests.flows.sentences import SENTENCES
from tests.flows.talks import FIN, TALKS, flow
from tests.flows.test_salon import FLOWS

LANGUAGE = FLOWS / "language"
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
PART = re.compile(r"\$(?:\{(\w+)\}|(\w+))", re.ASCII)
# What is written so in a file in any language, and names of the sample shop.
OF_FILES = {
    "受付", "はい", "いいえ", "予約", "新規", "常連", "配信停止", "スキップ", "カット", "カラー", "シャンプー",
    "こんにちは", "毎日", "毎週月曜", "毎月", "日", "毎月末日", "ご予約の確認のご連絡に使います",
}  # fmt: skip
PAIRS = [
    *((key, pair) for key, said in CATALOGUE.items() for pair in (said.message, said.remedy)),
    *WHY.items(),
    *WORDS.items(),
]


@pytest.mark.parametrize(("key", "pair"), [(key, pair) for key, pair in PAIRS if pair is not None])
def test_a_sentence_says_the_same_in_both_languages(key: str, pair: Pair) -> None:
    japanese, english = pair

    assert japanese.strip()
    assert english.strip()
    assert parts_of(japanese) == parts_of(english), key
    assert set(JAPANESE.findall(english)) <= OF_FILES, key


def test_each_sentence_about_a_mistake_is_brought_about_by_some_folder() -> None:
    told = set(CATALOGUE) - {key for family in (moving, talks, trying) for key in family.SAID}

    heard = {key for problem in found_problems() for key in keys_in(problem)}

    assert told - heard == set()


@pytest.mark.parametrize(("key", "files"), SENTENCES)
def test_the_folder_that_is_to_bring_it_about_does(
    key: str, files: str | dict[str, str] | dict[str, bytes]
) -> None:
    found = check(load_files(as_files(files)))

    assert key in {key for problem in found for key in keys_in(problem)}


def test_every_problem_says_what_is_wrong_and_what_to_do_in_each_language() -> None:
    for problem in found_problems():
        for language in LANGUAGES:
            assert problem.message_in(language), problem
            assert problem.hint_in(language), problem
    assert all(say_remedy(Saying(key)) == "" for key in ("none", "in.flow"))


def test_no_sentence_is_asked_for_that_is_not_there_and_none_is_left_unasked() -> None:
    used, begun = keys_used()
    whole = set(CATALOGUE)

    assert used - whole == set()
    unused = {key for key in whole - used if not key.startswith(begun)}
    assert unused == set()


def test_what_was_found_is_put_into_words_only_when_somebody_reads_it() -> None:
    inner = saying("in.flow")
    outer = saying("unknown_key", key="titel", what=inner, known=("title", "steps"))

    assert say(outer) == "「titel」はフローでは使えません。"
    assert say(outer, "en") == "“titel” cannot be used in a flow."
    assert say_remedy(outer) == "使えるキー: title、steps"
    assert say_remedy(outer, "en") == "Keys that can: title, steps"
    money = saying("no_such", what=saying("a.tag"), name="$what", known=("${x}",))
    assert say(money, "en") == "There is no tag “$what”."  # what people wrote is only ever shown


def test_the_guide_has_each_problem_in_each_language() -> None:
    text = (FLOWS / "README.md").read_text()
    _, japanese, english = re.split(
        r"^## (?:間違いの番号|The numbers of problems)$", text, flags=re.M
    )

    for told in (japanese, english):
        assert set(re.findall(r"^\| ([FLWI]\d{3}) \|", told, re.MULTILINE)) == set(WHY)
    assert {link.partition("#")[0] for link in GUIDE.values()} == {"flows/README.md"}


def parts_of(text: str) -> set[str]:
    return {braced or plain for braced, plain in PART.findall(text)}


def keys_in(problem: Problem) -> Iterator[str]:
    yield from within(problem.about)
    if problem.own_remedy is not None:
        yield from within(problem.own_remedy)


def within(one: Saying) -> Iterator[str]:
    yield one.key
    for _, value in one.params:
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Saying):
                yield from within(item)


@cache
def found_problems() -> tuple[Problem, ...]:
    return tuple(_found_problems())


def _found_problems() -> Iterator[Problem]:
    for _, _, bad, _ in MISTAKES:
        yield from check(load_files({"f.yaml": bad.encode()}))
    for _, _, bad_files, _ in (*PLACED, *CARD_MISTAKES):
        yield from check(load_files(as_files(bad_files)))
    for _, files in SENTENCES:
        yield from check(load_files(as_files(files)))
    yield from check_removed(load_files({"f.yaml": (HEAD + END).encode()}), {("f", "old"): 2})
    for walked in WALKED:
        folder = load_files(as_files(walked))
        yield from explore(folder, check(folder)).problems
    for line in ("a,b,c", "駐車場は?,parking", "あ" * 200_000):  # the last: more than csv reads
        with pytest.raises(BadQuestions) as refused:
            read_questions([line], set())
        yield Problem("q.csv", 1, 1, "test", refused.value.about, saying("did_you_mean", near=""))


TOO_DEEP = next(key for key in TALKS if "deep" in key)
WALKED = [
    flow("  - repeat: {times: 20, steps: [{repeat: {times: 20, steps: [{tag: 大}]}}]}\n" + FIN),
    TALKS[TOO_DEEP][0],
    flow(
        "  - ask: 色は?\n    id: c\n    choices: [赤]\n  - if: {tag: 常連}\n    then: {goto: fin}\n"
        "  - goto: c\n" + FIN
    ),
]


def as_files(files: str | dict[str, str] | dict[str, bytes]) -> dict[str, bytes]:
    whole = {"f.yaml": HEAD + files + END} if isinstance(files, str) else files
    return {
        name: content.encode() if isinstance(content, str) else content
        for name, content in whole.items()
    }


def keys_used() -> tuple[set[str], tuple[str, ...]]:
    """Keys that the source asks for, and the beginnings of those that it puts together."""
    trees = [ast.parse(path.read_text()) for path in sources()]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    texts = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    asked = {key for call in nodes if isinstance(call, ast.Call) for key in asked_by(call)}
    begun = {
        str(node.values[0].value)
        for node in nodes
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
    }
    known = {key.partition(".")[0] + "." for key in CATALOGUE if "." in key}
    return asked | (texts & set(CATALOGUE)), tuple(known & begun)


def sources() -> Iterator[Path]:
    house = FLOWS.parent
    for path in (*LANGUAGE.rglob("*.py"), *(house / "console").rglob("*.py")):
        if "sayings" not in path.parts and "web" not in path.parts:
            yield path


def asked_by(call: ast.Call) -> Iterator[str]:
    """The key of a call that names one outright."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    at = {"saying": 0, "Saying": 0, "CannotDo": 0, "BadQuestions": 0, "wrong": 2}.get(name)
    if (
        name == "add" and len(call.args) > 2 and isinstance(call.func, ast.Attribute)
    ):  # code, place, key
        at = 2
    key = call.args[at] if at is not None and at < len(call.args) else None
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield key.value
