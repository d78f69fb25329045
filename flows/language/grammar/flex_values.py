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
from flows.language.templates import Slot
from flows.language.typed import count_graphemes

LABEL_GRAPHEMES = 40
DATA_UNITS = 300
SCHEMES = ("https://", "tel:", "line://")


def measure(*named: str, units: Sequence[str]) -> Reader:
    """A named size, or a number with one of these units."""
    number = rf"[0-9]{{1,5}}(\.[0-9]+)?({'|'.join(units)})"
    allowed = "、".join([*named, *(f"10{unit}" for unit in units)])
    pattern = "|".join([*named, number])
    return _matching(pattern, "この大きさは使えません。", f"使える値: {allowed}")


def _matching(pattern: str, message: str, hint: str) -> Reader:
    def read(node: Node, reading: Reading) -> Scalar | None:
        found = literal(node, reading)
        if found is None or re.fullmatch(pattern, found.text):
            return found
        wrong(node, reading, message, hint)
        return None

    return shaped(read, Matching(pattern))


_WIDE = "[1-9][0-9]{0,4}"
color = _matching(
    "#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?",
    "色は # と16進の6桁か8桁で書きます。",
    '例: "#06C755"(引用符が要ります)',
)
ratio = _matching(f"{_WIDE}:{_WIDE}", "縦横の比は 横:縦 で書きます。", '例: "20:13"')
degrees = _matching(r"[0-9]{1,3}(\.[0-9]+)?deg", "角度は 90deg の形で書きます。", "例: 90deg")


def label(node: Node, reading: Reading) -> Scalar | None:
    """The words of a button."""
    found = literal(node, reading)
    if found is not None and count_graphemes(found.text) > LABEL_GRAPHEMES:
        reading.problems.add(
            "L102",
            found.place,
            f"「{found.text}」は{LABEL_GRAPHEMES}文字を超えています。",
            "ボタンの言葉を短くしてください。",
        )
    return found


def postback_data(node: Node, reading: Reading) -> Scalar | None:
    """What a tap brings back."""
    found = literal(node, reading)
    if found is not None and len(found.text.encode("utf-16-le")) // 2 > DATA_UNITS:
        reading.problems.add(
            "L105",
            found.place,
            f"ボタンのデータは{DATA_UNITS}文字までです。",
            "短い名前にしてください。",
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
        "ボタンの行き先は https:// か tel: で始めます。",
        "links.yaml のリンクなら {{link.名前}} と書きます。",
    )
    return None


def _is_safe(found: Words) -> bool:
    first = found.template.parts[0] if found.template.parts else ""
    return first.path.startswith("link.") if isinstance(first, Slot) else first.startswith(SCHEMES)
