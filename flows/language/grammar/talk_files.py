"""A test file: conversations, written as a talk."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flows.language.grammar.lengths import duration
from flows.language.grammar.primitives import (
    Reader,
    Reading,
    integer,
    items,
    many,
    read_table,
    scalar,
    unknown_key,
    wrong,
    yes_no,
)
from flows.language.nodes import Items, Node, Scalar, Table
from flows.language.problems import Place
from flows.language.sayings.saying import Saying

DEEDS = ("take", "done", "return")  # of an operator
SENDABLE = ("sticker", "image", "location", "video", "audio", "file")
TALK_KEYS = (
    "user", "tap", "tap_old", "pick", "send", "event", "postback", "tag", "untag", "set", "start",
    "operator", "wait", "click", "qr", "schedule", "expect",
)  # fmt: skip
EXPECT_KEYS = (
    "say", "said", "messages", "not_said", "sent_count", "ask", "quick_replies", "state", "ended",
    "paused", "retries", "tags", "has_tags", "not_tags", "name", "handoff", "note", "notified",
    "started", "not_started", "unhandled", "timers", "flow",
)  # fmt: skip
YES_NO_KEYS = frozenset({"paused", "unhandled"})
SINGLE_KEYS = frozenset(
    {"sent_count", "ask", "state", "ended", "retries", "handoff", "note", "flow"}
)
EXPECT = re.compile(r"(?:answer|field|var|visits)\.[a-z][a-z0-9_]*")
_FORMAT = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class Past:
    """A run of before."""

    flow: str
    end: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """How a case begins. Moments are without a zone: the calendar's."""

    name: str = "花子"
    now: datetime = datetime(2026, 4, 1, 10)  # noqa: DTZ001 # the calendar's zone is put in later
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    past: tuple[Past, ...] = ()
    reopen_within: timedelta = timedelta()
    random: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a talk: what happens, or what is expected."""

    kind: str
    value: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation."""

    name: str
    place: Place
    given: Given
    talk: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class TalkTest:
    """A test file."""

    flow: Scalar
    cases: tuple[Case, ...]
    place: Place


def read_talk_test(node: Node, reading: Reading) -> TalkTest | None:
    """The test, or None when it lacks what a test cannot be without."""
    values = read_table(
        node, TALK_TEST, reading, required=tuple(TALK_TEST), what=Saying("in.talk_test")
    )
    if values is None or len(values) < len(TALK_TEST):
        return None
    return TalkTest(values["test"], values["cases"], node.place)


def _cases(node: Node, reading: Reading) -> tuple[Case, ...]:
    read = [_case(item, reading) for item in items(node, reading, "cases")]
    return tuple(case for case in read if case is not None)


def _case(node: Node, reading: Reading) -> Case | None:
    values = read_table(
        node, TALK_CASE, reading, required=("name", "talk"), what=Saying("in.talk_case")
    )
    if values is None or "name" not in values or "talk" not in values:
        return None
    return Case(values["name"].text, node.place, values.get("given", Given()), values["talk"])


def read_given(node: Node, reading: Reading) -> Given | None:
    """How a case begins."""
    values = read_table(node, GIVEN, reading, what="given")
    if values is None:
        return None
    plain = Given()
    return Given(
        name=values["name"].text if "name" in values else plain.name,
        now=values.get("now", plain.now),
        tags=tuple(tag.text for tag in values.get("tags", ())),
        fields=values.get("fields", {}),
        past=values.get("past", ()),
        reopen_within=values.get("reopen_within", timedelta()),
        random=values.get("random", ()),
    )


def _maybe_empty(node: Node, reading: Reading) -> Scalar | None:
    return node if isinstance(node, Scalar) else scalar(node, reading)


def _past(node: Node, reading: Reading) -> Past | None:
    values = read_table(node, PAST, reading, required=tuple(PAST), what="past")
    if values is None or len(values) < len(PAST):
        return None
    return Past(values["flow"].text, values["end"].text, values["at"])


def _moment(node: Node, reading: Reading) -> datetime | None:
    text = node.text.strip() if isinstance(node, Scalar) else ""
    try:
        return datetime.strptime(text, _FORMAT)  # noqa: DTZ007 # the calendar's zone comes later
    except ValueError:
        wrong(node, reading, "not_moment")
        return None


def _on_card(node: Node, reading: Reading) -> dict[str, str | tuple[str, ...]] | None:
    if not isinstance(node, Table):
        wrong(node, reading, "not_values")
        return None
    read = {entry.key.text: _card_value(entry.value, reading) for entry in node.entries}
    return {key: value for key, value in read.items() if value is not None}


