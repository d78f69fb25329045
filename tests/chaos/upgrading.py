"""Upgrade, roll back, upgrade again under traffic, with the code that was there before the newest
migration.

To roll back is: stop the newer version, `madoguchi migrate --to` with it, start the older one. On
SQLite one version follows the other, and each life ends by SIGTERM or by kill -9, one of them while
it migrates. On PostgreSQL the newer processes are started one by one while the older ones are at
work on the tables that have become the newer ones'; those end as each is replaced.
"""

import random
import time
from dataclasses import dataclass, field
from pathlib import Path

from storage.migrate import versions
from tests.chaos.front import Front
from tests.chaos.lives import Mother
from tests.chaos.rig import SHARED, Rig
from tests.chaos.storm import Outcome, Scene, Weather, at_work, judge, plain
from tests.chaos.traffic import Traffic

ROLES = ("web", "worker", "console")
NEW = {f"newer {role}": (role, SHARED) if role == "web" else (role,) for role in ROLES}
OLD = {name.replace("newer", "older"): roles for name, roles in NEW.items()}
LIFE_S = (0.5, 2.0)
MIGRATES_S = 0.6  # a life that is killed so early dies before, in or after its migration


@dataclass
class Moved:
    """How often each way was gone. stumbles: deaths at the start."""

    outcome: Outcome
    back: int = 0
    forth: int = 0
    stumbles: int = 0
    events_of_older: int = 0
    draw: random.Random = field(default_factory=random.Random)

    def told(self) -> str:
        return (
            f"{self.outcome.told()}\n{self.back} times back to {versions()[-2]} and "
            f"{self.forth} times to {versions()[-1]} again, {self.stumbles} deaths at the start; "
            f"{self.events_of_older} events while the older version was at work"
        )


def move(folder: Path, database_url: str, weather: Weather, rounds: int, older: Path) -> Moved:
    """So many times back and forth, and the judgement. older: where its code lies."""
    moved = Moved(Outcome(weather), draw=random.Random(weather.seed))
    mother = Mother(folder / "older.log", older)
    try:
        if database_url.startswith("sqlite"):
            _alternate(folder, database_url, moved, rounds, mother)
        else:
            _replace(folder, database_url, moved, rounds, mother)
    finally:
        mother.end()
    return moved


def _alternate(folder: Path, url: str, moved: Moved, rounds: int, older: Mother) -> None:
    weather = moved.outcome.weather
    with at_work(folder, url, weather) as scene:
        rig, whole = scene.rig, scene.rig.processes["whole"]
        scene.traffic.begin(weather.events, weather.at_once, weather.pause_s)
        for _ in range(rounds):
            _live(scene.traffic, moved)
            _end(rig, "whole", moved)
            _go_back(rig, moved)
            whole.mother = older
            rig.start("whole", plain(rig, weather))
            known = scene.traffic.events
            _live(scene.traffic, moved)
            moved.events_of_older += scene.traffic.events - known
            _end(rig, "whole", moved)
            whole.mother = None
            _stumble(rig, moved)
            rig.start("whole", plain(rig, weather))
            moved.forth += 1
        _finish(scene, moved)


def _stumble(rig: Rig, moved: Moved) -> None:
    rig.launch("whole", plain(rig, moved.outcome.weather))
    time.sleep(moved.draw.uniform(0.0, MIGRATES_S))
    rig.kill("whole")
    moved.stumbles += 1


def _replace(folder: Path, url: str, moved: Moved, rounds: int, older: Mother) -> None:
    weather = moved.outcome.weather
    not_yet = dict.fromkeys(OLD)
    with at_work(folder, url, weather, NEW | OLD, not_yet, Front()) as scene:
        rig = scene.rig
        for name in OLD:
            rig.processes[name].mother = older
        scene.traffic.begin(weather.events, weather.at_once, weather.pause_s)
        for _ in range(rounds):
            _live(scene.traffic, moved)
            for name in NEW:
                _end(rig, name, moved)
            _go_back(rig, moved)
            for name in OLD:
                rig.launch(name, plain(rig, weather))
            for name in OLD:
                assert rig.wait(name), name
            known = scene.traffic.events
            _live(scene.traffic, moved)
            for new, old in zip(NEW, OLD, strict=True):
                rig.start(new, plain(rig, weather))
                _live(scene.traffic, moved)
                rig.drain(old)
            moved.events_of_older += scene.traffic.events - known
            moved.forth += 1
        _finish(scene, moved)


def _live(traffic: Traffic, moved: Moved) -> None:
    """For a while, and until something was done."""
    known = traffic.events
    time.sleep(moved.draw.uniform(*LIFE_S))
    while traffic.events == known and not traffic.failed:
        time.sleep(0.05)


def _end(rig: Rig, name: str, moved: Moved) -> None:
    if moved.draw.random() < 0.5:  # else by kill -9
        rig.drain(name)
    rig.kill(name)


def _go_back(rig: Rig, moved: Moved) -> None:
    rig.run("migrate", "--to", versions()[-2])
    moved.back += 1


def _finish(scene: Scene, moved: Moved) -> None:
    scene.traffic.finish()
    judge(scene, moved.outcome)
