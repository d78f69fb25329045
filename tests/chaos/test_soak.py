"""A14: who has gone leaves nothing behind: no descriptor, no greenlet, no socket.

The soak of hours, which judges the memory as well, is `python -m tests.chaos soak --hours 24`.
"""

import time
from pathlib import Path

import psutil

from tests.chaos.seasons import SEED
from tests.chaos.soak import (
    EVENTS_A_SECOND,
    NAME,
    SOCKETS,
    Staff,
    busy,
    counting,
    greenlets,
    look,
    open_sockets,
)
from tests.chaos.storm import Outcome, Scene, Weather, at_work, judge

PATIENCE_S = 90.0
LIVES_S = (0.2, 2.0)
ENDS_S = 20.0
# LINE keeps the connections of its webhooks open, as many as there were at the same time.
KEPT = EVENTS_A_SECOND


def test_sockets_that_came_and_went_leave_nothing_behind(tmp_path: Path) -> None:
    weather, url = Weather(SEED, 0, 40, 0, 0), f"sqlite:///{tmp_path}/madoguchi.db"
    outcome = Outcome(weather)
    with at_work(tmp_path, url, weather) as scene:
        rig = scene.rig
        rig.drain(NAME)
        rig.start(NAME, counting(rig, weather))
        be_busy(scene, SOCKETS)
        living, held = fewest_greenlets(scene), descriptors(scene)

        be_busy(scene, 2 * SOCKETS)

        until_as_before(scene, held + KEPT, living + KEPT)
        judge(scene, outcome)

    print(outcome.told())
    assert outcome.findings == [], outcome.told()


def be_busy(scene: Scene, comings: int) -> None:
    """Until so many sockets have come, and all have gone but those that follow the journal."""
    with busy(scene, LIVES_S) as staff:
        until_come(staff, comings)
    deadline = time.monotonic() + PATIENCE_S
    while open_sockets(scene.rig) > len(scene.feeds):
        assert time.monotonic() < deadline, f"{open_sockets(scene.rig)} sockets are left"
        time.sleep(0.1)


def until_come(staff: Staff, comings: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while staff.comings < comings:
        assert time.monotonic() < deadline, f"{staff.comings} came"
        time.sleep(0.1)


def fewest_greenlets(scene: Scene) -> int:
    """Those of the ones that have just gone take a while to end."""
    until, found = time.monotonic() + ENDS_S, [greenlets(scene.rig)]
    while time.monotonic() < until:
        time.sleep(0.5)
        found.append(greenlets(scene.rig))
    return min(found)


def descriptors(scene: Scene) -> int:
    """Without the lines to LINE, of which as many stay open as there were sends at one time."""
    running = scene.rig.processes[NAME].running
    assert running is not None
    lines = psutil.Process(running.pid).net_connections()
    to_line = sum(bool(one.raddr) and one.raddr.port == scene.rig.wire.port for one in lines)
    return look(scene, 0.0).descriptors - to_line


def until_as_before(scene: Scene, held: int, living: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found = (descriptors(scene), greenlets(scene.rig))
        if found[0] <= held and found[1] <= living:
            return
        assert time.monotonic() < deadline, f"{found} are left of {(held, living)}"
        time.sleep(0.2)
