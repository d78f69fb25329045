"""How a friend may come to a flow: what is on the card, the time of the day, what starts it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product

from flows.language.calendars import ALWAYS_OPEN, Calendar
from flows.language.checks.domains import Domains
from flows.language.checks.probes import probes
from flows.language.conditions import Missing
from flows.language.events import (
    CameBy,
    Clicked,
    Event,
    Followed,
    Happened,
    Said,
    Scheduled,
    StartedByHand,
    Tagged,
    Tapped,
)
from flows.language.exploring.doings import Doing, put_tag
from flows.language.exploring.telling import Telling
from flows.language.grammar.parts import Trigger
from flows.language.grammar.shapes import Flow
from flows.language.grammar.talk_files import Given
from flows.language.loader import Folder
from flows.language.sayings.saying import saying
from flows.language.talk_world import PaperFriend
from flows.language.templates import show

FIRST = datetime(2026, 4, 1, 10)  # noqa: DTZ001 # the calendar's zone is put in by the friend
LOOKED_AHEAD = 14 * 24
MOST_CARDS = 40
MOST_VALUES = 6


def situations(folder: Folder, flow: Flow, telling: Telling) -> list[Given]:
    """Cards and hours that the flow's conditions tell apart: each fact by itself, and all tags."""
    name = flow.calendar.text if flow.calendar is not None else "main"
    moments = _moments(folder.calendars.get(name, ALWAYS_OPEN), telling)
    cards = [*_cards(folder, telling)][:MOST_CARDS]
    return [
        Given(now=now, tags=tags, fields=fields) for (tags, fields), now in product(cards, moments)
    ]


def ways_in(flow: Flow, texts: Sequence[str]) -> Iterator[Doing]:
    """Everything that starts the flow, and an operator who starts it by hand."""
    for trigger in flow.triggers:
        yield from _triggered(flow, trigger, texts)
    id_ = flow.id.text
    yield Doing(saying("do.by_hand"), lambda friend: friend.happens(StartedByHand(id_)))
    if flow.stop_when is not None:
        yield Doing(saying("do.by_hand_then_card"), lambda friend: _start_then_card(friend, id_))


def _start_then_card(friend: PaperFriend, flow_id: str) -> None:
    """What stops a flow is looked at before it starts as well: so the card comes after it."""
    tags, fields = friend.tags, friend.fields
    friend.tags, friend.fields = set(), {}
    friend.happens(StartedByHand(flow_id))
    friend.tags, friend.fields = friend.tags | tags, {**friend.fields, **fields}
    friend.happens(Tagged(""))


def _cards(folder: Folder, telling: Telling) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    tags = tuple(sorted(telling.tags))
    yield ((), {})
    if len(tags) > 1:
        yield (tags, {})
    yield from (((tag,), {}) for tag in tags)
    domains = Domains(fields=folder.fields or {})
    for name in telling.names("field"):
        path, now = f"field.{name}", FIRST.replace(tzinfo=UTC)
        values = [*(probes(domains.of(path), telling.tests[path]) or []), *_around(telling, path)]
        apart = {telling.sign(path, value, now): value for value in reversed(values)}
        for value in list(apart.values())[:MOST_VALUES]:
            if value is not None and not isinstance(value, Missing) and show(value):
                yield ((), {name: show(value)})


def _around(telling: Telling, path: str) -> Iterator[str]:
    """Days before and after, for a `wait` that looks at the card."""
    if path in telling.awaited:
        yield from ((FIRST + timedelta(days=days)).date().isoformat() for days in (20, -20))


def _moments(calendar: Calendar, telling: Telling) -> list[datetime]:
    """An open hour, and a closed one where that makes a difference."""
    if not telling.asks_hours:
        return [FIRST]
    hours = [FIRST + timedelta(hours=n) for n in range(LOOKED_AHEAD)]
    zone = calendar.local(datetime.now(UTC)).tzinfo
    found = {calendar.is_open(hour.replace(tzinfo=zone)): hour for hour in reversed(hours)}
    return [found[is_open] for is_open in (True, False) if is_open in found]


def _triggered(flow: Flow, trigger: Trigger, texts: Sequence[str]) -> Iterator[Doing]:
    first = trigger.texts[0].text if trigger.texts else ""
    match trigger.kind:
        case "message" | "off_hours":
            yield from (_said(text) for text in texts)
        case "keyword":
            yield _said(first)
        case "tag_added":
            yield Doing(saying("do.tag", tag=first), lambda friend: put_tag(friend, first))
        case "schedule":
            yield Doing(
                saying("do.schedule"), lambda friend: friend.happens(Scheduled(flow.id.text))
            )
        case kind if kind in _EVENTS:
            event_of = _EVENTS[kind]
            yield Doing(
                saying(f"do.{kind}", name=first), lambda friend: friend.happens(event_of(first))
            )
        case _:  # manual: every flow is started by hand too
            pass


def _said(text: str) -> Doing:
    return Doing(saying("quoted", text=text), lambda friend: friend.happens(Said(text)))


_EVENTS: Mapping[str, Callable[[str], Event]] = {
    "follow": lambda _: Followed(),
    "postback": Tapped,
    "event": Happened,
    "url_click": Clicked,
    "qr": CameBy,
}
