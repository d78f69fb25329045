"""One value of a card: a measure, a colour, a button's label, where a button leads."""

import re
from collections.abc import Sequence

from flows.language.grammar.parts import Words
from flows.language.grammar.primitives import (
    Matching,
    Reader,
    Reading,
    literal,
    shaped,
    words,
    wrong,
)
from flows.language.nodes import Node, Scalar
from flows.language.sayings.saying import Param
from flows.language.templates import Slot
from flows.language.typed import count_graphemes

LABEL_GRAPHEMES = 40
DATA_UNITS = 300
SCHEMES = ("https://", "tel:", "line://")


def measure(*named: str, units: Sequence[str]) -> Reader:
    """A named size, or a number with one of these units."""
    number = rf"[0-9]{{1,5}}(\.[0-9]+)?({'|'.join(units)})"
    pattern = "|".join([*named, number])
    return _matching(pattern, "no_size", allowed=(*named, *(f"10{unit}" for unit in units)))


def _matching(pattern: str, key: str, **params: Param) -> Reader:
    def read(node: Node, reading: Reading) -> Scalar | None:
        found = literal(node, reading)
        if found is None or re.fullmatch(pattern, found.text):
            return found
        wrong(node, reading, key, **params)
        return None

    return shaped(read, Matching(pattern))


_WIDE = "[1-9][0-9]{0,4}"
color = _matching(
    "#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?",
    "not_color",
)
ratio = _matching(f"{_WIDE}:{_WIDE}", "not_ratio")
degrees = _matching(r"[0-9]{1,3}(\.[0-9]+)?deg", "not_degrees")


def label(node: Node, reading: Reading) -> Scalar | None:
    """The words of a button."""
    found = literal(node, reading)
    if found is not None and count_graphemes(found.text) > LABEL_GRAPHEMES:
        reading.problems.add(
            "L102",
            found.place,
            "long_label",
            label=found.text,
            most=LABEL_GRAPHEMES,
        )
    return found


def postback_data(node: Node, reading: Reading) -> Scalar | None:
    """What a tap brings back."""
    found = literal(node, reading)
    if found is not None and len(found.text.encode("utf-16-le")) // 2 > DATA_UNITS:
        reading.problems.add(
            "L105",
            found.place,
            "long_data",
            most=DATA_UNITS,
        )
    return found


def address(node: Node, reading: Reading) -> Words | None:
    """Where a button leads: begins with a scheme that LINE opens, or with a link of ours."""
    found = words(node, reading)
    if found is None or _is_safe(found):
        return found
    reading.problems.add(
        "L108",
        found.place,
        "not_safe_address",
    )
    return None


def _is_safe(found: Words) -> bool:
    first = found.template.parts[0] if found.template.parts else ""
    return first.path.startswith("link.") if isinstance(first, Slot) else first.startswith(SCHEMES)
