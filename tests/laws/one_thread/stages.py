"""Where worlds are made, one after another, each from the same furnished database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from storage.migrate import upgrade
from tests.laws.killing import watch
from tests.laws.one_thread import shop
from tests.laws.one_thread.drawn import START, drawn_by_a_seed
from tests.laws.one_thread.ground import Ground
from tests.laws.one_thread.processes import Engines
from tests.laws.one_thread.world import World

FURNISHED, PLAYED = "machine_furnished", "machine_played"  # databases of a PostgreSQL


@dataclass
class Stage:
    """fresh_url: makes the next world's database anew; always at the same address."""

    ground: Ground
    fresh_url: Callable[[], str]

    def world(self, seed: int, *, is_one_process: bool) -> World:
        """A new one, of which nothing has happened yet."""
        self.ground.drawn.begin(seed)
        return World(self.fresh_url(), self.ground, is_one_process=is_one_process)


@contextmanager
def sqlite_stage(folder: Path, template: Path | None = None) -> Iterator[Stage]:
    """On SQLite. template: a migrated file."""
    furnished, path = folder / "furnished.db", folder / "world.db"
    if template is None:
        upgrade(f"sqlite:///{furnished}")
    else:
        furnished.write_bytes(template.read_bytes())

    def fresh() -> str:
        for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            name.unlink(missing_ok=True)
        path.write_bytes(furnished.read_bytes())
        return f"sqlite:///{path}"

    with _ground_in(folder) as ground:
        shop.furnish(f"sqlite:///{furnished}", START)
        yield Stage(ground, fresh)


@contextmanager
def postgres_stage(folder: Path, server: str, template: str) -> Iterator[Stage]:
    """On PostgreSQL. server: its URL without a database; template: a migrated database there."""

    def ask(*statements: str) -> None:
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def again(name: str, of: str) -> str:
        drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
        ask(drop, f"CREATE DATABASE {name} TEMPLATE {of} STRATEGY FILE_COPY")
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    with _ground_in(folder) as ground:
        shop.furnish(again(FURNISHED, template), START)
        yield Stage(ground, lambda: again(PLAYED, FURNISHED))
    ask(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in (PLAYED, FURNISHED)))


@contextmanager
def _ground_in(folder: Path) -> Iterator[Ground]:
    """Nothing is drawn but by the seed, and the drivers stop at the failpoint."""
    engines = Engines()
    with drawn_by_a_seed() as drawn, engines.kept(), pytest.MonkeyPatch.context() as patch:
        ground = Ground(drawn, folder, engines)
        watch(ground.failpoint, patch)
        yield ground
