"""Layouts that people write, each changed in one place; and what only the text can change."""

import pytest

from flows.language.house_rows.odd import Odd
from flows.language.house_rows.rows import kind_of, read_rows
from flows.language.house_rows.uses import Uses
from flows.language.nodes import compose
from flows.language.problems import Problem, Problems
from flows.language.rewriting.changes import rewrite
from flows.language.rewriting.spots import NotRewritable
from flows.language.rewriting.steps import Change, Insert, Move, Put, Remove, Rename, SetDay

NOTED = {"note": "め: も"}
UNUSED = Uses({}, ())


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        # one after the other, at an end without a line break
        ("tags:\n- a\n- b", Remove(("tags", 1)), "tags:\n- a"),
        ("tags:\n- a # x\n", Remove(("tags", 0)), "tags:\n  [] # x\n"),
        ("tags:\n  []\n", Insert(("tags", 0), {"a": NOTED}), 'tags:\n  - a: {note: "め: も"}\n'),
        ("tags: [a]", Insert(("tags", 1), {"b": NOTED}), 'tags: [a, b: {note: "め: も"}]'),
        ("tags: [a]", Insert(("tags", 0), {"b": "c"}), "tags: [{b: c}, a]"),
        ("tags: [a]", Put(("tags", 0), {"a": NOTED}), 'tags: [a: {note: "め: も"}]'),
        ("tags:\n- a\n", Insert(("tags", 0), "b"), "tags:\n- b\n- a\n"),
        # the style of what was there
        ("a: 'it''s'\n", Put(("a",), "that's"), "a: 'that''s'\n"),
        ("a: 'x'\n", Put(("a",), "x\ny"), "a: |-\n  x\n  y\n"),
        ('a: "x"\n', Put(("a",), "y"), 'a: "y"\n'),
        ('a: ""\n', Put(("a",), "y"), "a: y\n"),
        ("a: |  # r\n  x\n\nb: c\n", Put(("a",), "y\nz\n"), "a: |  # r\n  y\n  z\n\nb: c\n"),
        ("a: |+  # r\n  x\n\nb: c\n", Put(("a",), "y"), "a: |-  # r\n  y\nb: c\n"),
        ("a: x  # r\n", Put(("a",), "y\nz"), 'a: "y\\nz"  # r\n'),
        ("a: x", Put(("a",), "y\nz\n"), "a: |\n  y\n  z\n"),
        ("a:  # r\n  - x\n  - y\n", Put(("a",), "z"), "a: z  # r\n"),
        ("a: [x, y, z]\n", Put(("a",), ["x"]), "a: [x]\n"),
        ("a: [x, y]  # r\n", Put(("a",), ["x", "w", "y", "z"]), "a: [x, w, y, z]  # r\n"),
        ("a: ['x', y]\n", Put(("a",), ["w", "y"]), "a: ['w', y]\n"),
        ("f: {a: b, c: d}\n", Put(("f",), {"a": "b", "c": "e"}), "f: {a: b, c: e}\n"),
        # a line of the week with a remark stays a line
        (
            "weekly:\n  mon: closed  # 休み\n  tue: 10:00-19:00\n",
            SetDay("mon", "10:00-19:00"),
            "weekly:\n  mon: 10:00-19:00  # 休み\n  tue: 10:00-19:00\n",
        ),
        # what is renamed, moved, put behind
        ("'a': b\n", Rename(("a",), "c"), "'c': b\n"),
        ("f: {a: b, c: d}\n", Put(("f", "e"), "g", after="a"), "f: {a: b, e: g, c: d}\n"),
        ("- # 1\n  a\n# two\n- b\n", Move((1,), 0), "# two\n- b\n- # 1\n  a\n"),
        ("f:\n  a: b\n", Remove(("f", "a")), "f:\n  {}\n"),
        ("- a: b\n  c: d\n", Remove((0, "a")), "- c: d\n"),
        ("f: {a: b}\n", Remove(("f", "a")), "f: {}\n"),
        ("f: {}\n", Put(("f", "a"), {"b": "c"}), "f:\n  a: {b: c}\n"),
        (
            "f:\n  a: b\n",
            Put(("f",), {"a": {}, "x": [], "y": {"z": "1"}}),
            "f:\n  a: {}\n  x: []\n  y: {z: 1}\n",
        ),
    ],
)
def test_only_what_is_changed_is_written(before: str, change: Change, after: str) -> None:
    assert rewrite(before, [change]) == after


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("- - a\n  - b\n", Move((0, 1), 0)),
        ("a: |\n  x", Put(("b",), "y")),
        ("[a: b]\n", Put((0, "c"), "d")),
    ],
)
def test_what_is_laid_out_too_oddly_is_left_to_the_text(text: str, change: Change) -> None:
    with pytest.raises(NotRewritable):
        rewrite(text, [change])


def rows_of(file: str, text: str, *problems: Problem) -> dict:
    tree = compose(text, file, Problems())
    assert tree is not None
    return read_rows(file, tree, problems, UNUSED)


def test_what_is_left_open_is_shown_as_nothing() -> None:
    assert rows_of("tags.yaml", "tags:\n")["rows"] == []
    assert rows_of("fields.yaml", "fields:\n")["rows"] == []
    assert rows_of("faq/x.yaml", "faq: x\n")["title"] == ""
    assert rows_of("links.yaml", "links: {a: https://x, b: {url: https://y}}\n")["rows"][0][
        "is_short"
    ]
    assert rows_of("queues.yaml", "queues: 受付\n")["rows"][0]["name"] == "受付"
    long = "queues: [受付, 予約: {hours: late, accounts: main}, 夜間: {}]\n"
    queues = rows_of("queues.yaml", long)["rows"]
    assert [(q["name"], q["hours"], q["accounts"]) for q in queues] == [
        ("受付", "", []), ("予約", "late", ["main"]), ("夜間", "", []),
    ]  # fmt: skip
    with pytest.raises(Odd):
        rows_of("queues.yaml", "queues: [{a: {}, b: {}}]\n")
    exception = rows_of("calendars/x.yaml", "weekly: {}\nexceptions: {2026-11-23: 十時から}\n")
    assert exception["rows"][0]["hours"]["kind"] == "other"
    assert exception["week"][0]["hours"]["kind"] == "closed"


def test_a_problem_of_no_row_stands_beside_them() -> None:
    unknown = Problem("tags.yaml", 2, 1, "F002", "知らないキー")
    own = Problem("tags.yaml", 1, 11, "W211", "使われない")

    sheet = rows_of("tags.yaml", "tags: [a, b]\nmore: x\n", own, unknown)

    assert [problem.code for problem in sheet["problems"]] == ["F002"]
    assert [problem.code for problem in sheet["rows"][1]["problems"]] == ["W211"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("tags.yaml", "[a]\n"), ("tags.yaml", "tags: {a: b}\n"), ("tags.yaml", "tags: [{a: b, c: d}]\n"),
        ("tags.yaml", "tags: [a: {note: [x]}]\n"), ("fields.yaml", "fields: {a: b}\n"),
        ("faq/x.yaml", "faq: x\nentries: [{ask: {a: b}}]\n"), ("calendars/x.yaml", "weekly: {x: closed}\n"),
        ("segments/x.yaml", "segment: x\n"),
    ],
)  # fmt: skip
def test_another_shape_has_no_rows(file: str, text: str) -> None:
    with pytest.raises(Odd):
        rows_of(file, text)


def test_flows_and_segments_have_no_form() -> None:
    assert kind_of("faq.yaml") is None
    assert kind_of("segments/faq.yaml") is None
    assert kind_of("faq/salon.yaml") == "faq"
