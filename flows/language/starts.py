"""What a text, a button or an event moves: runs that wait for it, then flows that it starts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from flows.language.admission import (
    has_room,
    hold_start,
    must_stop,
    start_first,
    start_in_background,
    start_now,
)
from flows.language.compiler import Compiled
from flows.language.effects import StartLater
from flows.language.events import (
    CameBy,
    Clicked,
    Followed,
    Happened,
    Scheduled,
    StartedByHand,
    Tagged,
)
from flows.language.expecting import (
    awaited,
    go_on_by,
    is_keyword,
    is_keyword_of,
    is_named,
    waiting_for,
    waiting_for_text,
)
from flows.language.friend import Friend, view_of
from flows.language.grammar.parts import Trigger
from flows.language.normalise import normalise
from flows.language.parking import do_or_hold
from flows.language.run import MATCHED, Run, RunTimer

Moving = Followed | Tagged | Clicked | CameBy | Happened | Scheduled | StartedByHand
MATCH_ORDER = {"exact": 0, "starts": 1, "contains": 2}


def by_keyword(friend: Friend, text: str, *, interrupts: Run | None = None) -> bool:
    """Rule 5: a run that waits for it, else the first flow whose keyword it is and may start."""
    said = normalise(text)
    waiting = waiting_for(friend, lambda trigger: is_keyword_of(trigger, said))
    if waiting:
        return go_on_by(friend, waiting[0], text, interrupts)
    found = []
    for version in friend.book.flows():
        for trigger in version.flow.triggers:
            matched = [w.text for w in trigger.texts if is_keyword(trigger, w.text, said)]
            if matched:
                order = (
                    -version.flow.priority,
                    MATCH_ORDER[trigger.match],
                    -max(len(normalise(word)) for word in matched),
                    version.flow.id.text,
                )
                found.append((order, version))
    ordered = [version for _, version in sorted(found, key=lambda item: item[0])]
    return start_first(friend, ordered, text, interrupts)


def by_postback(friend: Friend, data: str) -> bool:
    """Rule 5 for a button of a rich menu or a flex message."""
    waiting = waiting_for(friend, lambda trigger: is_named(trigger, "postback", data))
    if waiting:
        return go_on_by(friend, waiting[0], None, friend.asking())
    ordered = [v for v, _ in _triggered(friend, "postback", data)]
    return start_first(friend, ordered, None, friend.asking())


def by_message(friend: Friend, text: str) -> bool:
    """Rule 8: `message` and `off_hours` flows, by priority."""
    if friend.context.is_fresh_done:
        return False
    waiting = waiting_for_text(friend)
    if waiting:
        return go_on_by(friend, waiting[0], text, None)
    ordered = []
    for version in _by_priority(friend.book.flows()):
        kinds = {trigger.kind for trigger in version.flow.triggers}
        is_closed = not view_of(friend, version).is_open()
        if "message" in kinds or ("off_hours" in kinds and is_closed):
            ordered.append(version)
    return start_first(friend, ordered, text, None)


def begin_by(friend: Friend, event: Moving) -> None:
    """What happened moves the runs that wait for it, and may start flows."""
    match event:
        case Followed():
            _set_off(friend, "follow", None)
        case Tagged():
            _set_off(friend, "tag_added", event.tag, but_flow=event.flow)
        case Clicked():
            _set_off(friend, "url_click", event.link)
        case CameBy():
            _set_off(friend, "qr", event.source)
        case Happened():
            _happened(friend, event)
        case Scheduled():
            _scheduled(friend, event)
        case StartedByHand():
            _start_by_hand(friend, event.flow)
        case _:
            assert_never(event)


def begin_wanted(friend: Friend) -> None:
    """The flows that steps asked to be started after them; all but `start` is looked at."""
    wanted, friend.turning.starts = friend.turning.starts, []
    for flow_id in wanted:
        version = friend.book.head(flow_id)
        if version is not None:
            start_in_background(friend, version, None)


def _set_off(friend: Friend, kind: str, text: str | None, *, but_flow: str | None = None) -> None:
    """Whether a flow may start is looked at before a run goes on; but what goes on speaks first."""
    for version, _ in _triggered(friend, kind, text):
        if version.flow.id.text != but_flow:  # a run never starts its own flow by a tag
            start_in_background(friend, version, None)
    for run in waiting_for(friend, lambda trigger: is_named(trigger, kind, text)):
        if but_flow not in {frame.flow for frame in run.frames}:  # it was put on before the wait
            do_or_hold(friend, run, MATCHED)


def _happened(friend: Friend, event: Happened) -> None:
    """Flows that an event starts; `delay` holds the start, and conditions are looked at then."""
    for version, trigger in _triggered(friend, "event", event.name):
        flow_id = version.flow.id.text
        if event.is_after_delay:
            if event.flow == flow_id:
                start_in_background(friend, version, event)
        elif trigger.delay is not None:
            later = replace(event, is_after_delay=True, flow=flow_id)
            at = friend.context.now + trigger.delay
            friend.turning.effects.append(StartLater(flow_id, later, at))
        else:
            start_in_background(friend, version, event)
    if not event.is_after_delay:
        _move_by_event(friend, event)


def _move_by_event(friend: Friend, event: Happened) -> None:
    for run in waiting_for(friend, lambda trigger: is_named(trigger, "event", event.name)):
        run.event = dict(event.data)
        delay = awaited(friend, run).delay
        if delay is None:
            do_or_hold(friend, run, MATCHED)
        else:
            run.set_timer(RunTimer(MATCHED, run.top.entry, friend.context.now + delay))


def _scheduled(friend: Friend, event: Scheduled) -> None:
    version = friend.book.head(event.flow)
    if version is None:
        return
    view = view_of(friend, version)
    numbered = enumerate(version.flow.triggers)
    timed = [t for n, t in numbered if t.kind == "schedule" and event.number in (None, n)]
    if any(trigger.segment is None or view.is_in(trigger.segment.text) for trigger in timed):
        start_in_background(friend, version, None)


def _start_by_hand(friend: Friend, flow_id: str) -> None:
    """An operator starts a flow: `start`, `repeat` and `only_if` are not looked at."""
    version = friend.book.head(flow_id)
    if version is None or not has_room(friend, version) or must_stop(friend, version):
        return
    if friend.turning.people == "free":
        start_now(friend, version, None, friend.asking())
    else:
        hold_start(friend, version, None)


def _triggered(friend: Friend, kind: str, text: str | None) -> list[tuple[Compiled, Trigger]]:
    return [
        (version, trigger)
        for version in _by_priority(friend.book.flows())
        for trigger in version.flow.triggers
        if is_named(trigger, kind, text)
    ]


def _by_priority(versions: Sequence[Compiled]) -> list[Compiled]:
    return sorted(versions, key=lambda v: (-v.flow.priority, v.flow.id.text))
