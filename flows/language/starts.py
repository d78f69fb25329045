"""Which flows a text, a button or an event starts, and in which order they are asked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from flows.language.admission import hold, make_room, start_first, start_in_background, start_run
from flows.language.compiler import Compiled
from flows.language.friend import Friend, view_of
from flows.language.grammar.shapes import Trigger
from flows.language.normalise import normalise
from flows.language.parking import interrupt
from flows.language.run import Run
from flows.language.words import Followed, Happened, StartedByHand, StartLater, Tagged

MATCH_ORDER = {"exact": 0, "starts": 1, "contains": 2}


def by_keyword(friend: Friend, text: str, *, interrupts: Run | None = None) -> bool:
    """Rule 5: the first flow whose keyword it is, and that may start."""
    said = normalise(text)
    found = []
    for version in friend.book.flows():
        for trigger in version.flow.triggers:
            matched = [word.text for word in trigger.texts if _is_keyword(trigger, word.text, said)]
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
    ordered = [v for v, _ in _triggered(friend, "postback", data)]
    return start_first(friend, ordered, None, friend.asking())


def by_message(friend: Friend, text: str) -> bool:
    """Rule 8: `message` and `off_hours` flows, by priority."""
    if friend.context.is_fresh_done:
        return False
    ordered = []
    for version in _by_priority(friend.book.flows()):
        kinds = {trigger.kind for trigger in version.flow.triggers}
        is_closed = not view_of(friend, version).is_open()
        if "message" in kinds or ("off_hours" in kinds and is_closed):
            ordered.append(version)
    return start_first(friend, ordered, text, None)


def begin_by(friend: Friend, event: Followed | Tagged | Happened | StartedByHand) -> None:
    """What happened may start flows."""
    match event:
        case Followed():
            _start_all(friend, "follow", None)
        case Tagged():
            _start_all(friend, "tag_added", event.tag, but_flow=event.flow)
        case Happened():
            _happened(friend, event)
        case StartedByHand():
            _start_by_hand(friend, event.flow)
        case _:
            assert_never(event)


def _start_all(friend: Friend, kind: str, text: str | None, *, but_flow: str | None = None) -> None:
    for version, _ in _triggered(friend, kind, text):
        if version.flow.id.text != but_flow:  # a run never starts its own flow by a tag
            start_in_background(friend, version, None)


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


def _start_by_hand(friend: Friend, flow_id: str) -> None:
    """An operator starts a flow: `start`, `repeat` and `only_if` are not looked at."""
    version = friend.book.head(flow_id)
    if version is None or not make_room(friend, version):
        return
    asking = friend.asking()
    if asking is not None:
        interrupt(friend, asking)
    if friend.turning.people == "free":
        start_run(friend, version, None, None)
    else:
        hold(friend, version, None)


def _is_keyword(trigger: Trigger, word: str, said: str) -> bool:
    if trigger.kind != "keyword":
        return False
    keyword = normalise(word)
    match trigger.match:
        case "exact":
            return said == keyword
        case "starts":
            return said.startswith(keyword)
        case _:
            return keyword in said


def _triggered(friend: Friend, kind: str, text: str | None) -> list[tuple[Compiled, Trigger]]:
    return [
        (version, trigger)
        for version in _by_priority(friend.book.flows())
        for trigger in version.flow.triggers
        if trigger.kind == kind and (text is None or any(t.text == text for t in trigger.texts))
    ]


def _by_priority(versions: Sequence[Compiled]) -> list[Compiled]:
    return sorted(versions, key=lambda v: (-v.flow.priority, v.flow.id.text))
