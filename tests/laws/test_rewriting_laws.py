"""Laws of changing a file by parts: nothing changes by itself, and what changes is what was asked.

The files are the sample's and one that is laid out as oddly as people do; the texts are the nastiest
that a form can send.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.language.keyboard import check_typing
from flows.language.problems import Problems
from flows.language.rewriting.changes import read_tree, rewrite
from flows.language.rewriting.spots import NotRewritable
from flows.language.rewriting.steps import Insert, Move, Put, Remove, Rename, SetDay
from flows.language.rewriting.weeks import hours_by_day

FLOWS = Path(__file__).parent.parent.parent / "flows"
SAMPLE = {
    path.relative_to(FLOWS).as_posix(): path.read_text()
    for path in [*FLOWS.glob("*.yaml"), *FLOWS.glob("faq/*"), *FLOWS.glob("calendars/*")]
}
ODD = """# 見出し😀
faq: odd   # 名前

entries:

  # 車のこと
  - id: parking   # 番号
    ask:
    - 駐車場はありますか  # いちばん多い
    - "車で: 行けますか" # 二番目

    # 言いかえ
    - |
      何台
      ですか
    answer: |   # 長い文
      裏に3台。

      満車のときは向かいへ。

  -
    id: pay
    ask: [カードは, # 現金も
      'it''s ok', ]
    answer: >-
      使え
      ます

    # 最後の項目
  - {id: last, ask: [あ], answer: "い\\tう"}  # 一行
notes: {a: 1, b: [x, y: {z: 090}], c: }
more:  # 入れ物
  k: v
week: {mon: closed, tue-fri: 10:00-19:00}
# おわり
"""
NASTY = (
    "yes", "no", "~", "null", "010", "090", "10:30", "1e3", "", " ", "- a", "a: b", "a:", ": ", "#x",
    "a #b", "{{name}}", "{{", "}}様", "[a", "a]", "{a: b}", "a, b", "'", '"', "it's", 'say "x"',
    "\\", "\\n", "あ\nい", "\nあ", "あ\n", "あ\n\n\nい\n", "  two", "two  ", "\t", "a\tb", "全角：値",
    "　", "😀👨‍👩‍👧", "%x", "@x", "`x`", ">= 3", "> x", "| x", "|", "---", "...", "? x", "!x", "&a",
    "*a", "<<", "\x07", "\x85", "\u2028", "\ufeff", "x" * 300, "a\r\nb", "- ", "like sun", "#", "?",
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=30),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=3).map("".join),
)
values = st.one_of(texts, st.lists(texts, max_size=4), st.dictionaries(texts, texts, max_size=3))


def paths_of(tree: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every part of a tree, the whole excepted."""
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    found = [] if isinstance(tree, str) else [((*at, key), inner) for key, inner in pairs]
    return [path for own, inner in found for path in (own, *paths_of(inner, own))]


def at(tree: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def alike(one: str, two: str) -> int:
    """How many letters two texts have in common from their beginning on."""
    return next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(one))


ALL = {**SAMPLE, "odd": ODD}
places = st.sampled_from([(file, path) for file in ALL for path in paths_of(read_tree(ALL[file]))])
remarks = re.compile(r"(?m)(?:^|[ \t])#[ ].*$")


@pytest.mark.parametrize("file", sorted(ALL))
def test_a_change_that_changes_nothing_gives_the_same_bytes(file: str) -> None:
    text, tree = ALL[file], read_tree(ALL[file])

    for path in paths_of(tree):
        assert rewrite(text, [Put(path, at(tree, path))]) == text
        if isinstance(path[-1], str):
            assert rewrite(text, [Rename(path, path[-1])]) == text
    assert rewrite(text, []) == text


@settings(max_examples=400)
@given(place=places, value=values)
@example(place=("odd", ("notes", "b", 1)), value={})
@example(place=("odd", ("notes", "b", 1)), value={"yes": "yes", "no": "yes"})
def test_what_is_read_after_a_change_is_exactly_the_value(place: Any, value: Any) -> None:
    file, path = place
    text, before = ALL[file], read_tree(ALL[file])

    after = rewrite(text, [Put(path, value)])

    now = read_tree(after)
    assert at(now, path) == value
    owner = at(now, path[:-1])
    owner[path[-1]] = at(before, path)
    assert now == before  # and everything else is as it was
    problems = Problems()
    check_typing(after, file, problems)
    assert problems.sorted() == ()


@settings(max_examples=300)
@given(place=places, text=texts)
def test_a_changed_text_leaves_every_other_letter_alone(place: Any, text: str) -> None:
    file, path = place
    source = ALL[file]
    old = at(read_tree(source), path)
    if not isinstance(old, str):
        return
    longest = 2 * len(old) + 40  # the old text's own letters, with its quotes and indentation

    after = rewrite(source, [Put(path, text)])

    assert remarks.findall(source) == [r for r in remarks.findall(after) if r in source]
    assert alike(source, after) + alike(source[::-1], after[::-1]) >= len(source) - longest


