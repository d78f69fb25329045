"""A friend made of paper: one conversation with a virtual clock, as the running product has it.

What storage and the bot do around the engine (tags, handoffs, timers, the conversation's status)
is done here in memory, so that a test of a talk needs files alone.
"""

import copy
import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import assert_never

from flows.language.book import Book
from flows.language.effects import (
    AskPerson,
    Bubble,
    Effect,
    LeaveToPeople,
    LookedUp,
    Notify,
    Option,
    Picker,
    PutTag,
    Say,
    SetField,
    ShowKeptBack,
    ShowTrouble,
    StartLater,
    TakeTag,
)
from flows.language.events import Due, Event, Happened, Released, Tagged, Taken
from flows.language.grammar.talk_files import Given
from flows.language.routing import take
from flows.language.run import Run
from flows.language.sayings.saying import Saying, saying
from flows.language.taps import OLD_BUTTON
from flows.language.turning import Move
from flows.language.words import Context, Facts, PastRun, Value

LEFT = "left"  # the run's id of a called frame that is over
MOST_EVENTS = 200  # of one line of a talk: flows that start each other for ever


@dataclass(slots=True)
class Seen:
    """What happened since the latest line that is not an `expect`."""

    bubbles: list[Bubble] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)  # of each bubble
    asked: list[str] = field(default_factory=list)
    notified: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    troubles: list[Saying] = field(default_factory=list)
    is_unhandled: bool = False


