"""Effects and ways out: what is done, what is said, and where it leads."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flows.language.grammar.lengths import duration
from flows.language.grammar.parts import (
    Adding,
    Effects,
    Notice,
    Remind,
    Setting,
    Timeout,
    WayOut,
    Words,
)
from flows.language.grammar.primitives import (
    Reader,
    Reading,
    https,
    integer,
    literal,
    many,
    read_table,
    scalar,
    words,
    wrong,
    yes_no,
)
from flows.language.nodes import Items, Node, Scalar, Table
from flows.language.problems import Place, did_you_mean
from flows.language.sayings.saying import Saying
from flows.language.templates import Template

MAX_BUBBLES = 5
MOST_ADDED = 1_000_000
_SETTABLE = re.compile(r"(?:field|var)\.[a-z][a-z0-9_]*")


def read_say(node: Node, reading: Reading) -> tuple[Words, ...] | None:
    """One text, or a list of at most five."""
    nodes = node.items if isinstance(node, Items) else (node,)
    if len(nodes) > MAX_BUBBLES:
        reading.problems.add(
            "L106",
            reading.key or node.place,
            "many_bubbles",
        )
    found = [_bubble(item, reading) for item in nodes]
    return tuple(bubble for bubble in found if bubble is not None)


def _bubble(node: Node, reading: Reading) -> Words | None:
    if not isinstance(node, Table):
        return words(node, reading)
    first = node.entries[0].key.text if node.entries else ""
    if not first:
        wrong(node, reading, "empty_bubble")
        return None
    if not first.isascii():  # `- 営業時間: 10時から` is meant as a text
        reading.problems.add("F006", node.place, "wants_quotes", value=f"{first}: …")
        return None
    values = read_table(node, BUBBLE, reading, what=Saying("in.say")) or {}
    if len(values) > 1:
        wrong(node, reading, "image_and_card")
        return None
    key = reading.key or node.place
    if "image" in values:
        image: Scalar = values["image"]
        return Words(Template((image.text,)), image.place, key, is_image=True)
    return _card(values["flex"], key, reading) if "flex" in values else None


def _card(id_: Scalar, key: Place, reading: Reading) -> Words | None:
    if id_.text not in reading.flex:
        meant = did_you_mean(id_.text, reading.flex)
        reading.problems.add("F020", id_.place, "no_card", meant, name=id_.text)
    card = reading.flex.get(id_.text)
    if card is None:  # unknown, or in a file that has a problem of its own
        return None
    return Words(card.alt.template, card.alt.place, key, card.alt.holes, flex=card)


def _set(node: Node, reading: Reading) -> tuple[Setting, ...] | None:
    if not isinstance(node, Table):
        wrong(node, reading, "not_set")
        return None
    settings = []
    for entry in node.entries:
        if not _is_settable(entry.key, reading):
            continue
        value = words(entry.value, replace(reading, key=entry.key.place))
        if value is not None and isinstance(entry.value, Scalar):
            text = entry.value.text
            word: Any = text if text in {"today", "now", "empty"} else ""
            settings.append(Setting(entry.key, value, word))
    return tuple(settings)


def _add(node: Node, reading: Reading) -> tuple[Adding, ...] | None:
    if not isinstance(node, Table):
        wrong(node, reading, "not_add")
        return None
    found = []
    for entry in node.entries:
        if _is_settable(entry.key, reading):
            number = integer(-MOST_ADDED, MOST_ADDED)(entry.value, reading)
            if number is not None:
                found.append(Adding(entry.key, number))
    return tuple(found)


def _count(node: Node, reading: Reading) -> tuple[Adding, ...]:
    """`count: NAME` is short for `add: {var.NAME: 1}`."""
    names = many(literal)(node, reading)
    return tuple(Adding(Scalar(f"var.{name.text}", name.place), 1) for name in names)


def _is_settable(path: Scalar, reading: Reading) -> bool:
    if _SETTABLE.fullmatch(path.text):
        return True
    reading.problems.add(
        "F021",
        path.place,
        "not_settable",
        path=path.text,
    )
    return False


def _notify(node: Node, reading: Reading) -> tuple[Notice, ...] | None:
    if isinstance(node, Table):
        values = read_table(node, NOTICE, reading, required=("to",), what="notify")
        return (Notice(values["to"], values.get("text")),) if values and "to" in values else None
    names = many(literal)(node, reading)
    return tuple(Notice(name) for name in names)


EFFECTS: Mapping[str, Reader] = {
    "tag": many(literal),
    "untag": many(literal),
    "set": _set,
    "add": _add,
    "count": _count,
    "notify": _notify,
}
BUBBLE: Mapping[str, Reader] = {"image": https, "flex": literal}
NOTICE: Mapping[str, Reader] = {"to": literal, "text": words}
REMIND: Mapping[str, Reader] = {"after": duration, "say": read_say}
WAY: Mapping[str, Reader] = {**EFFECTS, "say": read_say, "call": literal, "goto": literal}
SAVING_WAY: Mapping[str, Reader] = {**WAY, "save": scalar}
TIMEOUT: Mapping[str, Reader] = {
    **{key: reader for key, reader in WAY.items() if key != "call"},
    "after": duration,
    "stay": yes_no,
}


def effects_of(values: Mapping[str, Any]) -> Effects:
    """The effects among read values."""
    return Effects(
        tag=values.get("tag", ()),
        untag=values.get("untag", ()),
        set=values.get("set", ()),
        add=(*values.get("add", ()), *values.get("count", ())),
        notify=values.get("notify", ()),
    )


def way_of(node: Node, values: Mapping[str, Any]) -> WayOut:
    """The way out among read values."""
    return WayOut(
        place=node.place,
        effects=effects_of(values),
        say=values.get("say", ()),
        call=values.get("call"),
        goto=values.get("goto"),
        save=values.get("save"),
    )


def read_way(node: Node, reading: Reading) -> WayOut | None:
    """A way out; `{}` only goes on."""
    values = read_table(node, WAY, reading, what=Saying("in.way"))
    return way_of(node, values) if values is not None else None


def read_saving_way(node: Node, reading: Reading) -> WayOut | None:
    """A way out of `other` or `any_answer`, which may save."""
    values = read_table(node, SAVING_WAY, reading, what=Saying("in.saving_way"))
    return way_of(node, values) if values is not None else None


def read_timeout(node: Node, reading: Reading) -> Timeout | None:
    """`{after: DUR, …effects, goto | stay: yes}`."""
    values = read_table(node, TIMEOUT, reading, required=("after",), what="timeout")
    if values is None or "after" not in values:
        return None
    if values.get("stay") and "goto" in values and isinstance(node, Table):
        place = max(node.key_place("stay"), node.key_place("goto"))
        reading.problems.add("F003", place, "stay_and_goto")
    return Timeout(values["after"], way_of(node, values), stays=bool(values.get("stay")))


def read_reminds(node: Node, reading: Reading) -> tuple[Remind, ...]:
    """`{after: DUR, say}` or a list of them."""
    return many(_remind)(node, reading)


def _remind(node: Node, reading: Reading) -> Remind | None:
    values = read_table(node, REMIND, reading, required=tuple(REMIND), what="remind")
    if values is None or "after" not in values or "say" not in values:
        return None
    return Remind(values["after"], values["say"], node.place)