@settings(max_examples=300)
@given(place=places, value=values, to=st.integers(0, 30), name=texts)
def test_items_and_keys_come_go_move_and_are_renamed(
    place: Any, value: Any, to: int, name: str
) -> None:
    file, path = place
    source, before = ALL[file], read_tree(ALL[file])
    owner = at(before, path[:-1])

    removed = read_tree(rewrite(source, [Remove(path)]))

    if isinstance(path[-1], int):
        assert at(removed, path[:-1]) == [o for n, o in enumerate(owner) if n != path[-1]]
        grown = read_tree(rewrite(source, [Insert(path, value)]))
        assert at(grown, path[:-1]) == [*owner[: path[-1]], value, *owner[path[-1] :]]
        to %= len(owner)
        moved = rewrite(source, [Move(path, to)])
        expected = [o for n, o in enumerate(owner) if n != path[-1]]
        assert at(read_tree(moved), path[:-1]) == [*expected[:to], owner[path[-1]], *expected[to:]]
        assert sorted(moved) == sorted(source)  # the same letters in another order
        assert rewrite(moved, [Move((*path[:-1], to), path[-1])]) == source
        return
    assert at(removed, path[:-1]) == {k: v for k, v in owner.items() if k != path[-1]}
    if name in owner:
        with pytest.raises(NotRewritable):
            rewrite(source, [Rename(path, name), Rename((), name)])
        return
    renamed = read_tree(rewrite(source, [Rename(path, name)]))
    assert list(at(renamed, path[:-1]).values()) == list(owner.values())
    added = read_tree(rewrite(source, [Put((*path[:-1], name), value)]))
    assert at(added, path[:-1]) == {**owner, name: value}


@settings(max_examples=150)
@given(
    days=st.lists(
        st.tuples(
            st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
            st.sampled_from(["closed", "10:00-19:00", "like sun", ["09:00-12:00", "18:00-26:00"]]),
        ),
        max_size=8,
    ),
    start=st.sampled_from(
        [
            "weekly: {mon: closed, tue-fri: 10:00-19:00, sat-sun: 09:00-18:00}  # 週\n",
            "weekly:\n  sat-mon: closed # 休み\n  tue-tue: 10:00-19:00\n",
            "weekly: {}\n",
            "weekly: {mon-sun: [09:00-12:00, 18:00-26:00]}\n",
        ]
    ),
)
def test_each_day_has_the_hours_that_it_was_given(days: Any, start: str) -> None:
    expected = hours_by_day(read_tree(start)["weekly"])  # type: ignore[call-overload,index]
    text = start
    for day, hours in days:
        expected[day] = hours
        text = rewrite(text, [SetDay(day, hours)])

    week: Any = read_tree(text)["weekly"]  # type: ignore[call-overload,index]

    assert hours_by_day(week) == expected
    assert remarks.findall(text) == remarks.findall(start)


def test_a_day_that_is_set_back_leaves_the_line_as_it_was() -> None:
    text = SAMPLE["calendars/main.yaml"]

    changed = rewrite(text, [SetDay("wed", "closed")])

    assert "tue: 10:00-19:00, wed: closed, thu-fri: 10:00-19:00" in changed
    assert rewrite(changed, [SetDay("wed", "10:00-19:00")]) == text
    with pytest.raises(NotRewritable):
        rewrite("weekly: [mon]\n", [SetDay("wed", "closed")])


@pytest.mark.parametrize("text", ["", "a: [", "a: &x b\n", "a: 1\na: 2\n", "# only\n", "a: *b\n"])
def test_what_is_no_yaml_of_ours_is_not_changed(text: str) -> None:
    with pytest.raises(NotRewritable):
        rewrite(text, [Put(("a",), "b")])


def test_a_change_that_leads_nowhere_is_refused() -> None:
    text = "tags: [a, b]\nmore: {x: 1, y: 2}\n"

    assert rewrite(text, [Remove(("tags", 1))]) == "tags: [a]\nmore: {x: 1, y: 2}\n"
    for change in (
        Remove(("tags", 2)), Put(("tags", -1), "x"), Put((), "x"), Rename(("more", "x"), "y"),
        Move(("tags", 0), 5), Insert(("tags", 9), "x"), Put(("tags", "x"), "y"),
        Put(("more", 0), "y"), Remove(("gone", "x")), Put(("more", "x", "z"), "y"),
    ):  # fmt: skip
        with pytest.raises(NotRewritable):
            rewrite(text, [change])


def test_a_move_that_would_swallow_a_remark_is_refused() -> None:
    text = "ask:\n- あ\n\n  # remark\n- |\n  い\n  う\n"

    with pytest.raises(NotRewritable):  # the text in lines would come right above the remark
        rewrite(text, [Move(("ask", 0), 1)])
    assert rewrite(text, [Remove(("ask", 0))]) == text.replace("- あ\n", "")


def test_the_last_item_goes_and_the_remark_before_it_stays() -> None:
    text = "ask: [あ, # remark\n  い, ]\n"

    assert rewrite(text, [Remove(("ask", 1))]) == "ask: [あ, # remark\n   ]\n"
    assert rewrite(text, [Remove(("ask", 0))]) == "ask: [い, ]\n"


def test_the_first_entry_of_an_empty_file_takes_lines_of_its_own() -> None:
    entry: Any = {"id": "q", "ask": ["あ"], "answer": "い\nう"}

    for start in ("entries: []  # まだ\n", "entries:  # まだ\n", "entries: []\n", "entries:"):
        text = rewrite(f"faq: x\n{start}", [Insert(("entries", 0), entry)])
        assert "\n  - id: q\n    ask: [あ]\n    answer: |-\n      い\n      う" in text
        assert ("まだ" in text) == ("まだ" in start)
