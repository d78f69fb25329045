"""A proposal in a FAQ file's text: it loads, and differs by the addition alone."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.language.faq.writing import NewEntry, add_asks, add_entry
from flows.language.loader import load_files
from flows.language.nodes import compose, to_json
from flows.language.problems import Problems

IN_LINES = """# よくある質問🚗
faq: salon  # 見本
title: 見本
entries:
  # 車
  - id: parking
    ask:
      - 駐車場はありますか🚗   # いちばん多い
      - "車で: 行けますか"

      # 言いかえはここまで
    answer: |
      裏に3台ございます。

      満車のときは向かいへ。

  - id: payment
    ask: [カードは使えますか,   # 現金も
      'PayPayは使えますか', ]
    answer: 使えます  # 現金も

# おわり
"""
IN_BRACKETS = """faq: salon
entries: [{id: parking, ask: 駐車場はありますか, answer: ございます},
  {id: payment, ask: [カードは使えますか], answer: "使えます"}]  # おわり"""
CLOSE = """entries:
- ask:
  - 駐車場はありますか
  - >-
    車で
    行けますか
  answer: ございます
  id: parking
- ask: |
    カードは使えますか
  id: payment
  answer: 使えます
faq: salon"""
FILES = {"in lines": IN_LINES, "in brackets": IN_BRACKETS, "close": CLOSE}
WORDS = st.text(min_size=1, max_size=30).filter(lambda text: text.strip() != "")
TRICKY = st.sampled_from(
    ["a: b", "- a", "# a", "x #y", "[a, b]", "{{name}}", "}}", "'", '"', "\\", "a\nb", "yes", "10:30",
     "<<", "*a", "&a", "!a", "a\x85b", "a\u2028b", "\ufeffa", "\x7f", "| a", "a,", "、", "ネイル ", " a", "---", "{a: b}"]
)  # fmt: skip
TEXTS = st.one_of(WORDS, TRICKY)


def tree(text: str) -> Any:
    problems = Problems()
    node = compose(text, "faq/salon.yaml", problems)
    assert node is not None, problems.sorted()
    return _stripped(to_json(node))


def _stripped(value: Any) -> Any:
    """A text of many lines has a line break at its end that says nothing."""
    if isinstance(value, dict):
        return {key: _stripped(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_stripped(inner) for inner in value]
    return value.rstrip("\n")


def grown(text: str, entry: str, asks: list[str]) -> Any:
    wanted = tree(text)
    own = next(one for one in wanted["entries"] if one["id"] == entry)
    own["ask"] = [*(own["ask"] if isinstance(own["ask"], list) else [own["ask"]]), *asks]
    return wanted


def loads(text: str) -> None:
    folder = load_files({"faq/salon.yaml": text.encode()})
    assert not [problem for problem in folder.loading_problems() if problem.severity == "E"]
    assert "salon" in folder.faqs


def as_words(text: str) -> str:
    """What no reader takes for a hole."""
    opened = re.sub(r"\{{2,}", lambda found: "\uff5b" * len(found[0]), text)
    return re.sub(r"\}{2,}", lambda found: "\uff5d" * len(found[0]), opened).rstrip("\n")


def is_only_added(before: str, after: str) -> bool:
    """Whether one piece was put in, and nothing else was touched."""
    same = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before)
    )
    return any(
        after.endswith(before[at:]) and after.startswith(before[:at]) for at in range(same + 1)
    )


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("entry", ["parking", "payment"])
@settings(max_examples=60)
@given(asks=st.lists(TEXTS, min_size=1, max_size=3))
def test_ways_to_ask_are_added_and_nothing_else(name: str, entry: str, asks: list[str]) -> None:
    before = FILES[name]

    after = add_asks(before, entry, asks)

    loads(after)
    assert tree(after) == grown(before, entry, [as_words(ask) for ask in asks])
    stood_alone = isinstance(
        next(e for e in tree(before)["entries"] if e["id"] == entry)["ask"], str
    )
    assert stood_alone or is_only_added(before, after)


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=60)
@given(asks=st.lists(TEXTS, min_size=1, max_size=3), answer=st.none() | TEXTS)
def test_an_entry_is_added_at_the_end_and_nothing_else(
    name: str, asks: list[str], answer: str | None
) -> None:
    before = FILES[name]

    after = add_entry(before, NewEntry("new_7", tuple(asks), answer))

    entry = {
        "id": "new_7",
        "ask": [as_words(ask) for ask in asks],
        "answer": as_words(answer or ""),
    }
    if answer:
        loads(after)
    else:  # nobody publishes an entry that has no answer yet
        found = load_files({"faq/salon.yaml": after.encode()}).loading_problems()
        errors = [(problem.code, problem.message) for problem in found if problem.severity == "E"]
        assert errors == [("F003", "答えが空です。")]
    wanted = tree(before)
    assert tree(after) == {**wanted, "entries": [*wanted["entries"], entry]}
    assert is_only_added(before, after)


def test_an_addition_is_written_in_the_style_of_its_list() -> None:
    asked = add_asks(add_asks(IN_LINES, "parking", ["バイクは?"]), "payment", ["a: b"])
    text = add_entry(asked, NewEntry("new_7", ("ネイルはありますか",), None))

    added = [line for line in text.splitlines() if line not in IN_LINES.splitlines()]
    assert added == [
        "      - バイクは?",
        "      'PayPayは使えますか', \"a: b\", ]",
        "  - id: new_7",
        "    ask: [ネイルはありますか]",
        '    answer: ""',
    ]


def test_an_empty_faq_gets_its_first_entry() -> None:
    text = add_entry("faq: salon\nentries: []\n", NewEntry("new_7", ("ネイルは?",), "ございます"))

    loads(text)
    assert text == "faq: salon\nentries: [{id: new_7, ask: [ネイルは?], answer: ございます}]\n"
