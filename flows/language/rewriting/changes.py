"""What a form may change in a file, and the text with it changed.

Two laws: a change that changes nothing gives the same text, byte for byte; what is read afterwards
is what was read before with exactly this change. The second is looked at each time; a text that is
written too oddly for it is not changed at all (`NotRewritable`), and is then to be changed as text.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from flows.language.nodes import compose, to_json
from flows.language.problems import Problems
from flows.language.rewriting import parts, weeks
from flows.language.rewriting.patched import patch
from flows.language.rewriting.spots import NotRewritable, Path, has
from flows.language.rewriting.steps import (
    Change,
    Insert,
    Move,
    PartChange,
    Put,
    Remove,
    Rename,
    SetDay,
)
from flows.language.rewriting.writing import Value


def rewrite(text: str, changes: Sequence[Change]) -> str:
    """The text after the changes, one after the other. Raises NotRewritable."""
    for change in changes:
        text = _change(text, change)
    return text


def read_tree(text: str) -> Value:
    """Maps, lists and texts. Raises NotRewritable for what is no YAML of ours."""
    problems = Problems()
    tree = compose(text, "", problems)
    if tree is None or problems.sorted():
        raise NotRewritable
    found: Value = to_json(tree)
    return found


def _change(text: str, change: Change) -> str:
    before = read_tree(text)
    if isinstance(change, SetDay):
        return _set_day(text, before, change)
    try:
        expected = patch(before, change)
        after = text if expected == before and not _reorders(change) else _apply(text, change)
    except (IndexError, KeyError, TypeError, ValueError) as error:  # a path that leads nowhere
        raise NotRewritable from error
    if read_tree(after) != expected:
        raise NotRewritable
    return after


def _set_day(text: str, before: Value, change: SetDay) -> str:
    joined = rewrite(text, weeks.changes_for(before, change))
    if joined.count("#") >= text.count("#"):
        return joined
    # A line with a remark stays a line.
    return rewrite(text, weeks.changes_for(before, change, is_joined=False))


def _reorders(change: PartChange) -> bool:
    return isinstance(change, Move | Insert)


def _apply(text: str, change: PartChange) -> str:
    match change:
        case Put():
            return _put(text, change.at, change.value, change.after)
        case Remove():
            return parts.remove(text, change.at)
        case Insert():
            *owner, index = change.at
            return parts.insert(text, owner, int(index), change.value)
        case Move():
            return parts.move(text, change.at, change.to)
        case Rename():
            return parts.rename(text, change.at, change.to)


def _put(text: str, at: Path, value: Value, after: str | None = None) -> str:
    """A value in its place; of lists and maps only what differs is written."""
    if not has(text, at):
        *owner, key = at
        names = list(_at(read_tree(text), owner)) if after is not None else []
        place = names.index(after) if after is not None else None
        return parts.add_entry(text, owner, str(key), value, place)
    old = _at(read_tree(text), at)
    if old == value:
        return text
    if isinstance(old, dict) and isinstance(value, dict) and old and not parts.is_bare(text, at):
        return _put_map(text, at, old, value)
    if isinstance(old, list) and isinstance(value, list) and old and value:
        return _put_list(text, at, old, value)
    return parts.replace(text, at, value)


def _put_map(text: str, at: Path, old: dict[str, Value], new: dict[str, Value]) -> str:
    for key, value in new.items():
        text = _put(text, [*at, key], value)
    for key in old:
        if key not in new:
            text = parts.remove(text, [*at, key])
    return text


def _put_list(text: str, at: Path, old: list[Value], new: list[Value]) -> str:
    """From the end on, so that the places before stay what they are."""
    matcher = SequenceMatcher(None, [repr(one) for one in old], [repr(one) for one in new])
    for tag, start, end, new_start, new_end in reversed(matcher.get_opcodes()):
        if tag == "equal":
            continue
        shared = min(end - start, new_end - new_start)
        for number in range(new_end - 1, new_start + shared - 1, -1):
            text = parts.insert(text, at, end, new[number])
        for number in range(end - 1, start + shared - 1, -1):
            text = parts.remove(text, [*at, number])
        for number in range(shared):
            text = _put(text, [*at, start + number], new[new_start + number])
    return text


def _at(tree: Value, path: Path) -> Value:
    for step in path:
        tree = tree[step]  # type: ignore[index] # a wrong one is caught above
    return tree
