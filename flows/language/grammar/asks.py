"""The question, with everything that it needs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flows.language.grammar.conditions import read_when
from flows.language.grammar.parts import Bounds, Choice, GiveUp, Patience, WayOut, Words
from flows.language.grammar.primitives import (
    NoneOr,
    Pair,
    Reader,
    Reading,
    integer,
    items,
    literal,
    many,
    missing_key,
    number,
    one_of,
    pattern,
    read_table,
    scalar,
    shaped,
    words,
    wrong,
    yes_no,
)
from flows.language.grammar.shapes import Ask
from flows.language.grammar.ways import (
    EFFECTS,
    WAY,
    read_reminds,
    read_saving_way,
    read_say,
    read_timeout,
    way_of,
)
from flows.language.nodes import Items, Node, Scalar, Table
from flows.language.sayings.saying import Saying
from flows.language.typed import TYPES

NONE = "none"
MAX_LENGTH = 5000
BY_TYPE: Mapping[str, frozenset[str]] = {
    "range": frozenset({"number"}),
    "between": frozenset({"date", "time", "datetime"}),
    "integer": frozenset({"number"}),
    "min_length": frozenset({"text"}),
    "max_length": frozenset({"text"}),
    "pattern": frozenset({"text"}),
    "done": frozenset({"multi"}),
    "min": frozenset({"multi"}),
    "max": frozenset({"multi"}),
}


def read_ask(node: Table, values: Mapping[str, Any], reading: Reading) -> Ask | None:
    """An `ask` from the values of its step."""
    text = values.get("ask")
    if not isinstance(text, Words):
        return None
    type_ = values.get("type") or ("choice" if "choices" in values else "text")
    _check_keys(node, type_, reading)
    choices = _choices(node, type_, reading)
    return Ask(
        text=text,
        type=type_,
        choices=choices,
        choices_place=node.key_place("choices") if choices else None,
        save=values.get("save"),
        bounds=_bounds(node, values),
        check=values.get("check"),
        check_say=values.get("check_say"),
        skip=values.get("skip"),
        retry=values.get("retry"),
        retry_say=values.get("retry_say"),
        give_up=values.get("give_up"),
        other=values.get("other"),
        any_answer=values.get("any_answer"),
        done=values.get("done"),
        min=values.get("min", 1),
        max=values.get("max"),
        patience=patience_of(values),
        look=values.get("input", "quick"),
    )


def patience_of(values: Mapping[str, Any]) -> Patience:
    """Reminders and time-out; `none` switches the flow's defaults off."""
    timeout, reminds = values.get("timeout"), values.get("remind")
    return Patience(
        reminds=() if reminds is None or reminds == NONE else reminds,
        timeout=None if timeout == NONE else timeout,
        has_own_remind=reminds is not None,
        has_own_timeout=timeout is not None,
    )


def none_or(reader: Reader) -> Reader:
    """The word `none`, or what the reader reads."""

    def read(node: Node, reading: Reading) -> Any:
        is_none = isinstance(node, Scalar) and node.text == NONE
        return NONE if is_none else reader(node, reading)

    return shaped(read, NoneOr(reader))


def read_choice(node: Node, reading: Reading, *, is_multi: bool = False) -> Choice | None:
    """A label, or `{label: {value, synonyms, …way out}}`."""
    if isinstance(node, Scalar):
        label = literal(node, reading)
        return Choice(label, label.text, (), WayOut(node.place)) if label else None
    if not isinstance(node, Table) or len(node.entries) != 1:
        wrong(node, reading, "not_a_choice")
        return None
    entry = node.entries[0]
    label = literal(entry.key, reading)
    keys = MULTI_CHOICE if is_multi else CHOICE
    what = Saying("in.multi_choice" if is_multi else "in.choice")
    values = read_table(entry.value, keys, reading, what=what)
    if values is None or label is None:
        return None
    value = values["value"].text if "value" in values else label.text
    return Choice(label, value, values.get("synonyms", ()), way_of(entry.value, values))


def _choices(node: Table, type_: str, reading: Reading) -> tuple[Choice, ...]:
    listed = node.get("choices")
    if listed is None:
        if type_ in {"choice", "multi"}:
            missing_key(node, "choices", reading, "no_choices")
        return ()
    read = [
        read_choice(item, reading, is_multi=type_ == "multi")
        for item in items(listed, reading, "choices")
    ]
    return tuple(choice for choice in read if choice is not None)


