"""A11: PostgreSQL itself is killed, and so are two web, two worker and two console processes."""

import os
import random
from dataclasses import replace
from pathlib import Path

from tests.chaos.postgres import own_postgres
from tests.chaos.rig import Rig
from tests.chaos.storm import Weather, storm

IS_LONG = os.environ.get("MADOGUCHI_STORM") == "long"
SEED = int(os.environ.get("MADOGUCHI_CHAOS_SEED", random.SystemRandom().randrange(10**6)))
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
