"""A1: a storm of kill -9 over traffic loses nothing, sends nothing twice, and keeps the order.

The long form: 10,000 events of 500 friends, 500 kills at any moment, every place twenty times.
"""

from dataclasses import replace
from pathlib import Path

from tests.chaos.__main__ import LONG
from tests.chaos.points import IN_TALKS
from tests.chaos.postgres import own_postgres
from tests.chaos.seasons import IS_LONG, SEED, by_wish
from tests.chaos.storm import Outcome, Weather, storm

SHORT = Weather(SEED, events=60, users=12, kills=2, each=1)
SHORTER = Weather(SEED, events=60, users=12, kills=8, each=0)


def test_on_sqlite_every_place_of_the_table_is_died_at_and_nothing_is_wrong(tmp_path: Path) -> None:
    weather = replace(LONG, seed=SEED) if IS_LONG else SHORT
    outcome = storm(tmp_path, f"sqlite:///{tmp_path}/madoguchi.db", weather)

    approve(outcome)


@by_wish
def test_on_postgresql_nothing_is_wrong(tmp_path: Path) -> None:
    weather = replace(LONG, seed=SEED) if IS_LONG else SHORTER
    with own_postgres() as server:
        outcome = storm(tmp_path, server.url, weather)

    approve(outcome)


def approve(outcome: Outcome) -> None:
    """Nothing was found, and it was a storm: each armed place was reached, and was the last."""
    print(outcome.told())
    weather = outcome.weather
    assert outcome.findings == [], outcome.told()
    assert outcome.events >= weather.events, outcome.told()
    assert outcome.kills >= weather.kills
    reached = {code: outcome.died[place] for code, place in IN_TALKS.items()}
    assert all(count >= weather.each for count in reached.values()), reached