def _check_keys(node: Table, type_: str, reading: Reading) -> None:
    for key, types in BY_TYPE.items():
        if node.get(key) is not None and type_ not in types:
            reading.problems.add(
                "F002",
                node.key_place(key),
                "not_of_type",
                key=key,
                type=type_,
                types=tuple(sorted(types)),
            )
    if node.get("other") is not None and node.get("any_answer") is not None:
        place = max(node.key_place("other"), node.key_place("any_answer"))
        reading.problems.add("F003", place, "other_and_any_answer")


def _bounds(node: Table, values: Mapping[str, Any]) -> Bounds:
    found = {entry.key.text: entry.value.place for entry in node.entries}
    return Bounds(
        range=values.get("range"),
        between=values.get("between"),
        is_integer=values.get("integer", False),
        min_length=values.get("min_length"),
        max_length=values.get("max_length"),
        pattern=values.get("pattern"),
        places={key: place for key, place in found.items() if key in BY_TYPE},
    )


def _pair(reader: Reader) -> Reader:
    def read(node: Node, reading: Reading) -> tuple[Any, Any] | None:
        if not isinstance(node, Items) or len(node.items) != 2:  # noqa: PLR2004 # a pair
            wrong(node, reading, "not_pair")
            return None
        low, high = (reader(item, reading) for item in node.items)
        return (low, high) if low is not None and high is not None else None

    return shaped(read, Pair(reader))


def _bound(node: Node, reading: Reading) -> str | None:
    found = scalar(node, reading)
    return found.text.strip() if found is not None else None


def _skip(node: Node, reading: Reading) -> Choice | None:
    return read_choice(node, reading)


def _give_up(node: Node, reading: Reading) -> GiveUp | None:
    values = read_table(node, GIVE_UP, reading, what="give_up")
    if values is None:
        return None
    ways = [key for key in ("goto", "handoff", "skip") if values.get(key)]
    if len(ways) != 1:
        wrong(node, reading, "give_up_ways")
        return None
    way = way_of(node, values)
    return GiveUp(way, values.get("handoff"), is_skip=bool(values.get("skip")))


_CHOICE_OWN: Mapping[str, Reader] = {"value": literal, "synonyms": many(literal)}
CHOICE: Mapping[str, Reader] = {**WAY, **_CHOICE_OWN}
MULTI_CHOICE: Mapping[str, Reader] = {**EFFECTS, "say": read_say, **_CHOICE_OWN}
GIVE_UP: Mapping[str, Reader] = {**WAY, "handoff": literal, "skip": yes_no}
ASK: Mapping[str, Reader] = {
    "ask": words,
    "choices": lambda node, _reading: node,  # read again once the type is known
    "save": scalar,
    "type": one_of(*TYPES),
    "range": _pair(number),
    "between": _pair(_bound),
    "integer": yes_no,
    "min_length": integer(1, MAX_LENGTH),
    "max_length": integer(1, MAX_LENGTH),
    "pattern": pattern,
    "check": read_when,
    "check_say": words,
    "skip": _skip,
    "retry": integer(0, 20),
    "retry_say": words,
    "give_up": _give_up,
    "other": read_saving_way,
    "any_answer": read_saving_way,
    "done": literal,
    "min": integer(0, 20),
    "max": integer(1, 20),
    "remind": none_or(read_reminds),
    "timeout": none_or(read_timeout),
    "input": one_of("quick", "buttons", "flex"),
}


def yesno_choices(ask: Ask) -> tuple[Choice, ...]:
    """The choices on offer: `yesno` has はい and いいえ by itself, with the values yes and no."""
    if ask.type != "yesno":
        return ask.choices
    if not ask.choices:
        place = ask.text.place
        return tuple(
            Choice(Scalar(label, place), value, (), WayOut(place))
            for label, value in (("はい", "yes"), ("いいえ", "no"))
        )
    values = {"はい": "yes", "いいえ": "no"}
    return tuple(
        replace(choice, value=values.get(choice.label.text, choice.value)) for choice in ask.choices
    )
