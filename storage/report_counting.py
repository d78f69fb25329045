"""One talk, counted: its lines by hour, its stretches of human help, and how long those took.

Plain values in, plain values out, so that the same talk always comes to the same figures. What
counts as what is said here and nowhere else.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from storage.models.talks import SAYS_NOTHING

ACCEPTED = frozenset({"sent", "inferred_sent"})  # LINE took it
TAKEN = frozenset({"taken", "assigned"})
OVER = frozenset({"resolved", "returned"})
HAND_SENT = "operator"
SUMS = ("received", "bot", "staff", "free", "push", "helped", "handed", "reopened", "resolved")


@dataclass(frozen=True, slots=True)
class Clock:
    """The workspace's days. open_s: how much of a stretch of time lies in business hours."""

    zone: str
    open_s: Callable[[datetime, datetime], int]

    def hour_of(self, moment: datetime) -> tuple[str, str]:
        """Day and hour as the workspace's clock shows them."""
        local = moment.astimezone(ZoneInfo(self.zone))
        return local.date().isoformat(), f"{local.hour:02}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line. did: what an activity line tells of; is_to: whether it names somebody."""

    at: datetime
    sender: str
    kind: str
    operator_id: str | None = None
    flow_id: str | None = None
    delivery_id: int | None = None
    did: str | None = None
    is_to: bool = False

    @property
    def is_heard(self) -> bool:
        """Whether the customer said something."""
        return self.sender == "customer" and self.kind not in SAYS_NOTHING


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of human help as the talk has it. kind: why it began."""

    id: str
    kind: str
    asked_at: datetime
    is_asked_by_flow: bool
    flow_id: str = ""
    queue: str = ""
    taken_by: str | None = None
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call to LINE: how it went out, and how it stands."""

    mode: str | None
    state: str


Place = tuple[str, str, str, str, str]  # day, hour, operator, flow, queue
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Helped:
    """A stretch with what it took."""

    stretch: Stretch
    operator_id: str
    reply_s: int | None
    open_s: int | None
    handle_s: int | None


@dataclass(slots=True)
class Counted:
    """All of a talk. facts: by place, only what is not 0."""

    facts: Mapping[Place, Counts] = field(default_factory=dict)
    helps: Sequence[Helped] = ()


def count_talk(
    lines: Sequence[Line], stretches: Sequence[Stretch], calls: Mapping[int, Call], clock: Clock
) -> Counted:
    """Count a talk. lines: in their order; stretches: oldest first."""
    helps = [_helped(one, lines, clock) for one in stretches]
    facts: dict[Place, Counts] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        _count_line(facts, line, helps, clock)
    for line in _firsts(lines):
        _count_call(facts, line, calls, clock)
    for one in helps:
        _count_help(facts, one, clock)
    return Counted(facts, helps)


def _count_line(
    facts: dict[Place, Counts], line: Line, helps: Sequence[Helped], clock: Clock
) -> None:
    if line.is_heard:
        facts[_place(clock, line.at)]["received"] += 1
    elif line.sender == "bot":
        facts[_place_of(line, clock)]["bot"] += 1
    elif line.sender == HAND_SENT:
        facts[_place_of(line, clock)]["staff"] += 1
    elif line.did == "resolved":
        ended = next((one for one in helps if one.stretch.resolved_at == line.at), None)
        place = _place(clock, line.at) if ended is None else _help_place(ended, line.at, clock)
        facts[place]["resolved"] += 1


def _count_call(
    facts: dict[Place, Counts], line: Line, calls: Mapping[int, Call], clock: Clock
) -> None:
    call = calls.get(line.delivery_id or 0)
    if call is not None and call.state in ACCEPTED and call.mode is not None:
        facts[_place_of(line, clock)]["free" if call.mode == "reply" else "push"] += 1


def _count_help(facts: dict[Place, Counts], one: Helped, clock: Clock) -> None:
    counts = facts[_help_place(one, one.stretch.asked_at, clock)]
    counts["helped"] += 1
    if one.stretch.is_asked_by_flow:
        counts["handed"] += 1
    if one.stretch.kind == "reopened":
        counts["reopened"] += 1


def _firsts(lines: Iterable[Line]) -> list[Line]:
    """The first line of each call: a call of five messages is one to LINE."""
    first: dict[int, Line] = {}
    for line in lines:
        if line.delivery_id is not None:
            first.setdefault(line.delivery_id, line)
    return list(first.values())


def _helped(one: Stretch, lines: Sequence[Line], clock: Clock) -> Helped:
    within = [line for line in lines if _is_within(line.at, one)]
    reply = next((line for line in within if line.sender == HAND_SENT), None)
    taken = next((line for line in within if line.did in TAKEN and line.is_to), None)
    reply_s, open_s = _reply_times(one, lines, reply, clock)
    is_handled = taken is not None and one.resolved_at is not None
    return Helped(
        stretch=one,
        operator_id=(reply.operator_id if reply is not None else one.taken_by) or "",
        reply_s=reply_s,
        open_s=open_s,
        handle_s=_seconds(taken.at, one.resolved_at) if is_handled and taken else None,
    )


def _reply_times(
    one: Stretch, lines: Sequence[Line], reply: Line | None, clock: Clock
) -> tuple[int | None, int | None]:
    """By the clock on the wall, and in business hours."""
    since = _asked_since(one, lines)
    if reply is None or since is None:
        return None, None
    return _seconds(since, reply.at), clock.open_s(since, max(since, reply.at))


def _is_within(at: datetime, one: Stretch) -> bool:
    return at >= one.asked_at and (one.resolved_at is None or at <= one.resolved_at)


def _asked_since(one: Stretch, lines: Sequence[Line]) -> datetime | None:
    """From when the customer waited: they were asked for, or the oldest unanswered line.

    Who takes a talk in which nobody waits has not answered anything: None.
    """
    if one.kind != "taken":
        return one.asked_at
    waited: datetime | None = None
    for line in lines:
        if line.at >= one.asked_at and (line.did in TAKEN or line.sender == HAND_SENT):
            break
        if line.sender in {"bot", HAND_SENT} or line.did in OVER:
            waited = None
        elif line.is_heard:
            waited = waited or line.at
    return waited


def _seconds(begin: datetime | None, end: datetime | None) -> int:
    if begin is None or end is None:
        raise ValueError("a length needs both of its ends")
    return max(0, round((end - begin).total_seconds()))


def _place(clock: Clock, at: datetime) -> Place:
    return (*clock.hour_of(at), "", "", "")


def _place_of(line: Line, clock: Clock) -> Place:
    return (*clock.hour_of(line.at), line.operator_id or "", line.flow_id or "", "")


def _help_place(one: Helped, at: datetime, clock: Clock) -> Place:
    return (*clock.hour_of(at), one.operator_id, one.stretch.flow_id, one.stretch.queue)


def origin_flow(origin: Mapping[str, Any] | None) -> str | None:
    """The flow that a line comes from."""
    flow = (origin or {}).get("flow")
    return flow if isinstance(flow, str) else None
