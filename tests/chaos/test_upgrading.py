"""A13: upgrade, rollback and upgrade under traffic, with the code from before the newest migration.

That code is taken out of git's history; where there is none, this is skipped. The long form: ten
times on each database.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.__main__ import CALM, ROUNDS
from tests.chaos.older import NoHistory, take_out
from tests.chaos.postgres import own_postgres
from tests.chaos.seasons import IS_LONG, SEED, by_wish
from tests.chaos.upgrading import Moved, move
from tests.conftest import missing

WEATHER = replace(CALM, seed=SEED)
TIMES = ROUNDS if IS_LONG else 1


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "older"
    folder.mkdir()
    try:
        yield take_out(folder)
    except NoHistory as error:
        missing("history", str(error))


def test_on_sqlite_one_version_follows_the_other_and_nothing_is_wrong(
    older: Path, tmp_path: Path
) -> None:
    moved = move(tmp_path, f"sqlite:///{tmp_path}/madoguchi.db", WEATHER, TIMES, older)

    approve(moved)


@by_wish
def test_on_postgresql_both_versions_work_side_by_side_on_the_newer_tables(
    older: Path, tmp_path: Path
) -> None:
    with own_postgres() as server:
        moved = move(tmp_path, server.url, WEATHER, TIMES, older)

    approve(moved)


def approve(moved: Moved) -> None:
    print(moved.told())
    assert moved.outcome.findings == [], moved.told()
    assert (moved.back, moved.forth) == (TIMES, TIMES)
    assert moved.events_of_older > 0
