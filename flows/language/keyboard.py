"""Typing with a Japanese keyboard, found before the YAML parser, whose messages would mislead.

Line by line, never inside quotes, block scalars or comments: full-width `：` after a key, a
full-width space as indentation or around a key, a tab in the indentation (F005); and plain values
that YAML would misread, such as one that begins with a template (F006).
"""

import re
from collections.abc import Iterator

from flows.language.problems import Place, Problems

_BLOCK_START = re.compile(r":\s*[|>][+-]?\d?\s*(?:#.*)?$|^\s*-\s*[|>][+-]?\d?\s*(?:#.*)?$")
_WIDE_COLON = re.compile(r"^\s*(?:- +)*([^\s\"'#:：{\[][^\"'#:：]{0,40})：")
_ASCII_KEY = re.compile(r"^\s*(?:- +)*[A-Za-z_][\w.]*\s*：")
_WIDE_SPACE_AROUND_KEY = re.compile(r"^\s*(?:- +)*[A-Za-z_][\w.]*(?:\u3000+:|:\u3000)")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_KEY_VALUE = re.compile(r"^(\s*(?:- +)*(?:[^\s\"'#{\[\-][^\"'#{\[]*?:|-)) +(\S.*)$")
_MISREAD_START = ("{{", "@", "%", "`", ">=")
_COMMENT = re.compile(r"\s#.*$")


def check_typing(text: str, file: str, problems: Problems) -> None:
    """Note what a Japanese keyboard put where YAML wants ASCII."""
    for number, line in _structure_lines(text):
        place = _wide_sign(line, file, number)
        if place is not None:
            problems.add(
                "F005",
                place,
                "全角の「：」や空白、またはタブがあります。",
                "半角の「: 」と半角の空白に直してください。",
            )
            continue
        _check_value(line, file, number, problems)


def _structure_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that are YAML's own structure: not in a block scalar, not a comment, not empty."""
    block_indent: int | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip(" \t\u3000"):
            continue
        indent = len(line) - len(line.lstrip(" "))
        if block_indent is not None and indent > block_indent:
            continue
        block_indent = None
        if line.lstrip().startswith("#"):
            continue
        if _BLOCK_START.search(line):
            block_indent = indent
        yield number, line


def _wide_sign(line: str, file: str, number: int) -> Place | None:
    lead = line[: len(line) - len(line.lstrip(" \t\u3000"))]
    for sign in ("\t", "\u3000"):
        if sign in lead:
            return Place(file, number, lead.index(sign) + 1)
    bare = _COMMENT.sub("", _QUOTED.sub(lambda m: "x" * len(m.group()), line))
    around = _WIDE_SPACE_AROUND_KEY.match(bare)
    if around:
        return Place(file, number, bare.index("\u3000") + 1)
    has_key = re.match(r"^\s*(?:- +)*[^\s:：]+:(?:\s|$)", bare)
    wide = _ASCII_KEY.match(bare) or (None if has_key else _WIDE_COLON.match(bare))
    if wide and not _is_list_text(bare, is_ascii_key=bool(_ASCII_KEY.match(bare))):
        return Place(file, number, bare.index("：") + 1)
    return None


def _is_list_text(bare: str, *, is_ascii_key: bool) -> bool:
    """`- 営業時間：10時から` is a text in a list, not a key."""
    return bare.lstrip().startswith("- ") and not is_ascii_key


def _check_value(line: str, file: str, number: int, problems: Problems) -> None:
    match = _KEY_VALUE.match(line)
    if match is None:
        return
    value = match[2]
    column = match.start(2) + 1
    starts_badly = value.startswith(_MISREAD_START)
    bare = _COMMENT.sub("", value)
    is_item = match[1].rstrip().endswith("-")  # `- key: value` is a map, not a text with a colon
    holds_colon = (
        not is_item and value[0] not in "\"'{[|>-" and re.search(r":(?: |$)", bare) is not None
    )
    if starts_badly or holds_colon:
        problems.add(
            "F006",
            Place(file, number, column),
            "この値は引用符が要ります。",
            f'"{bare.strip()}" のように " " で囲んでください。',
        )
