"""A proposal written into the text of a FAQ file: added where it belongs, all else as it stands.

The text is one that loads, but for an answer that somebody has yet to write. Remarks, quotes, order
and layout stay; a list goes on in its own style, `[a, b]` or one line for each. What customers and
staff wrote comes in as plain words: it is quoted where YAML would read a sign in it, and `{{` is
made to be no hole.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

NO_ANSWER = '""'  # which the checker stops, so that nobody publishes it by mistake
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LINE_END = re.compile(r"[\r\n\x85\u2028\u2029]|\Z")
_SIGNS = r"、。・ー〜「」()!?\uff08\uff09\uff01\uff1f"  # that mean nothing to YAML
_PLAIN = re.compile(rf"(?!!|\?)[\w{_SIGNS}](?:[\w {_SIGNS}]*[\w{_SIGNS}])?")
_UNREADABLE = re.compile(
    r"[^ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_HOLES = str.maketrans("{}", "\uff5b\uff5d")  # the same in full width


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is to stand at the end of a FAQ. answer None: somebody has to write it yet."""

    id: str
    ask: tuple[str, ...]
    answer: str | None


def add_asks(text: str, entry_id: str, asks: Sequence[str]) -> str:
    """More ways to ask for an entry of the file."""
    ask = _value(_entry(text, entry_id), "ask")
    new = [quoted(one) for one in asks]
    if isinstance(ask, yaml.ScalarNode):
        return _as_list(text, ask, new)
    return _append(text, ask, new, new)


def add_entry(text: str, entry: NewEntry) -> str:
    """One more entry at the end of `entries`."""
    entries = _value(yaml.compose(text, Loader=_LOADER), "entries")
    ask = f"[{', '.join(map(quoted, entry.ask))}]"
    answer = quoted(entry.answer) if entry.answer and entry.answer.strip() else NO_ANSWER
    keys = [f"id: {entry.id}", f"ask: {ask}", f"answer: {answer}"]
    indent = "\n" + " " * (entries.start_mark.column + 2)
    return _append(text, entries, [f"{{{', '.join(keys)}}}"], [indent.join(keys)])


def quoted(text: str) -> str:
    """Words as YAML reads them, in quotes only where it needs them."""
    words = re.sub(r"\{\{+|\}\}+", lambda found: found[0].translate(_HOLES), text)
    if _PLAIN.fullmatch(words):
        return words
    return _UNREADABLE.sub(_escape, json.dumps(words, ensure_ascii=False))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _entry(text: str, entry_id: str) -> Any:
    entries = _value(yaml.compose(text, Loader=_LOADER), "entries").value
    return next(entry for entry in entries if _value(entry, "id").value == entry_id)


def _value(table: Any, key: str) -> Any:
    return next(value for name, value in table.value if name.value == key)


def _as_list(text: str, one: Any, new: Sequence[str]) -> str:
    start, end = one.start_mark.index, one.end_mark.index
    after = "\n" if text[start:end].endswith("\n") else ""  # a text of many lines takes its end
    listed = ", ".join([quoted(one.value.strip()), *new])
    return f"{text[:start]}[{listed}]{after}{text[end:]}"


def _append(text: str, items: Any, flowing: Sequence[str], lines: Sequence[str]) -> str:
    """Behind the last item. flowing: each as it stands within brackets; lines: in lines."""
    if not items.value:
        at = items.start_mark.index + len("[")
        return text[:at] + ", ".join(flowing) + text[at:]
    end = _end(items.value[-1])
    if items.flow_style:
        return text[: end.index] + "".join(f", {item}" for item in flowing) + text[end.index :]
    added = "".join(f"{' ' * items.start_mark.column}- {item}\n" for item in lines)
    if end.column == 0:  # a text of many lines ends where the next line begins
        return text[: end.index] + added + text[end.index :]
    found = _LINE_END.search(text, end.index)
    at = found.start() if found is not None else len(text)
    return f"{text[:at]}\n{added[:-1]}{text[at:]}"


def _end(node: Any) -> Any:
    """Where what is written of it ends; the parser's own end comes after remarks."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        return node.end_mark
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)
