"""SQLite's connections: the one that writes, and those that only read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url

Writer = Callable[[Any], str]  # of JSON
BOTH = (
    *("foreign_keys=ON", "busy_timeout=15000", "synchronous=FULL"),
    # In memory, or each savepoint that changes more than 64 KiB makes a file of its own.
    *("temp_store=MEMORY", "cache_size=-32000"),
    # What was erased is overwritten: some builds of SQLite would leave it in the file.
    "secure_delete=ON",
)


def open_sqlite(url: str, *, json: Writer, is_writer: bool) -> Engine:
    """For units, which have the file to themselves from their begin; else for looks alone."""
    _make_folder(url)
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False, "timeout": 15}}
    options["json_serializer"] = json
    options["hide_parameters"] = True  # an error's text would repeat what customers said
    if is_writer:
        options["poolclass"] = NullPool
    engine = create_engine(url, **options)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (*BOTH, "journal_mode=WAL" if is_writer else "query_only=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    return engine


def _make_folder(url: str) -> None:
    if database := make_url(url).database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
