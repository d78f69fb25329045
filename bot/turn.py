"""One arrival, one transaction: what happened goes into the talk, the flows decide, storage keeps.

Nothing is sent here: what is to be said is written down as deliveries. What raises undoes the
whole turn; the worker counts the try and sets the arrival aside after the last.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.effects import apply
from bot.events import has_talk, hear, read_edit, unsent_id
from bot.filling import fill
from bot.operator_talk import is_of_operator
from bot.seeking import decide
from bot.talk import Talk
from bot.world import context_of, live, seed_of
from flows.language.book import Book
from flows.language.effects import LeaveToPeople
from flows.language.events import (
    Due,
    Event,
    FormFilled,
    Happened,
    Released,
    Republished,
    Said,
    Scheduled,
    Sent,
    StartedByHand,
    Tagged,
    Taken,
    Tapped,
)
from flows.language.routing import label_of_tap
from flows.language.run import Run
from flows.language.words import Context, Meaning
from storage import customers, desk, failpoints, lateness, scheduled, talks
from storage.arrivals import finish
from storage.beforehand import Beforehand, has_spoken_since, look
from storage.desk_rules import get_rules
from storage.editing import edit
from storage.incoming import Incoming, receive, unsend
from storage.meeting import meet
from storage.models.people import Account, Friend
from storage.models.talks import Conversation
from storage.models.work import Arrival
from storage.reading import note_read
from storage.redelivery import is_after_outage
from storage.run_steps import has_moved_on

CHAT_RESOLVED = "chat_resolved"
AFTERWARDS = frozenset({"unsend", "messageEdited"})
DESK_TIMERS = frozenset({"snooze", "return", "notify", "sla", scheduled.TIMER})
ANSWERS = tuple(kind.__name__ for kind in (Said, Tapped, Sent, FormFilled))
Sought = Mapping[str, Meaning | None]


def do_turn(
    db: Session, arrival: Arrival, book: Book, now: datetime, sought: Sought | None = None
) -> None:
    """Do everything that one arrival asks for, and mark it done.

    sought: what the encoder was asked so far; with it, raises Unsought for what it was not asked.
    """
    failpoints.reach("arrival claimed")
    if arrival.is_inside:
        _do_inside(db, arrival, book, now, sought)
    elif has_talk(arrival.raw):
        _do_event(db, arrival, book, now, sought)
    failpoints.reach("turn decided")
    finish(db, arrival, now)


def _do_event(
    db: Session, arrival: Arrival, book: Book, now: datetime, sought: Sought | None
) -> None:
    user_id = arrival.raw["source"]["userId"]
    account, friend, conversation = meet(db, arrival.account_id, user_id, now)
    if conversation.operator_id is not None and arrival.kind in AFTERWARDS:
        return  # nothing of theirs was written down
    if arrival.kind == "unsend":
        unsend(db, conversation, unsent_id(arrival.raw), now)
        return
    if arrival.kind == "messageEdited":
        edit(db, conversation, read_edit(arrival.raw, now), arrival, now)
        return
    heard = hear(arrival.raw, now)
    _note_friendship(db, conversation, friend, heard.incoming, now)
    if is_of_operator(db, conversation, heard.incoming, arrival, now):
        return
    incoming = heard.incoming
    seen = look(db, conversation, incoming.at, incoming.line_message_id)
    runs = live(db, conversation) if seen.has_runs else []
    if isinstance(heard.event, Tapped) and incoming.text is None:
        label = label_of_tap(book, runs, heard.event.data)
        incoming = replace(incoming, text=label)
    talk = Talk(db, conversation, arrival, book, now, sought=sought, look=seen)
    if _take_in(talk, incoming, runs, seen) and heard.event is not None:
        _answer(talk, account, runs, heard.event)
    if conversation.status == "bot":
        note_read(db, conversation, conversation.last_seq, now)


def _take_in(talk: Talk, incoming: Incoming, runs: Sequence[Run], seen: Beforehand) -> bool:
    """Write it into the talk; whether the flows hear it. What comes late is shown as late; after
    something newer of the same customer, it moves no flow that has moved on since."""
    db, arrival, is_overtaken = talk.db, talk.arrival, seen.has_spoken_since
    if is_overtaken:
        incoming = replace(incoming, origin={"late": True})
    elif is_after_outage(arrival.raw, arrival.received_at):
        incoming = replace(incoming, origin={"late": "outage"})
    message = receive(db, talk.conversation, incoming, arrival, talk.now, seen)
    if message.unsent_at is not None:  # taken back before it came
        return False
    run_ids = [run.id for run in runs]
    return not (is_overtaken and has_moved_on(db, run_ids, incoming.at, by=ANSWERS))


def _answer(talk: Talk, account: Account, runs: Sequence[Run], event: Event) -> None:
    """The friend did something: in a talk that was done, the bot or its staff answer again."""
    db, conversation, now = talk.db, talk.conversation, talk.now
    is_done = conversation.status == "done"
    is_fresh = is_done and _is_fresh(db, conversation, account, now)
    if is_done and not is_fresh:
        desk.rest(db, conversation, now)
    context = _context(talk, _turn_id(talk), is_fresh_done=is_fresh)
    turn, context = decide(talk, runs, event, context)
    if is_fresh and any(isinstance(effect, LeaveToPeople) for effect in turn.effects):
        desk.reopen(db, conversation, now)
        turn = replace(turn, effects=())
    elif is_fresh:
        desk.rest(db, conversation, now)
    apply(talk, turn, context)


def _do_inside(
    db: Session, arrival: Arrival, book: Book, now: datetime, sought: Sought | None
) -> None:
    conversation = talks.lock(db, arrival.conversation_id or "")
    if conversation.operator_id is not None:  # a run that was under way ends unheard
        return
    talk = Talk(db, conversation, arrival, book, now, sought=sought)
    if arrival.kind == "timer" and arrival.raw["kind"] in DESK_TIMERS:
        _do_desk_timer(db, arrival, conversation, now)
        return
    if arrival.kind == "form_answered":
        fill(talk)
        return
    for number, event in enumerate(_inside_events(arrival)):
        _do_one(replace(talk, source=f"{talk.source}:{number}"), event, number)


def _do_desk_timer(
    db: Session, arrival: Arrival, conversation: Conversation, now: datetime
) -> None:
    match arrival.raw["kind"]:
        case "snooze":
            desk.wake(db, conversation, now)
        case "return":
            desk.return_to_bot(db, conversation.id, None, now)
        case "notify":
            desk.tell_staff(db, conversation, arrival.raw["handoff_id"], now)
        case "sla":
            lateness.ring(db, conversation, arrival.raw, now)
        case scheduled.TIMER:
            scheduled.fire(db, conversation, arrival.raw["scheduled_id"], now)


def _do_one(talk: Talk, event: Event, number: int) -> None:
    """One of the events that an inside arrival means; each is a turn with an id of its own."""
    db, conversation = talk.db, talk.conversation
    turn_id = f"{_turn_id(talk)}-{number}" if number else _turn_id(talk)
    context = _context(talk, turn_id)
    turn, context = decide(talk, live(db, conversation), event, context)
    apply(talk, turn, context)


def _inside_events(arrival: Arrival) -> list[Event]:
    if arrival.kind not in _INSIDE:
        raise ValueError(f"an inside arrival of unknown kind {arrival.kind!r}")
    return _INSIDE[arrival.kind](arrival.raw)


def _timer_event(raw: Mapping[str, Any]) -> Event:
    if raw["kind"] == "delay":
        return Happened(raw["name"], raw["data"], is_after_delay=True, flow=raw["flow"])
    return Due(str(raw["run_id"]), raw["timer"], raw["entry"])


def _note_friendship(
    db: Session, conversation: Conversation, friend: Friend, incoming: Incoming, now: datetime
) -> None:
    """Whether the friend has blocked us. LINE promises no order: the newer event counts."""
    if incoming.kind == "unfollow":
        if not has_spoken_since(db, conversation, incoming.at):
            customers.blocked(db, friend, incoming.at, now)
    elif friend.blocked_at is not None and incoming.at <= friend.blocked_at:
        return
    elif incoming.kind == "follow" or friend.is_blocked:  # who writes has not blocked us any more
        customers.followed(db, friend, now)


def _turn_id(talk: Talk) -> str:
    return f"{talk.arrival.id:x}"


def _context(talk: Talk, turn_id: str, *, is_fresh_done: bool = False) -> Context:
    db, conversation, now = talk.db, talk.conversation, talk.now
    context = context_of(
        db, conversation, now, turn_id, is_fresh_done=is_fresh_done, look=talk.look
    )
    return replace(context, seed=seed_of(talk.arrival))


def _is_fresh(db: Session, conversation: Conversation, account: Account, now: datetime) -> bool:
    resolved = conversation.resolved_at
    minutes = get_rules(db).of(conversation.queue).reopen_minutes
    within_s = minutes * 60 if minutes is not None else account.reopen_within_s
    return resolved is not None and now - resolved < timedelta(seconds=within_s)


_INSIDE: Mapping[str, Callable[[Mapping[str, Any]], list[Event]]] = {
    "timer": lambda raw: [_timer_event(raw)],
    "republished": lambda raw: [Republished(raw["run_id"], raw["flow"], raw["hash"], raw["how"])],
    "tagged": lambda raw: [Tagged(raw["tag"], raw.get("flow"))],
    "taken": lambda _: [Taken()],
    "resolved": lambda raw: [Released("resolved", raw.get("run_id")), Happened(CHAT_RESOLVED)],
    "returned": lambda raw: [Released("returned", raw.get("run_id"))],
    "started_by_hand": lambda raw: [StartedByHand(raw["flow"])],
    "happened": lambda raw: [Happened(raw["name"], raw.get("data", {}))],
    "scheduled": lambda raw: [Scheduled(raw["flow"], raw["number"])],
}
