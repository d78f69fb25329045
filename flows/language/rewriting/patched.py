"""What a file says after a change, without its letters: what every changed text is held against."""

from copy import deepcopy
from typing import Any

from flows.language.rewriting.spots import Path
from flows.language.rewriting.steps import Insert, Move, PartChange, Put, Remove, Rename
from flows.language.rewriting.writing import Value


def patch(tree: Value, change: PartChange) -> Value:
    """The same tree with a change in it. Raises KeyError and its like for what is not there."""
    if not change.at:
        raise KeyError("the whole file")
    whole: Any = deepcopy(tree)
    *path, last = change.at
    owner = _owner(whole, path, is_list=isinstance(change, Insert))
    _check(owner, last, change)
    match change:
        case Put():
            owner[last] = change.value
        case Remove():
            del owner[last]
        case Insert():
            owner.insert(last, change.value)
        case Move():
            owner.insert(change.to, owner.pop(last))
        case Rename():
            owner[change.to] = owner.pop(last)
    patched: Value = whole
    return patched


def _owner(tree: Any, path: Path, *, is_list: bool) -> Any:
    for step in path:
        if tree[step] == "":  # `entries:` with nothing behind it yet
            tree[step] = [] if is_list else {}
        tree = tree[step]
    return tree


def _check(owner: Any, last: str | int, change: PartChange) -> None:
    """What Python would allow and a file does not."""
    is_list = isinstance(owner, list)
    if is_list != isinstance(last, int) or isinstance(owner, str):
        raise TypeError("a number leads into a list, a name into a map")
    if is_list and not 0 <= int(last) <= len(owner) - (not isinstance(change, Insert)):
        raise IndexError(last)
    if isinstance(change, Move) and not 0 <= change.to < len(owner):
        raise IndexError(change.to)
    if isinstance(change, Rename) and change.to != last and change.to in owner:
        raise KeyError(change.to)
