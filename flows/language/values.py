"""Events, effects and contexts as JSON and back: what a run's event log keeps."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from flows.language import effects, events, words

_CLASSES = {
    cls.__name__: cls
    for module in (words, events, effects)
    for cls in vars(module).values()
    if isinstance(cls, type) and is_dataclass(cls)
}


def to_json(value: Any) -> Any:
    """Plain maps, lists, texts and numbers; a value of the language carries its `kind_of`."""
    if is_dataclass(value) and not isinstance(value, type):
        tree = {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
        return {"kind_of": type(value).__name__, **tree}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    return value


def from_json(tree: Mapping[str, Any]) -> Any:
    """The value that `to_json` wrote. Raises KeyError for a kind that does not exist."""
    cls = _CLASSES[tree["kind_of"]]
    hints = get_type_hints(cls)
    known = (each.name for each in fields(cls) if each.name in tree)  # of an older log, some
    return cls(**{name: _read(tree[name], hints[name]) for name in known})


def _read(value: Any, hint: Any) -> Any:
    if isinstance(value, dict) and "kind_of" in value:
        return from_json(value)
    options = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    origins = {get_origin(option) or option for option in options}
    if isinstance(value, list):
        items = [_read(item, Any) for item in value]
        return frozenset(items) if frozenset in origins else tuple(items)
    if isinstance(value, str) and datetime in origins:
        return datetime.fromisoformat(value)
    return value
