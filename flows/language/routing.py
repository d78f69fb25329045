"""Who takes what comes in: one event of one friend, over all of their runs. The door of the engine.

At most one run has the open question. A valid answer beats a keyword, a keyword beats free text;
what nothing takes is left to people, never dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from flows.language import parking, starts, values
from flows.language.book import Book
from flows.language.faq_steps import ASK_STAFF
from flows.language.friend import Friend
from flows.language.grammar.shapes import Ask
from flows.language.hearing import hear_other, hear_text
from flows.language.persons import release
from flows.language.run import Frame, Run
from flows.language.taps import label_of, tapped
from flows.language.waits import is_due
from flows.language.words import (
    Context,
    Due,
    Effect,
    Event,
    Followed,
    Happened,
    LeaveToPeople,
    Released,
    Said,
    Sent,
    StartedByHand,
    Tagged,
    Taken,
    Tapped,
)


@dataclass(frozen=True, slots=True)
class RunLog:
    """What a turn did to one run, for its event log."""

    run_id: str
    kind: str
    payload: dict[str, Any]
    hash: str
    state_before: dict[str, Any] | None
    state_after: dict[str, Any]
    effects: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Turn:
    """One event in: the runs that changed, new and ended ones too, and what is to be done.

    left: the called frames that are over, with the name of their end.
    """

    runs: tuple[Run, ...]
    effects: tuple[Effect, ...]
    log: tuple[RunLog, ...]
    is_taken: bool = True  # False: a message that no flow took
    left: tuple[tuple[Frame, str], ...] = ()


def take(book: Book, runs: Sequence[Run], event: Event, context: Context) -> Turn:
    """Do one event. The same inputs give the same turn; the runs given are not changed."""
    before = {run.id: run.to_json() for run in runs}
    friend = Friend(book, context, [run.copy() for run in runs])
    _dispatch(friend, event)
    parking.settle(friend)
    changed = tuple(run for run in friend.runs if run.to_json() != before.get(run.id))
    effects = tuple(friend.turning.effects)
    log = tuple(_log(run, before.get(run.id), event, effects) for run in changed)
    is_taken = not any(isinstance(effect, LeaveToPeople) for effect in effects)
    return Turn(changed, effects, log, is_taken, tuple(friend.turning.left))


def _dispatch(friend: Friend, event: Event) -> None:
    match event:
        case Said():
            hear_text(friend, event.text)
        case Tapped():
            tapped(friend, event)
        case Sent():
            hear_other(friend, event)
        case Taken():
            parking.park_for_takeover(friend)
        case Released():
            _released(friend, event)
        case Due():
            _due(friend, event)
        case Followed() | Tagged() | Happened() | StartedByHand():
            starts.begin_by(friend, event)
        case _:
            assert_never(event)


def _due(friend: Friend, event: Due) -> None:
    run = next((run for run in friend.runs if run.id == event.run_id), None)
    if run is None or run.status != "going":
        return
    known = any(t.name == event.timer and t.entry == event.entry for t in run.timers)
    if not known:  # its entry is over
        return
    walk = friend.walk(run)
    friend.do(walk, lambda: is_due(walk, event.timer))


def _released(friend: Friend, event: Released) -> None:
    run = next((run for run in friend.runs if run.id == event.run_id), None)
    if run is not None and run.status == "going" and run.top.phase == "handoff":
        walk = friend.walk(run)
        friend.do(walk, lambda: release(walk))
    if event.how == "resolved":
        parking.end_taken_over(friend)


def _log(
    run: Run, before: dict[str, Any] | None, event: Event, effects: Sequence[Effect]
) -> RunLog:
    return RunLog(
        run_id=run.id,
        kind=type(event).__name__,
        payload=values.to_json(event),
        hash=run.frames[0].hash,
        state_before=before,
        state_after=run.to_json(),
        effects=[values.to_json(e) for e in effects if getattr(e, "run_id", None) == run.id],
    )


def label_of_tap(book: Book, runs: Sequence[Run], data: str) -> str | None:
    """The words on a button of ours, while its question is open: what the friend seems to say."""
    given = dict(part.partition("=")[::2] for part in data.split("&"))
    run = next((r for r in runs if r.id == given.get("f") and r.has_question), None)
    if run is None or str(run.top.entry) != given.get("s"):
        return None
    step = book.version(run.top.hash).steps[run.top.state]
    if isinstance(step.body, Ask):
        return label_of(step.body, given.get("v", ""))
    labels = dict(enumerate(run.top.offered))
    number = given.get("v", "")
    entry = book.house.faq_entry(labels.get(int(number), "")) if number.isdigit() else None
    return entry.ask[0].text if entry is not None else ASK_STAFF
