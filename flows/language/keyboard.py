"""Typing with a Japanese keyboard, found before the YAML parser, whose messages would mislead.

Line by line, never inside quotes, block scalars or comments: full-width `：` after a key, a
full-width space as indentation or around a key, a tab in the indentation (F005); and plain values
that YAML would misread, such as one that begins with a template (F006).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flows.language.nodes import MAX_DEPTH
from flows.language.problems import Place, Problems

WIDE_SPACE = "\u3000"
WIDE_COLON = "："
_MISREAD_START = ("{{", "@", "%", "`", ">=")
_BLOCK_SCALAR = re.compile(r"[|>][+-]?\d?[+-]?\s*(?:#.*)?$")
_DASHES = re.compile(r" *(?:- +)*")
_KEY = re.compile(r"(?![\"'#{\[])(?:(?!\s#).)+?:(?=\s|$)")
_TRUE_KEY = re.compile(r"[^\s:：]+:(?:\s|$)")
_WIDE_KEY = re.compile(r"[^\s\"'#:：{\[][^\"'#:：]{0,40}：")
_OWN_WIDE_KEY = re.compile(r"[a-z_][a-z0-9_.]*\s*：")  # as the language's own keys are written
_SPACED_KEY = re.compile(r"[A-Za-z_][\w.]*(?:\u3000+:|:\u3000)|[^\s\"'#:：{\[]+:\u3000+[{\[]")
_MISREAD = re.compile(r"(?:\{\{[^}]{0,99}\}\}|[@%`]|>=)[^,\]}]*")
_CLOSING_QUOTE = {'"': re.compile(r"(?:[^\"\\]|\\.)*\""), "'": re.compile(r"(?:[^']|'')*'")}
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_WORD = re.compile(r"[^\"'{}\[\],:# \t]+")  # nothing in it is a sign of YAML
_COMMENT = re.compile(r"\s#.*$")


@dataclass(frozen=True, slots=True)
class _Find:
    """What was found, and in which column from 0. value: the text that needs quotes."""

    code: str
    column: int
    value: str = ""


@dataclass(slots=True)
class _Scan:
    """What is open: a quote, brackets, a block scalar or a plain text that may go on.

    token: in brackets, what was read since the last sign of YAML. next_indent: of the next line.
    """

    quote: str = ""
    brackets: list[str] = field(default_factory=list)
    text_indent: int | None = None
    token: str = ""
    token_at: int = 0
    is_value: bool = False
    next_indent: int = 0


def check_typing(text: str, file: str, problems: Problems) -> None:
    """Note what a Japanese keyboard put where YAML wants ASCII, once for each line."""
    scan, lines = _Scan(), text.split("\n")
    for number, line in enumerate(lines, start=1):
        scan.next_indent = _indent(lines[number]) if number < len(lines) else 0
        finds = list(_line(scan, line))
        if finds:
            _note(finds[0], Place(file, number, finds[0].column + 1), problems)


def _note(find: _Find, place: Place, problems: Problems) -> None:
    if find.code == "F005":
        problems.add("F005", place, "wide_signs")
    else:
        problems.add("F006", place, "wants_quotes", value=find.value.strip())


def _line(scan: _Scan, line: str) -> Iterator[_Find]:
    if scan.quote or scan.brackets:
        yield from _inside(scan, line, 0)
    elif line.strip(" \t\r\u3000") and not _is_text(scan, line):
        scan.token, scan.is_value = "", False
        yield from _structure(scan, line)


def _is_text(scan: _Scan, line: str) -> bool:
    """Whether the line belongs to the text of the line before it, or is a comment."""
    if scan.text_indent is not None and _indent(line) > scan.text_indent:
        return True
    is_comment = line.lstrip().startswith("#")
    scan.text_indent = scan.text_indent if is_comment else None
    return is_comment


def _structure(scan: _Scan, line: str) -> Iterator[_Find]:
    lead = line[: len(line) - len(line.lstrip(" \t\u3000"))]
    start = _DASHES.match(line).end()  # type: ignore[union-attr] # it matches the empty text too
    is_item = "-" in line[:start]
    wide = next((lead.index(sign) for sign in ("\t", WIDE_SPACE) if sign in lead), None)
    wide = _wide_sign(scan, line, start, is_item=is_item) if wide is None else wide
    if wide is not None:
        yield _Find("F005", wide)
        return
    key = _KEY.match(line, start)
    if key is not None:
        value = key.end() + _indent(line[key.end() :])
        yield from _value(scan, line, value, start)
    elif is_item:
        yield from _value(scan, line, start, line.rindex("-", 0, start))
    else:
        yield from _inside(scan, line, start)


def _wide_sign(scan: _Scan, line: str, start: int, *, is_item: bool) -> int | None:
    """Where a full-width sign stands at the key of a line."""
    if WIDE_COLON not in line and WIDE_SPACE not in line:
        return None
    if line.startswith((WIDE_SPACE, "-" + WIDE_SPACE), start):
        return line.index(WIDE_SPACE, start)
    bare = _COMMENT.sub("", _QUOTED.sub(lambda m: "x" * len(m.group()), line))
    if _SPACED_KEY.match(bare, start):
        return bare.index(WIDE_SPACE, start)
    wide = _OWN_WIDE_KEY.match(bare, start)
    if wide is None and not _TRUE_KEY.match(bare, start):
        wide = _WIDE_KEY.match(bare, start)
        if wide is not None and is_item and not _opens(scan, bare[wide.end() :], start):
            return None  # `- 営業時間：10時から` is a text in a list, not a key
    return wide.end() - 1 if wide is not None else None


def _opens(scan: _Scan, rest: str, start: int) -> bool:
    """Whether what follows a sign can only belong to a key."""
    return rest.strip().startswith(("{", "[")) or (not rest.strip() and scan.next_indent > start)


def _value(scan: _Scan, line: str, at: int, parent: int) -> Iterator[_Find]:
    """The value of a key, or an item of a list. parent: the column of that key or dash."""
    rest = line[at:]
    if rest.startswith(("#", "\r")) or not rest:
        return
    if _BLOCK_SCALAR.match(rest):
        scan.text_indent = parent
    elif rest.startswith(_MISREAD_START):
        yield _Find("F006", at, _COMMENT.sub("", rest))
    elif rest[0] in "\"'{[":
        yield from _inside(scan, line, at)
    else:
        scan.text_indent = parent
        bare = _COMMENT.sub("", rest)
        if re.search(r":(?: |$)", bare) and not rest.startswith("- "):
            yield _Find("F006", at, bare)


def _inside(scan: _Scan, line: str, at: int) -> Iterator[_Find]:
    """What stands in quotes or brackets, which may go on over several lines."""
    column = at
    while column < len(line) and len(scan.brackets) <= MAX_DEPTH:
        if scan.quote:
            column = _after_quote(scan, line, column)
            continue
        is_start = not scan.token
        misread = _MISREAD.match(line, column) if is_start and scan.brackets else None
        if misread is not None:
            yield _Find("F006", column, misread.group())
            column, scan.token = misread.end(), '"'
        elif line[column] == "#" and line[max(0, column - 1) : column] in {"", " ", "\t"}:
            break
        elif (word := _WORD.match(line, column)) is not None:
            scan.token_at = column if is_start else scan.token_at
            scan.token += word.group()
            column = word.end()
        else:
            scan.token_at = column if is_start else scan.token_at
            yield from _sign(scan, line, column)
            column += 1
    scan.token = '"' if scan.token else ""


def _after_quote(scan: _Scan, line: str, column: int) -> int:
    """The column behind the quote that is open, if it closes in this line."""
    closing = _CLOSING_QUOTE[scan.quote].match(line, column)
    if closing is None:
        return len(line)
    scan.quote = ""
    return closing.end()


def _sign(scan: _Scan, line: str, column: int) -> Iterator[_Find]:
    """One sign between quotes."""
    sign, is_start = line[column], not scan.token
    if sign in "\"'" and is_start:
        scan.quote, scan.token = sign, '"'
    elif sign in "{[":
        yield from _token(scan, is_key=False, opens=True)
        scan.brackets.append(sign)
        scan.token, scan.is_value = "", False
    elif sign in "]}" and scan.brackets:
        yield from _token(scan, is_key=False)
        scan.brackets.pop()
        scan.token, scan.is_value = '"', True
    elif sign == "," and scan.brackets:
        yield from _token(scan, is_key=False)
        scan.token, scan.is_value = "", False
    elif sign == ":" and scan.brackets and line[column + 1 : column + 2] in {"", " ", "\t"}:
        yield from _token(scan, is_key=True)
        scan.token, scan.is_value = "", True
    elif not is_start or sign not in " \t":
        scan.token += sign


def _token(scan: _Scan, *, is_key: bool, opens: bool = False) -> Iterator[_Find]:
    """What was read since the last sign of YAML, at the next one; it may hold a key."""
    if scan.is_value or not scan.brackets:
        return
    token, in_map = scan.token, scan.brackets[-1] == "{"
    if is_key:
        spaced = token.strip(" \t")
        wide = spaced.find(WIDE_SPACE) if spaced.strip(WIDE_SPACE) != spaced else -1
    elif in_map or opens:
        wide = max(token.find(WIDE_COLON), token.find(":" + WIDE_SPACE) + 1 or -1)
    else:
        wide = -1
    if wide >= 0:
        yield _Find("F005", scan.token_at + wide)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
