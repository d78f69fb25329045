"""A14: who has gone leaves nothing behind: no descriptor, no greenlet, no socket.

The soak of hours, which judges the memory as well, is `python -m tests.chaos soak --hours 24`.
"""

import time
from pathlib import Path

from tests.chaos.rig import Rig
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
        before, living = look(scene, 0.0), greenlets(rig)

        be_busy(scene, 2 * SOCKETS)

        until_as_before(scene, before.descriptors + KEPT, living + KEPT)
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


def until_as_before(scene: Scene, descriptors: int, living: int) -> None:
    rig: Rig = scene.rig
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found = (look(scene, 0.0).descriptors, greenlets(rig))
        if found[0] <= descriptors and found[1] <= living:
            return
        assert time.monotonic() < deadline, f"{found} are left of {(descriptors, living)}"
        time.sleep(0.2)
