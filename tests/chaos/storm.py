"""A storm: traffic, and a product that is killed time and again, at named places and at any moment.

Each life of the product ends by kill -9: at the place that was armed for it, or, when that is not
reached or none is armed, from outside at a moment that the seed draws. Meanwhile LINE delivers
again what was not acknowledged. When all events are through, what is left to do is waited for, and
the evidence is gathered.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.chaos.checker import Finding, bound, check
from tests.chaos.evidence import Evidence
from tests.chaos.feed import Feed
from tests.chaos.front import Front
from tests.chaos.gathering import gather, heads, is_open
from tests.chaos.haunt import Haunt
from tests.chaos.points import IN_PROCESS, IN_TALKS, ON_WIRE, TABLE
from tests.chaos.rig import Rig, raised
from tests.chaos.traffic import KINDS, Traffic
from tests.chaos.wire import Break, Request

SETTLES_S = 120.0
ROLES = {
    "web": {TABLE[code] for code in ("C0", "C1", "C2")},
    "worker": {TABLE[f"C{n}"] for n in (3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 17)},
    "console": {TABLE[code] for code in ("C12", "C13", "C14")},
}
SENDS = ("/message/reply", "/message/push")
LOOK_S = 0.02
LATEST_S = 1.0  # whatever might still come twice has had its time
LONGEST_LIFE_S = 60.0  # for a place that the traffic reaches late


@dataclass(frozen=True)
class Weather:
    """How bad it is. kills: at any moment. each: how often every place of the table is hit.

    life_s: between which lengths of a life a kill at any moment is drawn.
    """

    seed: int
    events: int
    users: int
    kills: int
    each: int
    places: Sequence[str] = tuple(IN_TALKS.values())
    kinds: Sequence[str] = KINDS
    at_once: int = 6
    pause_s: float = 0.1
    life_s: tuple[float, float] = (0.0, 1.5)
    without: str | None = None
    lease_s: float | None = None
    hits: tuple[int, int] = (1, 2)  # at which of its times in a life a place is the last
    sends: Sequence[str] = SENDS  # the calls at which the line kills


@dataclass
class Outcome:
    """What came of it. died: at which place how often; anywhere: killed from outside."""

    weather: Weather
    findings: list[Finding] = field(default_factory=list)
    died: Counter[str] = field(default_factory=Counter)
    anywhere: int = 0
    events: int = 0
    unacknowledged: int = 0
    states: Counter[str] = field(default_factory=Counter)

    @property
    def kills(self) -> int:
        return self.anywhere + sum(self.died.values())

    def kinds(self) -> set[str]:
        return {finding.kind for finding in self.findings}

    def told(self) -> str:
        """For people, with what a zero means."""
        lines = [
            f"seed {self.weather.seed}: {self.events} events of {self.weather.users} friends, "
            f"{self.unacknowledged} deliveries that LINE repeated",
            f"deliveries ended as {dict(self.states)}",
        ]
        if self.kills:
            codes = ", ".join(f"{code} {self.died[place]}" for code, place in IN_TALKS.items())
            lines.append(f"{self.kills} kills, {self.anywhere} at any moment; {codes}")
        if self.findings:
            return "\n".join([*lines, *map(str, self.findings[:20])])
        lines.append(f"lost, twice or out of order: {bound(self.events)} events")
        return "\n".join([*lines, *([f"and {bound(self.kills)} kills"] if self.kills else [])])


def storm(
    folder: Path,
    database_url: str,
    weather: Weather,
    only: Mapping[str, Sequence[str]] | None = None,
    disturb: Callable[[Rig], None] | None = None,
) -> Outcome:
    """Let it pass, and judge. disturb: what else happens, again and again, between two lives."""
    outcome = Outcome(weather)
    with at_work(folder, database_url, weather, only) as scene:
        scene.traffic.begin(weather.events, weather.at_once, weather.pause_s)
        Storm(scene.rig, scene.traffic, weather, outcome, disturb).pass_()
        scene.traffic.finish()
        judge(scene, outcome)
    return outcome


@dataclass(frozen=True)
class Scene:
    """Everything at work."""

    rig: Rig
    traffic: Traffic
    feeds: Sequence[Feed]


@contextmanager
def at_work(
    folder: Path,
    database_url: str,
    weather: Weather,
    only: Mapping[str, Sequence[str]] | None = None,
    haunts: Mapping[str, Haunt | None] | None = None,
    front: Front | None = None,
) -> Iterator[Scene]:
    """The product started, friends there, a colleague signed in. haunts: by process; None: it is
    not started yet.
    """
    with raised(folder, database_url, only, front) as rig:
        first = {name: plain(rig, weather) for name in rig.processes} | dict(haunts or {})
        names = [name for name, haunt in first.items() if haunt is not None]
        for name in names:
            rig.launch(name, first[name])
        for name in names:
            assert rig.wait(name), (folder / f"{name}.log").read_text()[-3000:]
        traffic = Traffic(rig, weather.seed, weather.users, weather.kinds)
        traffic.colleague.sign_in()
        with following(rig, traffic) as feeds:
            yield Scene(rig, traffic, feeds)


def judge(scene: Scene, outcome: Outcome) -> Evidence:
    """Wait for what is left to do, gather, and put into the outcome what is found."""
    settle(scene.rig, scene.feeds)
    evidence = gather(scene.rig, [feed.taken for feed in scene.feeds])
    outcome.findings = check(evidence, scene.traffic.meant)
    outcome.events = scene.traffic.events
    outcome.unacknowledged = scene.traffic.unacknowledged
    outcome.states = Counter(one.state for one in evidence.sendings)
    return evidence


class Storm:
    """The lives of the product's processes."""

    def __init__(
        self,
        rig: Rig,
        traffic: Traffic,
        weather: Weather,
        outcome: Outcome,
        disturb: Callable[[Rig], None] | None,
    ) -> None:
        self.rig, self.traffic, self.weather, self.outcome = rig, traffic, weather, outcome
        self.draw = random.Random(weather.seed + 1)
        self._disturb = disturb or (lambda _: None)
        plan: list[str | None] = [p for p in weather.places for _ in range(weather.each)]
        plan += [None] * weather.kills
        self.draw.shuffle(plan)
        self._plan = plan

    def pass_(self) -> None:
        """One life after another, each with its end; then all is well again."""
        for place in self._plan:
            self._disturb(self.rig)
            self._breathe()
            name = self._victim(place)
            if self.rig.processes[name].is_alive:
                self._kill_at_any_moment(name)
            self._live(name, place)
        self._revive()

    def _breathe(self) -> None:
        """A calm life when so much has piled up that the friends wait."""
        if not self.traffic.goes_on.is_set():
            self._revive()
            self.traffic.goes_on.wait(SETTLES_S)

    def _revive(self) -> None:
        for name, one in self.rig.processes.items():
            if not one.is_alive:
                self.rig.kill(name)
                self.rig.start(name, plain(self.rig, self.weather))

    def _live(self, name: str, place: str | None) -> None:
        """A life that is to end at a place; None: at any moment, drawn by the next one's turn."""
        haunt = plain(self.rig, self.weather)
        if place in IN_PROCESS:
            haunt = replace(haunt, point=place, hit=self.draw.randint(*self.weather.hits))
        if place in ON_WIRE:
            self._arm_wire(name, "swallow" if place == TABLE["C8"] else "deafen")
        self.rig.launch(name, haunt)
        if place is None:
            self.rig.wait(name)
            time.sleep(self.draw.uniform(*self.weather.life_s))
            return
        if self._dies(name):
            self.outcome.died[place] += 1
        self.rig.wire.choose = lambda _: None

    def _dies(self, name: str) -> bool:
        """Whether it dies by itself, within the time that the traffic needs to reach any place."""
        one, deadline = self.rig.processes[name], time.monotonic() + LONGEST_LIFE_S
        while one.is_alive and time.monotonic() < deadline and not self.traffic.failed:
            time.sleep(LOOK_S)
        is_dead = not one.is_alive
        if is_dead:
            self.rig.kill(name)
        return is_dead

    def _kill_at_any_moment(self, name: str) -> None:
        self.rig.kill(name)
        self.outcome.anywhere += 1

    def _victim(self, place: str | None) -> str:
        role = next((role for role, places in ROLES.items() if place in places), None)
        able = [
            name
            for name, one in self.rig.processes.items()
            if role is None or not one.only or role in one.only
        ]
        return self.draw.choice(able)

    def _arm_wire(self, name: str, how: Break) -> None:
        """The next call that sends something is the last of this life."""
        left = iter([how])

        def choose(request: Request) -> Break | None:
            is_send = any(path in request.path for path in self.weather.sends)
            return next(left, None) if is_send else None

        self.rig.wire.choose = choose
        self.rig.wire.on_death = lambda: self.rig.strike(name)


def plain(rig: Rig, weather: Weather) -> Haunt:
    """A life in which nothing is armed."""
    return Haunt(
        note=str(rig.notes), without=weather.without, lease_s=weather.lease_s, lost=str(rig.lost)
    )


@contextmanager
def following(rig: Rig, traffic: Traffic) -> Iterator[list[Feed]]:
    """A browser at each console, or two at the proxy."""
    at = [rig.front] * 2 if rig.front else rig.with_role("console")
    feeds = [Feed(console, traffic.colleague.cookie) for console in at]
    try:
        yield feeds
    finally:
        for feed in feeds:
            feed.end()


def settle(rig: Rig, feeds: Sequence[Feed]) -> None:
    """Until nothing is left to do, or for so long that it will not be done."""
    time.sleep(LATEST_S)
    deadline = time.monotonic() + SETTLES_S
    while time.monotonic() < deadline:
        if not is_open(rig):
            known = heads(rig)
            if all(feed.has(known) for feed in feeds):
                return
        time.sleep(0.1)
