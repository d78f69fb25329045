"""How a value is written so that our reader reads exactly it: plain where it may be, else quoted.

Every way to write a text is tried on the reader itself before it is used, so that no sign of YAML,
no half-typed template and no full-width colon can change what a manager wrote.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache

from flows.language.keyboard import check_typing
from flows.language.nodes import Items, Node, Scalar, Table, compose
from flows.language.problems import Problems

Value = str | list["Value"] | dict[str, "Value"]
INDENT = 2
_UNREADABLE = re.compile(
    r"[^ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def write_inline(value: Value) -> str:
    """On one line, as it may stand in brackets."""
    if isinstance(value, str):
        return write_text(value, is_inline=True)
    if isinstance(value, list):
        return f"[{', '.join(_item(item) for item in value)}]"
    return f"{{{', '.join(_pair(key, inner) for key, inner in value.items())}}}"


def write_block(value: Value, column: int) -> str:
    """From a column on, without the first line's indentation: a map takes a line for each key."""
    if isinstance(value, str):
        return write_text(value, indent=column)
    if isinstance(value, list) or not value:
        return write_inline(value)
    return f"\n{' ' * column}".join(write_entry(key, inner, column) for key, inner in value.items())


def write_entry(key: str, value: Value, column: int) -> str:
    """`key: value` in a map of lines that begins at a column."""
    name = write_key(key)
    if isinstance(value, str):
        return f"{name}: {write_text(value, indent=None if is_quoted(name) else column + INDENT)}"
    return f"{name}: {write_inline(value)}"


def write_lines(value: Value, column: int) -> str:
    """A list of maps, or a map of maps, in lines from a column on."""
    if not isinstance(value, list):
        return write_block(value, column)
    gap = f"\n{' ' * column}"
    return gap.join(f"- {write_block(item, column + INDENT)}" for item in value)


def is_quoted(name: str) -> bool:
    """Whether a key is in quotes: `keyboard` does not see that a text in lines follows it."""
    return name.startswith(("'", '"'))


def write_key(text: str, old: str = "") -> str:
    """A key. old: the sign that it was quoted with."""
    found = (one for one in _one_line(text, old) if _reads_as_key(text, one))
    return next(found, _double(text))


def write_text(
    text: str, *, is_inline: bool = False, indent: int | None = INDENT, old: str = ""
) -> str:
    """A text. indent: of its lines, None for one line alone. old: the sign of its style so far."""
    if not is_inline and indent is not None and (old in {"|", ">"} or "\n" in text.rstrip("\n")):
        literal = _literal(text, INDENT)
        if literal is not None and _reads_as_value(text, literal):
            return _literal(text, indent) or literal
    reads = _reads_inline if is_inline else _reads_as_value
    found = (one for one in _one_line(text, old) if reads(text, one))
    return next(found, _double(text))


def _item(value: Value) -> str:
    is_named = isinstance(value, dict) and len(value) == 1
    if is_named and isinstance(value, dict) and isinstance(next(iter(value.values())), dict):
        return next(_pair(key, inner) for key, inner in value.items())
    return write_inline(value)


def _pair(key: str, value: Value) -> str:
    return f"{write_key(key)}: {write_inline(value)}"


def _one_line(text: str, old: str) -> Iterator[str]:
    """The ways to write a text on one line, the best first."""
    if old == '"':
        yield _double(text)
    if old == "'" and "\n" not in text:
        yield "'" + text.replace("'", "''") + "'"
    if text and text == text.strip() and "\n" not in text:
        yield text


def _double(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNREADABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _literal(text: str, indent: int) -> str | None:
    """`|` and the lines; None for what such a block does not keep. It ends without a line break."""
    body = text.removesuffix("\n")
    if not body or body[0] in " \n" or body.endswith("\n"):
        return None
    sign = "|" if text.endswith("\n") else "|-"
    lines = [f"{' ' * indent}{line}" if line else "" for line in body.split("\n")]
    return "\n".join([sign, *lines])


@lru_cache(maxsize=4096)
def _reads_as_value(text: str, written: str) -> bool:
    return _reads(f"k: {written}\nz: z\n", {"k": text, "z": "z"}) and _reads(
        f"- {written}\n- z\n", [text, "z"]
    )


@lru_cache(maxsize=4096)
def _reads_inline(text: str, written: str) -> bool:
    document = f"k: [{{a: {written}, b: {written}}}, {written}, {written}]\n"
    return _reads(document, {"k": [{"a": text, "b": text}, text, text]})


@lru_cache(maxsize=4096)
def _reads_as_key(text: str, written: str) -> bool:
    document = f"{written}: {{{written}: v, '\\0': [{written}: v]}}\n"
    return _reads(document, {text: {text: "v", "\\0": [{text: "v"}]}})


def _reads(document: str, expected: object) -> bool:
    """Whether our reader reads exactly this, with nothing to say about it."""
    problems = Problems()
    check_typing(document, "", problems)
    tree = compose(document, "", problems)
    return tree is not None and not problems.sorted() and _plain(tree) == expected


def _plain(node: Node) -> object:
    """Maps, lists and texts; a text from which YAML would cut a remark is none of ours."""
    match node:
        case Scalar():
            return None if node.is_cut else node.text
        case Items():
            return [_plain(item) for item in node.items]
        case Table():
            return {entry.key.text: _plain(entry.value) for entry in node.entries}
