"""Rolling restarts under traffic: each process in turn gets its SIGTERM, ends by itself and is
started anew, and nobody who asks the proxy before them notices.

On PostgreSQL there are two of each role, the two of `web` on one port that they share, and the
proxy looks once at each. On SQLite there is one process, which is away while it starts: the proxy
waits for it, and LINE, which waits two seconds, may deliver an event once more.
"""

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.checker import bound
from tests.chaos.front import Front
from tests.chaos.rig import SHARED, Rig
from tests.chaos.storm import Outcome, Weather, at_work, judge, plain
from tests.chaos.traffic import Traffic

TWO_OF_EACH = {
    **{f"web {number}": ("web", SHARED) for number in (1, 2)},
    **{f"{role} {number}": (role,) for role in ("worker", "console") for number in (1, 2)},
}
WAITS_S = 30.0
BETWEEN_S = 0.5  # traffic through all of them


@dataclass
class Rolled:
    """told: how requests to the proxy ended, by role. ends_s: how long each took to end."""

    outcome: Outcome
    told: dict[str, Counter[str]] = field(default_factory=dict)
    ends_s: list[float] = field(default_factory=list)
    away_s: list[float] = field(default_factory=list)
    longest_s: float = 0.0

    def failures(self) -> list[str]:
        """What a restart must not cost. A 4xx is an answer to its question."""
        found = [str(finding) for finding in self.outcome.findings]
        for role, statuses in self.told.items():
            bad = {
                s: n for s, n in statuses.items() if s[0] not in ("2" if role == "web" else "24")
            }
            found += [f"{n} requests to {role} ended as {status}" for status, n in bad.items()]
        doubtful = self.outcome.states["maybe_sent"]
        return [*found, *([f"{doubtful} maybe_sent"] if doubtful else [])]

    def report(self) -> str:
        requests = {role: dict(statuses) for role, statuses in self.told.items()}
        restarts, webhooks = len(self.ends_s), sum(self.told["web"].values())
        lines = [
            self.outcome.told(),
            f"{restarts} restarts: at most {max(self.ends_s):.1f} s to end and "
            f"{max(self.away_s):.1f} s until ready; the longest request {self.longest_s:.1f} s",
            f"requests at the proxy by status: {requests}",
        ]
        good = [f"webhooks without a 2xx: {bound(webhooks)}", f"restarts: {bound(restarts)}"]
        return "\n".join([*lines, *(self.failures() or good)])


def roll(folder: Path, database_url: str, weather: Weather, restarts: int) -> Rolled:
    """So many restarts, one after another, and the judgement."""
    is_sqlite = database_url.startswith("sqlite")
    front = Front(WAITS_S if is_sqlite else 0.0)
    rolled = Rolled(Outcome(weather), front.told)
    crew = None if is_sqlite else TWO_OF_EACH
    with at_work(folder, database_url, weather, crew, None, front) as scene:
        scene.traffic.begin(weather.events, weather.at_once, weather.pause_s)
        names = list(scene.rig.processes)
        for number in range(restarts):
            _until_more_is_done(scene.traffic)
            _restart(scene.rig, names[number % len(names)], rolled)
        _until_more_is_done(scene.traffic)
        scene.traffic.finish()
        judge(scene, rolled.outcome)
    rolled.longest_s = front.longest_s
    return rolled


def _restart(rig: Rig, name: str, rolled: Rolled) -> None:
    began = time.monotonic()
    rolled.ends_s.append(rig.drain(name))
    rig.start(name, plain(rig, rolled.outcome.weather))
    rolled.away_s.append(time.monotonic() - began)


def _until_more_is_done(traffic: Traffic) -> None:
    known = traffic.events
    time.sleep(BETWEEN_S)
    while traffic.events == known and not traffic.failed:
        time.sleep(0.05)
