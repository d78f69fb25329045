"""A8: several workers, and each customer's order is kept; who was stopped and comes back too late
is refused.
"""

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.evidence import Outage
from tests.chaos.gathering import is_open
from tests.chaos.haunt import Haunt
from tests.chaos.postgres import Postgres, own_postgres
from tests.chaos.rig import PATIENCE_S, Rig
from tests.chaos.seasons import IS_LONG, SEED, by_wish
from tests.chaos.storm import Outcome, Scene, Weather, at_work, judge

WORKERS = 8 if IS_LONG else 3
FRIENDS, MESSAGES = (100, 100) if IS_LONG else (6, 10)
LEASE_S, WINDOW_S, TOKEN_LIFE_S = 1.0, 2, 61
KINDS = ("count",)
CREW = {"front": ("web", "console"), **{f"worker {n}": ("worker",) for n in range(WORKERS)}}
PAIR = {"front": ("web", "console"), "first": ("worker",), "second": ("worker",)}


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    with own_postgres() as server:
        yield server


@by_wish
def test_workers_that_are_stopped_and_go_on_keep_everybodys_order(
    postgres: Postgres, tmp_path: Path
) -> None:
    weather = Weather(
        SEED, FRIENDS * MESSAGES, FRIENDS, kills=0, each=0, kinds=KINDS, pause_s=0.0,
        lease_s=LEASE_S,
    )  # fmt: skip
    outcome = Outcome(weather)
    with at_work(tmp_path, postgres.url, weather, CREW) as scene:
        is_over = threading.Event()
        stopping = threading.Thread(target=stop_in_turn, args=(scene.rig, is_over))
        stopping.start()
        scene.traffic.begin(weather.events, weather.at_once)
        scene.traffic.finish()
        is_over.set()
        stopping.join()
        judge(scene, outcome)

    print(outcome.told())
    assert outcome.findings == [], outcome.told()


def stop_in_turn(rig: Rig, is_over: threading.Event) -> None:
    """SIGSTOP one worker for longer than its lease; then another."""
    draw = random.Random(SEED)
    while not is_over.is_set():
        running = rig.processes[f"worker {draw.randrange(WORKERS)}"].running
        assert running is not None
        running.signal(signal.SIGSTOP)
        is_over.wait(LEASE_S * 2)
        running.signal(signal.SIGCONT)
        is_over.wait(0.3)


@pytest.mark.parametrize("without", [None, "fencing"])
def test_who_comes_back_after_its_call_was_taken_over_is_refused(
    without: str | None, postgres: Postgres, tmp_path: Path
) -> None:
    """The first worker stops between its intent and its call; the second takes the call over when
    the free reply is no longer good, so nothing is sent and the talk says so. When the first wakes,
    LINE refuses its token. Without fencing it would write that down as sent.
    """
    weather = Weather(SEED, 1, 1, 0, 0, kinds=("ask",), lease_s=LEASE_S, without=without)
    outcome = Outcome(weather)
    usual = Haunt(lease_s=LEASE_S, window_s=WINDOW_S, without=without)
    stops = replace(usual, point="intent committed", act="stop", note=str(tmp_path / "notes"))
    haunts = {"front": usual, "first": stops, "second": usual}
    with at_work(tmp_path, postgres.url, weather, PAIR, haunts) as scene:
        scene.rig.kill("second")
        take_over_too_late(scene, usual)
        evidence = judge(scene, outcome)

    print(outcome.told())
    states = [one.state for one in evidence.sendings]
    if without is None:
        assert (states, outcome.findings) == (["maybe_sent"], [])
    else:
        assert outcome.kinds() == {"untrue"}, outcome.told()


def take_over_too_late(scene: Scene, usual: Haunt) -> None:
    rig, traffic = scene.rig, scene.traffic
    traffic.one_event(traffic.people[0], traffic.draw)
    until(lambda: bool(rig.noted()))
    since = time.time()
    rig.sim("clock", {"advance_s": TOKEN_LIFE_S})
    time.sleep(WINDOW_S)
    rig.start("second", usual)
    until(lambda: not is_open(rig))
    rig.outages.append(Outage("first", since, time.time()))
    running = rig.processes["first"].running
    assert running is not None
    running.signal(signal.SIGCONT)
    until(lambda: any(call["path"].endswith("/reply") for call in rig.sim("log")))
    until(lambda: "InvalidReplyToken" in (rig.folder / "first.log").read_text())
    time.sleep(0.5)  # for it to be written down, if it is


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)
