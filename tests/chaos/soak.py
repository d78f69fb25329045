"""A soak: five events a second, and fifty sockets of staff that come and go, for hours. What the
process holds, its memory and its descriptors, must not grow.

Of the descriptors those of the sockets that are open at that moment are taken off. Judged is the
median of the last quarter of what comes after the warm-up, against that of its first quarter.
"""

import random
import signal
import statistics
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import socketio
from socketio.exceptions import SocketIOError

from tests.chaos.census import size_of
from tests.chaos.evidence import MODES
from tests.chaos.lives import PATIENCE_S
from tests.chaos.rig import Rig
from tests.chaos.storm import Outcome, Scene, Weather, at_work, judge, plain
from tests.chaos.traffic import Colleague, Traffic

EVENTS_A_SECOND = 5
SOCKETS = 50
SOCKETS_OF_ONE = 25  # a session may have 30
LIVES_S = (2.0, 20.0)
GROWS = 1.05
WARM_S = 3600.0
NAME = "whole"


@dataclass(frozen=True)
class Sample:
    """One look. descriptors: without those of browsers' sockets."""

    at_s: float
    rss_mb: float
    descriptors: int
    threads: int
    sockets: int
    events: int

    def told(self) -> str:
        return (
            f"{self.at_s / 3600:7.3f} h  RSS {self.rss_mb:6.1f} MB  descriptors "
            f"{self.descriptors:4}  threads {self.threads:3}  sockets {self.sockets:3}  "
            f"events {self.events}"
        )


@dataclass
class Soaked:
    """warm_s: what came before is not judged, nor whether one grew that is still warming up."""

    outcome: Outcome
    warm_s: float
    samples: list[Sample] = field(default_factory=list)
    comings: int = 0

    def growth(self) -> dict[str, float]:
        """From the warm-up to the end: 1.0 is none."""
        judged = [one for one in self.samples if one.at_s >= self.warm_s]
        quarter = max(1, len(judged) // 4)
        return {
            name: statistics.median(getattr(one, name) for one in judged[-quarter:])
            / statistics.median(getattr(one, name) for one in judged[:quarter])
            for name in ("rss_mb", "descriptors", "threads")
        }

    def failures(self) -> list[str]:
        grown = [f"{name} grew to {n:.3f}" for name, n in self.growth().items() if n > GROWS]
        is_warm = self.warm_s >= WARM_S
        return [*map(str, self.outcome.findings), *(grown if is_warm else ())]

    def report(self) -> str:
        grown = ", ".join(f"{name} × {n:.3f}" for name, n in self.growth().items())
        ends = "" if self.warm_s >= WARM_S else " (too short to judge by)"
        lines = [
            self.outcome.told(),
            f"{self.comings} sockets came and went",
            f"after the first {self.warm_s / 3600:.2f} h: {grown}{ends}",
        ]
        return "\n".join([*lines, *self.failures()])


def soak(folder: Path, database_url: str, seed: int, hours: float, interval_s: float) -> Soaked:
    """For so long, printing each look; then the judgement of what was said as well."""
    total_s = hours * 3600
    weather = Weather(seed, events=0, users=40, kills=0, each=0)
    soaked = Soaked(Outcome(weather), warm_s=min(WARM_S, total_s / 3))
    with at_work(folder, database_url, weather) as scene:
        began = time.monotonic()
        with busy(scene) as staff:
            while (at_s := time.monotonic() - began) < total_s:
                time.sleep(min(interval_s, total_s - at_s))
                soaked.samples.append(look(scene, time.monotonic() - began))
                print(soaked.samples[-1].told(), flush=True)
        soaked.comings = staff.comings
        judge(scene, soaked.outcome)
    return soaked


def look(scene: Scene, at_s: float) -> Sample:
    """The process as it is now."""
    running = scene.rig.processes[NAME].running
    assert running is not None
    size, sockets = size_of(running.pid), open_sockets(scene.rig)
    others = size.fds - sockets
    return Sample(at_s, size.rss_mb, others, size.threads, sockets, scene.traffic.events)


def open_sockets(rig: Rig) -> int:
    """As the product counts them."""
    with urllib.request.urlopen(f"{rig.processes[NAME].url}/metrics", timeout=PATIENCE_S) as told:
        rows = told.read().decode().splitlines()
    return int(float(next(row for row in rows if row.startswith("madoguchi_sockets ")).split()[1]))


def greenlets(rig: Rig) -> int:
    """Counted inside; the process has to have been started with `census`."""
    file, running = rig.folder / "census", rig.processes[NAME].running
    assert running is not None
    file.unlink(missing_ok=True)
    running.signal(signal.SIGUSR1)
    deadline = time.monotonic() + PATIENCE_S
    while not file.exists():
        assert time.monotonic() < deadline, "nobody counts"
        time.sleep(0.02)
    return int(file.read_text())


def counting(rig: Rig, weather: Weather) -> Any:
    """A life that counts what lives in it."""
    return replace(plain(rig, weather), census=str(rig.folder / "census"))


class Staff:
    """Browsers that come, follow the journal for a while, and go: with a word or without."""

    def __init__(self, traffic: Traffic, lives_s: tuple[float, float] = LIVES_S) -> None:
        self.comings = 0
        self._lives_s = lives_s
        self._is_over = threading.Event()
        consoles = traffic.rig.with_role("console")
        people = [Colleague(consoles) for _ in range(SOCKETS // SOCKETS_OF_ONE)]
        for one in people:
            one.sign_in()
        self._threads = [
            threading.Thread(target=self._come_and_go, args=(people[n % len(people)], n))
            for n in range(SOCKETS)
        ]
        for thread in self._threads:
            thread.start()

    def leave(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _come_and_go(self, one: Colleague, number: int) -> None:
        draw = random.Random(number)
        while not self._is_over.is_set():
            with suppress(SocketIOError, OSError, ValueError, TimeoutError):
                self._stay(one, draw)
            self._is_over.wait(draw.random())

    def _stay(self, one: Colleague, draw: random.Random) -> None:
        client: Any = socketio.Client(reconnection=False, request_timeout=PATIENCE_S)
        client.connect(
            one.consoles[0].url, headers={"Cookie": one.cookie}, transports=["websocket"],
            wait_timeout=PATIENCE_S,
        )  # fmt: skip
        try:
            client.call("resume", {"streams": dict.fromkeys(MODES, 0)}, timeout=PATIENCE_S)
            self.comings += 1
            self._is_over.wait(draw.uniform(*self._lives_s))
            if draw.random() < 0.5:
                client.eio.ws.shutdown()  # as a laptop that leaves the house
        finally:
            client.disconnect()


@contextmanager
def busy(scene: Scene, lives_s: tuple[float, float] = LIVES_S) -> Iterator[Staff]:
    """Events at their pace and sockets that come and go, for as long as the block lasts."""
    staff, is_over = Staff(scene.traffic, lives_s), threading.Event()
    failed: list[BaseException] = []

    def speak(number: int) -> None:
        draw, due = random.Random(number), time.monotonic()
        people = scene.traffic.people[number::EVENTS_A_SECOND]
        try:
            while not is_over.wait(max(0.0, due - time.monotonic())):
                scene.traffic.one_event(draw.choice(people), draw)
                due = max(due + 1.0, time.monotonic())
        except BaseException as error:  # raised below
            failed.append(error)

    threads = [threading.Thread(target=speak, args=(n,)) for n in range(EVENTS_A_SECOND)]
    for thread in threads:
        thread.start()
    try:
        yield staff
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
        staff.leave()
    if failed:
        raise failed[0]
