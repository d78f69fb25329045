"""A flow file as plain maps, lists and texts: nothing is typed before it is used.

This reads the manager's YAML by itself, and shares nothing with the loader and the compiler of the
product. What it reads must be sound: it has no words for mistakes.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import yaml

Tree = dict[str, Any]
Way = Tree
_LENGTHS = {"w": 10080, "d": 1440, "h": 60, "m": 1}
_YES = {"yes", "true", "on"}


def read(text: str) -> Tree:
    """The top map of a file; every scalar is a text."""
    tree = yaml.CBaseLoader(text).get_single_data()
    assert isinstance(tree, dict)
    return tree


def listed(value: Any) -> list[Any]:
    """One, or a list of them, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def length(text: str) -> timedelta:
    """`1d12h`."""
    parts = re.findall(r"(\d+)([wdhm])", text)
    return timedelta(minutes=sum(int(number) * _LENGTHS[unit] for number, unit in parts))


def is_yes(value: Any) -> bool:
    """Whether a key that wants yes or no says yes."""
    return str(value).lower() in _YES


def labelled(choices: Any) -> Iterator[tuple[str, Way]]:
    """The labels of `choices` or `skip`, each with its way out."""
    for choice in listed(choices):
        if isinstance(choice, str):
            yield choice, {}
        else:
            yield from choice.items()


def moments(patience: Any) -> list[Tree]:
    """`remind:` as a list."""
    return [] if patience in (None, "none") else listed(patience)
