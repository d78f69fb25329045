"""The laws of the language, on flows of every verb made at random."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.language import effects, events, values, words
from flows.language.book import Book
from flows.language.events import Event
from flows.language.routing import Turn, take
from flows.language.run import Run, run_from_json
from flows.language.stays import Stay
from flows.language.words import Context, Facts
from tests.laws.random_flows import HAPPENINGS, books

MOST_DUE = 30  # timers done of one stretch of time: a flow may go round for ever, an hour a time


@dataclass
class Life:
    """What the product keeps around the engine: the card, the runs, who has the talk."""

    book: Book
    now: datetime = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    tags: set[str] = field(default_factory=set)
    fields: dict[str, words.Value] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()
    people: Literal["free", "asked", "taken"] = "free"
    asking_run: str | None = None
    number: int = 0
    stays: dict[tuple[str, str, str], Stay] = field(default_factory=dict)
    ended: dict[str, Run] = field(default_factory=dict)

    def happens(self, event: Event) -> None:
        if isinstance(event, events.Tagged):
            self.tags.add(event.tag)
        if isinstance(event, events.Released):
            event = replace(event, run_id=self.asking_run)
            self.people, self.asking_run = "free", None
        self._keep(self._lawful_turn(event))
        if isinstance(event, events.Taken):
            self.people = "taken"

    def passes(self, hours: int) -> None:
        until = self.now + timedelta(hours=hours)
        for _ in range(MOST_DUE):
            due = [(t.at, t.name, run, t) for run in self.runs for t in run.timers if t.at <= until]
            if not due:
                break
            at, _, run, timer = min(due, key=lambda one: one[:2])
            self.now = max(self.now, at)
            self.happens(events.Due(run.id, timer.name, timer.entry))
            assert timer not in next((r.timers for r in self.runs if r.id == run.id), ())
        self.now = max(self.now, until)

    def _lawful_turn(self, event: Event) -> Turn:
        self.number += 1
        before = [run.to_json() for run in self.runs]
        turn = take(self.book, self.runs, event, self._context())
        again = take(
            self.book, tuple(run_from_json(tree) for tree in before), event, self._context()
        )
        assert [run.to_json() for run in self.runs] == before  # the runs given are not changed
        assert turn == again
        assert values.from_json(values.to_json(event)) == event
        for effect in turn.effects:
            assert values.from_json(values.to_json(effect)) == effect
        self._check_silence(turn)
        return turn

    def _check_silence(self, turn: Turn) -> None:
        """While people are asked for, only the run that asked speaks; with people there, none."""
        spoken = {e.run_id for e in turn.effects if isinstance(e, effects.Say)}
        if self.people == "taken":
            assert not spoken
        elif self.people == "asked":
            assert spoken <= {self.asking_run}

    def _context(self) -> Context:
        facts = Facts("花子", frozenset(self.tags), dict(self.fields))
        return Context(
            self.now,
            f"{self.number:x}",
            facts=facts,
            people=self.people,
            asking_run=self.asking_run,
            seed=self.number,
        )

    def _keep(self, turn: Turn) -> None:
        changed = {run.id: run for run in turn.runs}
        kept = [changed.pop(run.id, run) for run in self.runs]
        everything = [*kept, *changed.values()]
        for run in everything:
            self._check(run)
        self.runs = tuple(run for run in everything if run.status != "ended")
        self.ended |= {run.id: run for run in everything if run.status == "ended"}
        self._check_stays(turn)
        assert sum(run.has_question for run in self.runs) <= 1
        for effect in turn.effects:
            match effect:
                case effects.PutTag():
                    self.tags.add(effect.tag)
                case effects.TakeTag():
                    self.tags.discard(effect.tag)
                case effects.SetField():
                    self.fields[effect.key] = effect.value
                case effects.AskPerson():
                    self.people, self.asking_run = "asked", effect.run_id

    def _check_stays(self, turn: Turn) -> None:
        """Everybody who came to a step waits there, or went on, or their flow is over: once."""
        self.stays |= {(stay.run_id, stay.flow, stay.step): stay for stay in turn.stays}
        places = [
            (stay.run_id, stay.flow, stay.hash, stay.step)
            for stay in self.stays.values()
            if stay.fate == "here"
        ]
        frames = [
            (run.id, frame.flow, frame.hash, frame.state)
            for run in self.runs
            for frame in run.frames
        ]
        assert sorted(places) == sorted(place for place in frames if place[-1])
        over = [stay for stay in self.stays.values() if stay.fate == "over" and not stay.is_called]
        assert {stay.run_id for stay in over} <= set(self.ended)
        assert len(over) == len({stay.run_id for stay in over})
        for stay in over:
            assert stay.end == self.ended[stay.run_id].end
        for run in self.ended.values():
            has_waited = any(s.run_id == run.id and not s.is_called for s in self.stays.values())
            assert has_waited is any(stay.run_id == run.id for stay in over)

    def _check(self, run: Run) -> None:
        assert run_from_json(run.to_json()) == run
        if run.status == "ended":
            assert (run.timers, run.held) == ((), "")
            return
        assert run.step in self.book.version(run.top.hash).steps or run.is_to_begin
        if run.status == "parked":
            assert not run.timers or run.is_to_begin
        elif run.top.phase in {"question", "unsure", "wait", "wait_for"}:  # every wait has an end
            assert run.timers or run.held


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(books(), st.lists(HAPPENINGS, min_size=1, max_size=12))
def test_every_turn_of_any_flow_keeps_the_laws(book: Book, events: list[Event | int]) -> None:
    life = Life(book)
    for event in events:
        if isinstance(event, int):
            life.passes(event)
        else:
            life.happens(event)
