"""A5: whatever breaks between the product and LINE, nothing is lost and nothing comes twice.

The line breaks before LINE has seen a call, after LINE has done it, in the middle of the answer,
and by silence; LINE's name is not found for a while; LINE answers 500 before and after the deed,
and 429 for the rate and for the month.
"""

import random
import threading
import time
from pathlib import Path

from tests.chaos.seasons import IS_LONG, SEED, by_wish
from tests.chaos.storm import SENDS, Outcome, Weather, at_work, judge
from tests.chaos.wire import Break, Request

pytestmark = by_wish

BREAKS: tuple[Break, ...] = ("reset before", "reset after", "half", "stall")
OF_LINE = ("error", "error_after", "rate", "monthly")
LOST_S = 2.0


class BadLine:
    """Breaks every third call that sends something at its first try, never the same call again; the
    first breaks are one of each kind."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._left = list(BREAKS)
        self._met: set[bytes] = set()
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Break | None:
        if not any(path in request.path for path in SENDS):
            return None
        body = request.raw.partition(b"\r\n\r\n")[2]
        with self._lock:
            is_again = body in self._met
            self._met.add(body)
            if is_again or self._draw.random() > 1 / 3:
                return None
            often: Break = self._draw.choice(BREAKS[:3])
            return self._left.pop() if self._left else often


def test_a_line_that_breaks_in_every_way_costs_nothing(tmp_path: Path) -> None:
    weather = Weather(SEED, events=1000 if IS_LONG else 60, users=12, kills=0, each=0)
    outcome = Outcome(weather)
    with at_work(tmp_path, f"sqlite:///{tmp_path}/madoguchi.db", weather) as scene:
        rig, traffic = scene.rig, scene.traffic
        for kind in OF_LINE:
            rig.sim("faults", {"kind": kind, "path": "/message/", "times": 2})
        rig.wire.choose = BadLine(SEED)
        traffic.begin(weather.events, weather.at_once, weather.pause_s)
        rig.lost.touch()
        time.sleep(LOST_S)
        rig.lost.unlink()
        traffic.finish()
        judge(scene, outcome)

    print(outcome.told(), sorted(rig.wire.broken))
    assert outcome.findings == [], outcome.told()
    assert set(rig.wire.broken) == set(BREAKS)
