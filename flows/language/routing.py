"""Who takes what comes in: one event of one friend, over all of their runs. The door of the engine.

At most one run has the open question. A valid answer beats a keyword, a keyword beats free text;
what nothing takes is left to people, never dropped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from flows.language import moving, packets, parking, starts, values
from flows.language.aside import set_aside
from flows.language.book import Book
from flows.language.effects import Effect, LeaveToPeople
from flows.language.events import (
    CameBy,
    Clicked,
    Due,
    Event,
    Followed,
    FormFilled,
    FormOpened,
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
from flows.language.faq_steps import ASK_STAFF
from flows.language.forms import fill, open_form
from flows.language.friend import Friend
from flows.language.grammar.shapes import Ask
from flows.language.hearing import hear_other, hear_text
from flows.language.persons import release
from flows.language.run import BEGIN, Frame, Run
from flows.language.stays import Stay, stays_of
from flows.language.taps import label_of, tapped
from flows.language.turning import Move
from flows.language.words import Context

PROMPT = Followed | Said | Tapped | Sent | Clicked | CameBy | StartedByHand  # somebody's doing


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

    draws: what chance chose, in order. before: the runs as they were given. left: the called
    frames that are over, with the name of their end. moves: the transitions, in order. stays: how
    the runs fared where they wait.
    """

    event: Event
    runs: tuple[Run, ...]
    effects: tuple[Effect, ...]
    draws: tuple[int, ...] = ()
    before: Mapping[str, Run] = field(default_factory=dict)
    left: tuple[tuple[Frame, str], ...] = ()
    moves: tuple[Move, ...] = ()
    stays: tuple[Stay, ...] = ()

    @property
    def is_taken(self) -> bool:
        """Whether a flow took the message."""
        return not any(isinstance(effect, LeaveToPeople) for effect in self.effects)

    def log(self) -> tuple[RunLog, ...]:
        """What it did to each run."""
        return tuple(self._log(run) for run in self.runs)

    def _log(self, run: Run) -> RunLog:
        own = [effect for effect in self.effects if getattr(effect, "run_id", None) == run.id]
        before = self.before.get(run.id)
        return RunLog(
            run_id=run.id,
            kind=type(self.event).__name__,
            payload=values.to_json(self.event),
            hash=run.frames[0].hash,
            state_before=before.to_json() if before is not None else None,
            state_after=run.to_json(),
            effects=[values.to_json(effect) for effect in own],
        )


def take(book: Book, runs: Sequence[Run], event: Event, context: Context) -> Turn:
    """Do one event. The same inputs give the same turn; the runs given are not changed."""
    before = {run.id: run for run in runs}
    copies = [run.copy() for run in runs]
    friend = Friend(book, context, copies, is_prompt=isinstance(event, PROMPT))
    aside = set_aside(friend, event)
    parking.stop_what_must(friend)
    _dispatch(friend, event, aside)
    _come_to_rest(friend)
    changed = tuple(run for run in (*aside, *friend.runs) if run != before.get(run.id))
    turning = friend.turning
    return Turn(
        event,
        changed,
        tuple(packets.completed(friend, effect) for effect in turning.effects),
        tuple(turning.draws),
        before,
        tuple(turning.left),
        tuple(turning.moves),
        stays_of(before, turning.marks) if turning.marks else (),
    )


def _come_to_rest(friend: Friend) -> None:
    parking.settle(friend)
    while friend.turning.starts:
        starts.begin_wanted(friend)
        parking.settle(friend)


def _dispatch(friend: Friend, event: Event, aside: Sequence[Run]) -> None:
    match event:
        case Said() | Tapped() | Sent() | FormOpened() | FormFilled():
            _hear(friend, event)
        case Taken() | Released() | Due() | Republished():
            _about_runs(friend, event, aside)
        case (
            Followed()
            | Tagged()
            | Clicked()
            | CameBy()
            | Happened()
            | Scheduled()
            | StartedByHand()
        ):
            starts.begin_by(friend, event)
        case _:
            assert_never(event)


def _about_runs(
    friend: Friend, event: Taken | Released | Due | Republished, aside: Sequence[Run]
) -> None:
    match event:
        case Taken():
            parking.park_for_takeover(friend)
        case Released():
            _released(friend, event)
        case Due():
            _due(friend, event)
        case Republished():
            moving.republished(friend, event, aside)


def _hear(friend: Friend, event: Said | Tapped | Sent | FormOpened | FormFilled) -> None:
    match event:
        case Said():
            hear_text(friend, event.text)
        case Tapped():
            tapped(friend, event)
        case Sent():
            hear_other(friend, event)
        case FormOpened():
            open_form(friend, event)
        case FormFilled():
            fill(friend, event)
        case _:
            assert_never(event)


def _due(friend: Friend, event: Due) -> None:
    run = next((run for run in friend.runs if run.id == event.run_id), None)
    if run is None or not (run.status == "going" or run.is_to_begin):
        return
    known = any(t.name == event.timer and t.entry == event.entry for t in run.timers)
    if not known:  # its entry is over
        return
    if event.timer == BEGIN:  # late, the window may be closed again
        if not parking.put_off(friend, run, BEGIN):
            parking.hold(friend, run, BEGIN)
    else:
        parking.do_or_hold(friend, run, event.timer)


def _released(friend: Friend, event: Released) -> None:
    run = next((run for run in friend.runs if run.id == event.run_id), None)
    if run is not None and run.status == "going" and run.top.phase == "handoff":
        walk = friend.walk(run)
        friend.do(walk, lambda: release(walk))
    if event.how == "resolved":
        parking.end_taken_over(friend)


def label_of_tap(book: Book, runs: Sequence[Run], data: str) -> str | None:
    """The words on a button of ours, while its question is open: what the friend seems to say."""
    given = dict(part.partition("=")[::2] for part in data.split("&"))
    run = next((r for r in runs if r.id == given.get("f") and r.has_question), None)
    version = book.find(run.top.hash) if run is not None else None
    if run is None or version is None or str(run.top.entry) != given.get("s"):
        return None
    step = version.steps[run.top.state]
    if isinstance(step.body, Ask):
        return label_of(step.body, given.get("v", ""))
    labels = dict(enumerate(run.top.offered))
    number = given.get("v", "")
    entry = book.house.faq_entry(labels.get(int(number), "")) if number.isdigit() else None
    return entry.ask[0].text if entry is not None else ASK_STAFF
