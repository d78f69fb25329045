"""A6: at every named place the code or the disk fails twice, and the product comes back by itself;
so it does from a disk that takes nothing, and from a clock that jumps. No 200 without a commit.
"""

import resource
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.evidence import Outage
from tests.chaos.points import IN_PROCESS
from tests.chaos.seasons import IS_LONG, SEED, by_wish
from tests.chaos.storm import Outcome, Weather, at_work, judge, plain
from tests.chaos.traffic import KINDS

pytestmark = by_wish

ACTS = ("error", "busy", "full", "readonly")
EVENTS = 400 if IS_LONG else 40
HOUR_S = 3600
FULL_S = 2.0


@pytest.mark.parametrize("act", ACTS if IS_LONG else ("error", "busy"))
def test_whatever_fails_once_at_every_place_is_made_good(act: str, tmp_path: Path) -> None:
    weather = Weather(SEED, events=EVENTS, users=12, kills=0, each=0)
    outcome, url = Outcome(weather), f"sqlite:///{tmp_path}/madoguchi.db"
    with at_work(tmp_path, url, weather) as scene:
        rig, traffic = scene.rig, scene.traffic
        rig.kill("whole")
        haunt = plain(rig, weather)
        rig.start("whole", replace(haunt, point="*", act=act, hit=2, times=2))
        traffic.begin(weather.events, weather.at_once, weather.pause_s)
        until_everywhere(rig.noted, 2)
        traffic.finish()
        judge(scene, outcome)
        failed = {line.rpartition(" ")[0] for line in rig.noted()}

    assert outcome.findings == [], outcome.told()
    assert failed == IN_PROCESS


def until_everywhere(noted: object, times: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        lines = [line.rpartition(" ")[0] for line in noted()]  # type: ignore[operator]
        if all(lines.count(point) >= times for point in IN_PROCESS):
            return
        time.sleep(0.1)


def test_a_disk_that_takes_nothing_for_a_while_loses_nothing(tmp_path: Path) -> None:
    weather = Weather(SEED, events=EVENTS, users=12, kills=0, each=0)
    outcome = Outcome(weather)
    with at_work(tmp_path, f"sqlite:///{tmp_path}/madoguchi.db", weather) as scene:
        rig, traffic = scene.rig, scene.traffic
        running = rig.processes["whole"].running
        assert running is not None
        traffic.begin(weather.events, weather.at_once, weather.pause_s)
        time.sleep(0.5)
        _, most = resource.prlimit(running.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (4096, most))
        time.sleep(FULL_S)
        resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (most, most))
        traffic.finish()
        judge(scene, outcome)

    print(outcome.told())
    assert outcome.unacknowledged > 0  # LINE was not told 200
    assert outcome.findings == [], outcome.told()


@pytest.mark.parametrize("seconds", [HOUR_S, -HOUR_S])
def test_a_clock_that_jumps_by_an_hour_loses_nothing(seconds: int, tmp_path: Path) -> None:
    kinds = KINDS[:2]  # what is planned for a moment waits for it, by any clock
    weather = Weather(SEED, events=EVENTS, users=8, kills=0, each=0, kinds=kinds)
    outcome, clock = Outcome(weather), tmp_path / "clock"
    with at_work(tmp_path, f"sqlite:///{tmp_path}/madoguchi.db", weather) as scene:
        rig, traffic = scene.rig, scene.traffic
        rig.kill("whole")
        rig.start("whole", replace(plain(rig, weather), clock=str(clock)))
        traffic.begin(weather.events, weather.at_once, weather.pause_s)
        time.sleep(1.0)
        clock.write_text(str(seconds))
        if seconds > 0:  # who was under way was away for that hour, by the product's clock
            rig.outages.append(Outage("whole", time.time(), time.time() + seconds))
        traffic.finish()
        judge(scene, outcome)

    print(outcome.told())
    assert outcome.findings == [], outcome.told()
