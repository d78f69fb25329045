"""A11: PostgreSQL itself is killed, and so are two web, two worker and two console processes."""

import random
from dataclasses import replace
from pathlib import Path

from tests.chaos.postgres import own_postgres
from tests.chaos.rig import Rig
from tests.chaos.seasons import IS_LONG, SEED, by_wish
from tests.chaos.storm import Weather, storm

pytestmark = by_wish

SIX = {f"{role} {number}": (role,) for role in ("web", "worker", "console") for number in (1, 2)}
OFTEN = 50 if IS_LONG else 2  # how often PostgreSQL is killed
KILLS = 200 if IS_LONG else 6


def test_postgresql_and_all_six_processes_may_be_killed(tmp_path: Path) -> None:
    draw, killed = random.Random(SEED), 0
    weather = Weather(SEED, events=2000 if IS_LONG else 60, users=12, kills=KILLS, each=0)
    weather = replace(weather, life_s=(0.2, 1.0))
    with own_postgres() as server:

        def disturb(_: Rig) -> None:
            nonlocal killed
            if killed < OFTEN and draw.random() < 0.5:
                killed += 1
                server.kill()
                server.start()

        outcome = storm(tmp_path, server.url, weather, SIX, disturb)

    print(outcome.told(), f"\nPostgreSQL was killed {killed} times")
    assert killed
    assert outcome.findings == [], outcome.told()
