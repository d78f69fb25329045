"""Stages for worlds on one thread, once on SQLite and once on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import TEMPLATE
from tests.laws.one_thread.stages import Stage, postgres_stage, sqlite_stage


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stage(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated_sqlite: Path,
) -> Iterator[Stage]:
    """Where worlds of the whole product are made."""
    folder = tmp_path_factory.mktemp("worlds")
    if request.param == "sqlite":
        with sqlite_stage(folder, migrated_sqlite) as made:
            yield made
        return
    with postgres_stage(folder, request.getfixturevalue("postgres_server"), TEMPLATE) as made:
        yield made
