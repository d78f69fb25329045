"""Rolling restarts under traffic: no webhook without its 2xx, no request cut off, nothing in doubt.

The long form: 100 restarts on each database.
"""

from dataclasses import replace
from pathlib import Path

from tests.chaos.__main__ import CALM, RESTARTS
from tests.chaos.postgres import own_postgres
from tests.chaos.rolling import TWO_OF_EACH, Rolled, roll
from tests.chaos.seasons import IS_LONG, SEED

FEW = 2


def test_on_sqlite_a_proxy_that_waits_sees_every_request_answered(tmp_path: Path) -> None:
    restarts = RESTARTS if IS_LONG else FEW
    weather = replace(CALM, seed=SEED)

    rolled = roll(tmp_path, f"sqlite:///{tmp_path}/madoguchi.db", weather, restarts)

    approve(rolled, restarts)


def test_on_postgresql_with_two_of_each_nobody_waits_either(tmp_path: Path) -> None:
    restarts = RESTARTS if IS_LONG else len(TWO_OF_EACH)
    with own_postgres() as server:
        rolled = roll(tmp_path, server.url, replace(CALM, seed=SEED), restarts)

    approve(rolled, restarts)


def approve(rolled: Rolled, restarts: int) -> None:
    print(rolled.report())
    assert rolled.failures() == []
    assert len(rolled.ends_s) == restarts
    assert rolled.told["web"]["200"] >= rolled.outcome.events / 2
    assert rolled.told["console"].total() > 0
