"""Law 5: a snapshot and the entries since it are a fresh snapshot, whatever was done between."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.unit import Store, open_store
from tests.laws.house import VERBS, House


@pytest.fixture
def sqlite_store(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Store]:
    """A store on SQLite alone."""
    path = tmp_path / "madoguchi.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    opened = open_store(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.mark.parametrize("verb", VERBS)
def test_a_snapshot_and_the_entries_since_are_a_fresh_snapshot(
    sqlite_store: Store, now: datetime, verb: str
) -> None:
    """Each verb on a talk of each status, in both accounts."""
    house = House(sqlite_store, now)

    for lead in ([], ["take"], ["hear", "hand off", "say"], ["send"], ["resolve"]):
        for step in lead:
            house.lead(VERBS[step])
        house.do(VERBS[verb])
    house.do(VERBS[verb], talk=1)


def test_the_same_of_every_verb_in_turn_on_both_databases(store: Store, now: datetime) -> None:
    house = House(store, now)

    for verb in VERBS.values():
        house.do(verb)
        house.lead(VERBS["take"])
        house.do(verb)


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.integers(0, 1)), max_size=10))
def test_the_same_of_any_walk_through_the_verbs(
    tmp_path_factory: pytest.TempPathFactory,
    migrated_sqlite: Path,
    now: datetime,
    steps: list[tuple[str, int]],
) -> None:
    path = tmp_path_factory.mktemp("law") / "madoguchi.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    store = open_store(f"sqlite:///{path}")
    house = House(store, now)

    for verb, talk in steps:
        house.do(VERBS[verb], talk)

    store.close()