def _card_value(node: Node, reading: Reading) -> str | tuple[str, ...] | None:
    if isinstance(node, Items):
        several = [scalar(item, reading) for item in node.items]
        return tuple(one.text for one in several if one is not None)
    one = _maybe_empty(node, reading)
    return one.text if one is not None else None


def read_talk(node: Node, reading: Reading) -> tuple[Line, ...]:
    """What happens in a talk, line by line."""
    read = [_line(item, reading) for item in items(node, reading, "talk")]
    return tuple(line for line in read if line is not None)


def _line(node: Node, reading: Reading) -> Line | None:
    if not isinstance(node, Table) or len(node.entries) != 1:
        wrong(node, reading, "not_a_line")
        return None
    entry = node.entries[0]
    kind = entry.key.text
    if kind not in TALK_KEYS:
        unknown_key(entry.key, dict.fromkeys(TALK_KEYS), reading, "talk")
        return None
    checker = _CHECKS.get(kind)
    if checker is not None and not checker(entry.value, reading):
        return None
    return Line(kind, entry.value, entry.key.place)


def _check_expect(node: Node, reading: Reading) -> bool:
    if not isinstance(node, Table):
        wrong(node, reading, "not_expect")
        return False
    for entry in node.entries:
        if entry.key.text not in EXPECT_KEYS and not EXPECT.fullmatch(entry.key.text):
            unknown_key(entry.key, dict.fromkeys(EXPECT_KEYS), reading, "expect")
        elif entry.key.text in YES_NO_KEYS:
            yes_no(entry.value, reading)
        elif entry.key.text in SINGLE_KEYS:
            scalar(entry.value, reading)
        elif isinstance(entry.value, Table):
            wrong(entry.value, reading, "not_texts")
    return True


def _check_wait(node: Node, reading: Reading) -> bool:
    if isinstance(node, Table):
        values = read_table(node, {"until": _moment}, reading, required=("until",), what="wait")
        return bool(values)
    return duration(node, reading) is not None


def _check_send(node: Node, reading: Reading) -> bool:
    if isinstance(node, Scalar) and node.text in SENDABLE:
        return True
    wrong(node, reading, "not_sendable", kinds=SENDABLE)
    return False


def _check_text(node: Node, reading: Reading) -> bool:
    return scalar(node, reading) is not None


def _check_pick(node: Node, reading: Reading) -> bool:
    return bool(read_table(node, PICK, reading, what="pick"))


def _check_set(node: Node, reading: Reading) -> bool:
    if isinstance(node, Table) and all(e.key.text.startswith("field.") for e in node.entries):
        return None not in [_maybe_empty(entry.value, reading) for entry in node.entries]
    wrong(node, reading, "not_set_fields")
    return False


def _check_tap_old(node: Node, reading: Reading) -> bool:
    values = read_table(node, TAP_OLD, reading, required=tuple(TAP_OLD), what="tap_old")
    return values is not None and len(values) == len(TAP_OLD)


def _check_operator(node: Node, reading: Reading) -> bool:
    if isinstance(node, Table):
        return bool(
            read_table(node, {"says": scalar}, reading, required=("says",), what="operator")
        )
    if isinstance(node, Scalar) and node.text in DEEDS:
        return True
    wrong(node, reading, "not_operator")
    return False


def _check_event(node: Node, reading: Reading) -> bool:
    if isinstance(node, Table) and node.get("name") is None:
        wrong(node, reading, "event_without_name")
        return False
    return not isinstance(node, Items)


_CHECKS: Mapping[str, Any] = {
    "user": _check_text,
    "tap": _check_text,
    "tap_old": _check_tap_old,
    "pick": _check_pick,
    "send": _check_send,
    "event": _check_event,
    "tag": _check_text,
    "untag": _check_text,
    "set": _check_set,
    "click": _check_text,
    "qr": _check_text,
    "schedule": _check_text,
    "postback": _check_text,
    "start": _check_text,
    "operator": _check_operator,
    "wait": _check_wait,
    "expect": _check_expect,
}


TALK_TEST: Mapping[str, Reader] = {"test": scalar, "cases": _cases}
TALK_CASE: Mapping[str, Reader] = {"name": scalar, "given": read_given, "talk": read_talk}
PAST: Mapping[str, Reader] = {"flow": scalar, "end": scalar, "at": _moment}
PICK: Mapping[str, Reader] = {"date": scalar, "time": scalar, "datetime": scalar}
TAP_OLD: Mapping[str, Reader] = {"step": scalar, "label": scalar}
GIVEN: Mapping[str, Reader] = {
    "name": _maybe_empty,
    "now": _moment,
    "tags": many(scalar),
    "fields": _on_card,
    "past": many(_past),
    "reopen_within": duration,
    "random": many(integer(0, 100)),
}