class PaperFriend:
    """The friend, their card, their runs, and the conversation."""

    def __init__(self, book: Book, given: Given) -> None:
        zone = book.house.calendar(None)
        local = given.now.replace(tzinfo=zone.local(datetime.now(UTC)).tzinfo)
        self.book = book
        self.now = local.astimezone(UTC)
        self.name = given.name
        self.tags = set(given.tags)
        self.fields: dict[str, Value] = dict(given.fields)
        self.past = [
            PastRun(p.flow, p.at.replace(tzinfo=local.tzinfo).astimezone(UTC), p.end)
            for p in given.past
        ]
        self.reopen_within = given.reopen_within
        self.runs: list[Run] = []
        self.status = "bot"
        self.people = "free"
        self.asking: str | None = None
        self.queue: str | None = None
        self.note = ""
        self.resolved_at: datetime | None = None
        self.seen = Seen()
        self._last: Bubble | None = None
        self._shown: list[tuple[str, str, str]] = []
        self._turn_number = 0
        self.picks = given.random
        self.seed = 0
        self.moves: list[Move] = []
        self._later: list[tuple[datetime, int, Happened]] = []

    def copy(self) -> "PaperFriend":
        """The same friend at the same moment, who may live on differently."""
        other = copy.copy(self)
        other.tags, other.fields = set(self.tags), dict(self.fields)
        other.past, other.runs = list(self.past), list(self.runs)
        other.moves, other.seen = list(self.moves), Seen()
        other._shown, other._later = list(self._shown), list(self._later)
        return other

    def happens(self, event: Event) -> None:
        """One event, and everything inside that follows from it."""
        waiting = [event]
        for _ in range(MOST_EVENTS):
            if not waiting:
                return
            waiting.extend(self._turn(waiting.pop(0)))
        raise RecursionError(Saying("endless_starts"))

    def wait_until(self, moment: datetime) -> None:
        """Time passes; what becomes due on the way happens at its own moment."""
        while (due := self._next_due(moment)) is not None:
            at, event = due
            self.now = max(self.now, at)
            self.happens(event)
        self.now = max(self.now, moment)

    def next_moment(self) -> datetime | None:
        """When something becomes due by itself; None when nothing will."""
        timers = [timer.at for run in self._going() for timer in run.timers]
        return min([*timers, *(at for at, _, _ in self._later)], default=None)

    def next_start(self) -> datetime | None:
        """When the first of the starts that an event's `delay` still holds comes."""
        return min((at for at, _, _ in self._later), default=None)

    def person_takes(self) -> None:
        """A person takes the talk."""
        self.status, self.people = "active", "taken"
        self.happens(Taken())

    def person_writes(self) -> None:
        """A person writes; a talk that nobody holds is taken first."""
        if self.people != "taken":
            self.person_takes()
        self.status = "pending"

    def person_is_done(self) -> None:
        """A person resolves the talk; the event chat_resolved follows."""
        run_id, self.asking = self.asking, None
        self.status, self.people, self.queue = "done", "free", None
        self.resolved_at = self.now
        self.happens(Released("resolved", run_id))
        self.happens(Happened("chat_resolved"))

    def person_returns(self) -> None:
        """A person gives the talk back to the bot."""
        run_id, self.asking = self.asking, None
        self.status, self.people, self.queue = "bot", "free", None
        self.happens(Released("returned", run_id))

    def offered(self) -> tuple[Option, ...]:
        """What can be tapped now: under the last bubble, as LINE shows it, while it is open."""
        options = self._last.options if self._last is not None else ()
        return tuple(option for option in options if self._is_open(option.data))

    def picker(self) -> Picker | None:
        """LINE's own picker under the last bubble, while its question is open."""
        picker = self._last.picker if self._last is not None else None
        return picker if picker is not None and self._is_open(picker.data) else None

    def old_button(self, step: str, label: str) -> str:
        """The data of a button that was shown once under that step's question."""
        found = [data for at, option, data in self._shown if (at, option) == (step, label)]
        return found[-1] if found else ""

    def moment(self, text: str) -> datetime:
        """A local date-time as a moment."""
        zone = self.book.house.calendar(None).local(self.now).tzinfo
        return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)

    def live(self, flow_id: str) -> Run | None:
        """The newest run of a flow, or the newest that has a frame of it."""
        own = [run for run in self.runs if any(f.flow == flow_id for f in run.frames)]
        going = [run for run in own if run.status != "ended"]
        newest = own[-1] if own else None
        is_over = newest is not None and newest.id == LEFT
        return going[-1] if going and is_over else newest

    def _is_open(self, data: str) -> bool:
        asking = [run for run in self.runs if run.has_question]
        return any(data.startswith(f"f={run.id}&s={run.top.entry}&") for run in asking)

    def _turn(self, event: Event) -> list[Event]:
        known = {run.id: run for run in self.runs}
        turn = take(self.book, self._going(), event, self._context())
        self.picks = self.picks[len(turn.draws) :]
        self.moves += turn.moves
        for run in turn.runs:
            self._keep(run, known.get(run.id))
        for frame, end in turn.left:  # called, and over: a test may still ask how it ended
            over = Run(LEFT, frame.flow, frame.hash, self.now, [frame], status="ended", end=end)
            self.runs.append(over)
        follows = [follow for effect in turn.effects for follow in self._apply(effect)]
        if any(bubble.text == OLD_BUTTON for bubble in self.seen.bubbles):  # asked once more
            self.seen.asked += [run.top.state for run in self.runs if run.has_question]
        return follows

    def _next_number(self) -> int:
        self._turn_number += 1
        return self._turn_number

    def _going(self) -> list[Run]:
        return [run for run in self.runs if run.status != "ended"]

    def _context(self) -> Context:
        resolved = self.resolved_at
        return Context(
            now=self.now,
            turn_id=f"t{self._next_number()}",
            facts=Facts(self.name, frozenset(self.tags), dict(self.fields)),
            past=tuple(self.past),
            people=self.people,  # type: ignore[arg-type] # free, asked, taken: set here alone
            asking_run=self.asking,
            picks=self.picks,
            seed=self.seed,
            is_fresh_done=self.status == "done"
            and resolved is not None
            and self.now - resolved < self.reopen_within,
        )

    def _keep(self, run: Run, before: Run | None) -> None:
        had_begun = before is not None and before.has_begun
        if run.has_begun and not had_begun:
            self.seen.started.append(run.flow)
        if before is None:
            self.runs.append(run)
        else:
            self.runs = [run if other.id == run.id else other for other in self.runs]
        if run.status == "ended":
            self.past.append(PastRun(run.flow, run.started_at, run.end or ""))
        elif run.has_question and (before is None or before.entries != run.entries):
            self.seen.asked.append(run.top.state)

    def _apply(self, effect: Effect) -> list[Event]:
        match effect:
            case Say():
                self._show(effect)
            case PutTag() | TakeTag():
                return self._tag(effect)
            case SetField():
                self._set(effect.key, effect.value)
            case StartLater():
                heapq.heappush(self._later, (effect.at, self._next_number(), effect.event))
            case Notify() | AskPerson() | LeaveToPeople() | ShowTrouble():
                self._tell_staff(effect)
            case LookedUp() | ShowKeptBack():
                pass  # the friend sees nothing of it
            case _:
                assert_never(effect)
        return []

    def _tell_staff(self, effect: Notify | AskPerson | LeaveToPeople | ShowTrouble) -> None:
        match effect:
            case Notify():
                self.seen.notified.append(effect.to)
            case AskPerson():
                self.status, self.people, self.asking = "waiting", "asked", effect.run_id
                self.queue, self.note = effect.queue, effect.note
            case LeaveToPeople():
                self._leave(effect.queue)
            case ShowTrouble():
                self.seen.troubles.append(effect.about or saying("as_is", text=effect.text))

    def _show(self, effect: Say) -> None:
        self.seen.bubbles.extend(effect.bubbles)
        self.seen.moments.extend(self.now for _ in effect.bubbles)
        self._last = effect.bubbles[-1]
        for bubble in effect.bubbles:
            self._shown += [(effect.step or "", o.label, o.data) for o in bubble.options]

    def _tag(self, effect: PutTag | TakeTag) -> list[Event]:
        if isinstance(effect, TakeTag):
            self.tags.discard(effect.tag)
            return []
        is_new = effect.tag not in self.tags
        self.tags.add(effect.tag)
        return [Tagged(effect.tag, effect.reason.flow)] if is_new else []

    def _set(self, key: str, value: Value) -> None:
        if value is None:
            self.fields.pop(key, None)
        else:
            self.fields[key] = value

    def _leave(self, queue: str) -> None:
        self.seen.is_unhandled = True
        if self.status == "done" and self.resolved_at is not None:
            is_fresh = self.now - self.resolved_at < self.reopen_within
            self.people = "asked" if is_fresh else "free"
        self.status, self.queue = "waiting", queue

    def _next_due(self, moment: datetime) -> tuple[datetime, Event] | None:
        timers: list[tuple[datetime, int, str, Event]] = [
            (t.at, 0 if t.name.startswith("remind") else 1, t.name, Due(run.id, t.name, t.entry))
            for run in self._going()
            for t in run.timers
        ]
        timers += [(at, 2, "", event) for at, _, event in self._later]
        due = [timer for timer in timers if timer[0] <= moment]
        if not due:
            return None
        at, kind, _, event = min(due, key=lambda timer: timer[:3])
        if kind == 2:  # noqa: PLR2004 # a held start
            heapq.heappop(self._later)
        return at, event
