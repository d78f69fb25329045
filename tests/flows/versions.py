"""Two versions of one flow, and somebody in the middle of the first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.language.book import HOUSE, Book, House, build
from flows.language.effects import Say
from flows.language.events import Event, Republished, Said
from flows.language.loader import load_files
from flows.language.routing import Turn, take
from flows.language.run import Run
from flows.language.words import Context

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def bundles_of(files: Mapping[str, str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Flow id → hash and tree."""
    folder = load_files({name: text.encode() for name, text in files.items()})
    assert [p for p in folder.loading_problems() if p.severity == "E"] == []
    return {bundle.flow_id: (bundle.hash, bundle.tree) for bundle in build(folder).flows}


@dataclass
class Middle:
    """A friend whose runs go on from version to version."""

    trees: dict[str, Mapping[str, Any]]
    heads: dict[str, str]
    runs: list[Run]
    now: datetime = START
    people: str = "free"
    turns: int = 0

    def does(self, event: Event, after: timedelta = timedelta(minutes=1)) -> Turn:
        self.now += after
        self.turns += 1
        asking = next((r.id for r in self.runs if r.top.phase == "handoff"), None)
        context = Context(self.now, f"{self.turns:x}")
        context = replace(context, people=self.people, asking_run=asking)
        turn = take(self.book(), [r for r in self.runs if r.status != "ended"], event, context)
        changed = {run.id: run for run in turn.runs}
        self.runs = [changed.pop(run.id, run) for run in self.runs] + list(changed.values())
        return turn

    def says(self, *texts: str) -> Turn:
        *before, last = texts
        for text in before:
            self.does(Said(text))
        return self.does(Said(last))

    def publish(self, files: Mapping[str, str], how: Any, flow: str = "f") -> Turn:
        """Publish another version, and do what it asks for to the newest run that is not over."""
        for flow_id, (hash_, tree) in bundles_of(files).items():
            self.heads[flow_id], self.trees[hash_] = hash_, tree
        run = next(run for run in reversed(self.runs) if run.status != "ended")
        return self.does(Republished(run.id, flow, self.heads[flow], how), timedelta())

    def book(self) -> Book:
        return Book(House(), dict(self.heads), self.trees.__getitem__)

    @property
    def run(self) -> Run:
        return self.runs[-1]


def in_the_middle(files: Mapping[str, str], *texts: str) -> Middle:
    """Somebody who said these things."""
    middle = Middle({}, {}, [])
    for flow_id, (hash_, tree) in bundles_of(files).items():
        if flow_id != HOUSE:
            middle.heads[flow_id], middle.trees[hash_] = hash_, tree
    if texts:
        middle.says(*texts)
    return middle


def texts_of(turn: Turn) -> list[str]:
    return [b.text for effect in turn.effects if isinstance(effect, Say) for b in effect.bubbles]
