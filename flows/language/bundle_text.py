"""A published flow as text again: the same content in one fixed layout, to read and to compare.

What is published is the content of a file, not its letters: remarks and the layout are gone. Two
texts made here differ exactly where the flows differ.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

LONGEST_INLINE = 72
ORDER = (
    "flow", "title", "start", "repeat", "when", "words", "after", "say", "ask", "switch", "if",
    "random", "wait", "wait_for", "call", "handoff", "faq", "end", "id", "if_running", "priority",
    "only_if", "stop_when", "send_window", "calendar", "accounts", "cancel_words", "on_cancel",
    "on_interrupt", "defaults", "vars", "form", "migrate", "type", "in", "choices", "cases",
    "then", "else", "to", "note", "steps", "flex", "alt", "contents",
)  # fmt: skip
BLOCKS = frozenset({"steps", "entries", "choices", "cases", "switch", "random"})
_RANK = {key: number for number, key in reversed(list(enumerate(ORDER)))}
_MAP, _LIST, _TEXT = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:str"


class _Dumper(yaml.SafeDumper):
    """Every scalar is a text in our language, so none needs quotes to stay one."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 # as PyYAML wants it

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 # PyYAML's
        super().increase_indent(flow, False)  # noqa: FBT003 # lists stand inside their key


def render_bundle(tree: Any) -> str:
    """A tree of maps, lists and texts as YAML that loads to the same tree."""
    text: str = yaml.serialize(
        _node(tree, is_block=True), Dumper=_Dumper, allow_unicode=True, width=1000
    )
    return text


def _node(tree: Any, *, is_block: bool = False) -> yaml.Node:
    if isinstance(tree, Mapping):
        return _map(tree, is_block=is_block)
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        inner = [_node(item, is_block=is_block and isinstance(item, Mapping)) for item in tree]
        return yaml.SequenceNode(_LIST, inner, flow_style=_fits(tree, is_block=is_block))
    text = str(tree)
    return yaml.ScalarNode(_TEXT, text, style="|" if "\n" in text.strip("\n") else None)


def _map(tree: Mapping[str, Any], *, is_block: bool) -> yaml.Node:
    keys = sorted(tree, key=lambda key: _RANK.get(key, len(ORDER)))
    pairs = [(_node(key), _node(tree[key], is_block=key in BLOCKS)) for key in keys]
    return yaml.MappingNode(_MAP, pairs, flow_style=_fits(tree, is_block=is_block))


def _fits(tree: Any, *, is_block: bool) -> bool:
    """Whether it can stand on one line."""
    written = str(tree)
    if is_block and (isinstance(tree, Mapping) or any(isinstance(i, Mapping) for i in tree)):
        return False
    return "\\n" not in written and len(written) <= LONGEST_INLINE
