"""One friend twice: the product's engine and the second interpreter, on the same files and events."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flows.language import words
from flows.language.book import Book, book_of
from flows.language.conditions import Missing
from flows.language.effects import (
    AskPerson,
    Effect,
    LeaveToPeople,
    Option,
    PutTag,
    Say,
    SetField,
    TakeTag,
)
from flows.language.events import (
    Due,
    Event,
    Happened,
    Released,
    Said,
    Sent,
    StartedByHand,
    Tagged,
    Taken,
    Tapped,
)
from flows.language.persons import TO_STAFF
from flows.language.questions import RETRY_SAYS
from flows.language.routing import take
from flows.language.run import Frame, Run
from flows.language.taps import OLD_BUTTON
from flows.language.templates import show
from flows.language.words import Context, Facts, PastRun
from tests.laws.random_flows import HOUSE, loaded
from tests.laws.random_questions import FITTING
from tests.laws.second_interpreter import friend as second
from tests.laws.second_interpreter.reading import read
from tests.laws.second_interpreter.seeing import Status, shown
from tests.laws.second_interpreter.waiting import BUILT_IN

ANY_BUILT_IN = {*RETRY_SAYS.values(), TO_STAFF, OLD_BUTTON}
DRAWS = (1, 0, 0, 1, 1, 1, 0) * 20  # more than a turn can have steps
SEGMENT = read(HOUSE["segments/s.yaml"])
MOST_DUE = 30  # timers done of one stretch of time: a flow may go round for ever, an hour a time
Happening = tuple[str, str] | int
Trace = dict[str, Any]


@dataclass
class First:
    """The engine, with what the product keeps around it."""

    book: Book
    now: datetime
    tags: set[str] = field(default_factory=set)
    fields: dict[str, words.Value] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()
    past: tuple[PastRun, ...] = ()
    people: Any = "free"
    asking_run: str | None = None
    number: int = 0
    effects: tuple[Effect, ...] = ()
    buttons: list[Option] = field(default_factory=list)  # all that ever were on offer

    def happens(self, kind: str, what: str = "") -> None:
        """One turn."""
        self.tags |= {what} if kind == "tag_added" else set()
        if kind == "taken":
            self.take(Taken())
            self.people = "taken"
        elif kind == "returned":
            released = Released("returned", self.asking_run)
            self.people, self.asking_run = "free", None
            self.take(released)
        else:
            self.take(self._event(kind, what))

    def _event(self, kind: str, what: str) -> Event:
        match kind:
            case "said":
                return Said(what)
            case "tap" | "tap_old":
                return Tapped(self.buttons[int(what)].data)
            case "sticker":
                return Sent("sticker", "m1")
            case "event":
                return Happened(what)
            case "tag_added":
                return Tagged(what)
            case _:
                return StartedByHand(what)

    def take(self, event: Event) -> None:
        """A turn of the engine, and what its effects do to the card."""
        self.number += 1
        context = Context(
            self.now, f"{self.number:x}", facts=Facts("花子", frozenset(self.tags), dict(self.fields)),
            past=self.past, people=self.people, asking_run=self.asking_run, picks=DRAWS,
        )  # fmt: skip
        turn = take(self.book, self.runs, event, context)
        changed = {run.id: run for run in turn.runs}
        everything = [*(changed.pop(run.id, run) for run in self.runs), *changed.values()]
        self.runs = tuple(run for run in everything if run.status != "ended")
        ended = [run for run in everything if run.status == "ended"]
        self.past += tuple(PastRun(run.flow, run.started_at, run.end or "") for run in ended)
        self.effects = turn.effects
        bubbles = [b for effect in turn.effects if isinstance(effect, Say) for b in effect.bubbles]
        self.buttons += [option for bubble in bubbles for option in bubble.options]
        for effect in turn.effects:
            self._do(effect)

    def _do(self, effect: Effect) -> None:
        match effect:
            case PutTag():
                self.tags.add(effect.tag)
            case TakeTag():
                self.tags.discard(effect.tag)
            case SetField():
                self.fields[effect.key] = effect.value
            case AskPerson():
                self.people, self.asking_run = "asked", effect.run_id

    def due(self, until: datetime) -> tuple[datetime, int, str] | None:
        """The next timer of any run up to then: its moment, the place of its run, its name."""
        found = [
            (timer.at, place, timer.name)
            for place, run in enumerate(self.runs)
            for timer in run.timers
            if timer.at <= until
        ]
        return min(found, default=None)

    def timer(self, place: int, name: str) -> None:
        """It is due."""
        run = self.runs[place]
        (entry,) = (timer.entry for timer in run.timers if timer.name == name)
        self.take(Due(run.id, name, entry))

    def trace(self) -> Trace:
        """What there is to see after a turn."""
        says = [effect for effect in self.effects if isinstance(effect, Say)]
        return {
            "said": [
                (BUILT_IN if b.text in ANY_BUILT_IN else b.text, tuple(o.label for o in b.options))
                for say in says
                for b in say.bubbles
            ],
            "left": any(isinstance(effect, LeaveToPeople) for effect in self.effects),
            "people": self.people,
            "tags": sorted(self.tags),
            "fields": {key: show(value) for key, value in self.fields.items() if show(value)},
            "past": sorted((past.flow, past.end) for past in self.past),
            "runs": [self._run(run) for run in self.runs],
        }

    def _run(self, run: Run) -> Trace:
        is_new = not run.top.state and run.status == "parked"
        return {
            "flow": run.flow,
            "status": "new" if is_new else run.status,
            "timers": {timer.name: timer.at for timer in run.timers},
            "frames": [self._frame(frame) for frame in run.frames],
        }

    def _frame(self, frame: Frame) -> Trace:
        flow = self.book.version(frame.hash).flow
        names = {var: flow.first_value(var) for var in ("n", "note", "x")}
        return {
            "flow": frame.flow,
            "state": frame.state,
            "visits": frame.visits,
            "answers": {
                step: f"({value.status})" if isinstance(value, Missing) else show(value)
                for step, value in frame.answers.items()
            },
            "vars": {name: show(frame.vars.get(name, first)) for name, first in names.items()},
        }


class Second(second.Friend):
    """The second interpreter, told in the same words."""

    def trace(self) -> Trace:
        """What there is to see after a turn."""
        return {
            "said": self.said,
            "left": self.is_left_to_people,
            "people": self.people,
            "tags": sorted(self.tags),
            "fields": {key: shown(value) for key, value in self.fields.items() if shown(value)},
            "past": sorted((run.flow_id, run.end) for run in self.past),
            "runs": [self._run(run) for run in self.runs],
        }

    def _run(self, run: second.Run) -> Trace:
        seen = run.frames
        if run.stopping is not None:
            seen = seen[: seen.index(run.stopping) + 1]
        return {
            "flow": run.flow_id,
            "status": run.status,
            "timers": run.timers,
            "frames": [
                {
                    "flow": frame.flow["flow"],
                    "state": frame.state,
                    "visits": frame.visits,
                    "answers": {
                        step: f"({value.name})" if isinstance(value, Status) else shown(value)
                        for step, value in frame.answers.items()
                    },
                    "vars": {name: shown(frame.vars.get(name)) for name in ("n", "note", "x")},
                }
                for frame in seen
            ],
        }


def told(
    files: Mapping[str, str], talks: Sequence[Sequence[Happening]], start: datetime
) -> Iterator[tuple[object, Trace, Trace]]:
    """Tell both the same, each talk to a new friend; after each turn, what is to be seen of it."""
    book = book_of(loaded(files))
    trees = [read(text) for text in files.values()]
    for talk in talks:
        one, two = First(book, start), Second([*trees, SEGMENT], start)
        for event in talk:
            if isinstance(event, tuple):
                yield _happens(one, two, event)
            else:
                yield from _time_passes(one, two, one.now + timedelta(minutes=event))


def _happens(one: First, two: Second, event: tuple[str, str]) -> tuple[object, Trace, Trace]:
    meant = _meant(one, two, event)
    tapped = one.buttons[int(meant[1])].label if meant[0] == "tap" else None
    one.happens(*meant)
    two.happens(*(meant if tapped is None else ("said", tapped)), draws=DRAWS)
    return meant, one.trace(), two.trace()


def _meant(one: First, two: Second, event: tuple[str, str]) -> tuple[str, str]:
    """A button that is or was there, or an answer of the right type, for a number."""
    kind, what = event
    if kind == "fits":
        asking = two.asking()
        type_ = asking.asked.type if asking is not None and asking.asked is not None else "text"
        texts = FITTING.get(type_) or FITTING["text"]
        return "said", texts[int(what) % len(texts)]
    if kind in {"tap", "tap_old"}:
        asking = two.asking()
        labels = asking.asked.options() if asking is not None and asking.asked is not None else []
        now = {option.data for option in one.buttons[len(one.buttons) - len(labels) :]}
        places = [n for n, b in enumerate(one.buttons) if (b.data in now) == (kind == "tap")]
        return (kind, str(places[int(what) % len(places)])) if places else ("said", what)
    return event


def _time_passes(one: First, two: Second, until: datetime) -> Iterator[tuple[object, Trace, Trace]]:
    for _ in range(MOST_DUE):
        due = one.due(until)
        if due is None:
            break
        at, place, name = due
        one.now = max(one.now, at)
        two.now = one.now.astimezone(second.TOKYO)
        one.timer(place, name)
        two.due(two.runs[place], name, DRAWS)
        yield (name, at), one.trace(), two.trace()
    one.now = max(one.now, until)
    two.now = one.now.astimezone(second.TOKYO)
