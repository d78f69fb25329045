"""Copies of a database while it is written, what is found wrong in one, and how one is put back."""

import sqlite3
import threading
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from storage import intents, migrate, outbox, outcomes
from storage.migrate import MigrationFailed, downgrade, head, sqlite_file, upgrade
from storage.models.work import Delivery
from storage.restored import distrust_deliveries
from storage.snapshots import copy_sqlite, find_faults, holding_of, put_back
from storage.unit import Store, open_store
from tests import given


@pytest.fixture
def file(tmp_path: Path, migrated_sqlite: Path) -> Path:
    path = tmp_path / "own" / "madoguchi.db"
    path.parent.mkdir()
    path.write_bytes(migrated_sqlite.read_bytes())
    return path


def fill(file: Path, now: datetime) -> None:
    store = open_store(f"sqlite:///{file}")
    store.write(lambda db: given.a_message(db, given.an_account(db, now), "見本の声", now))
    store.close()


def count(file: Path, name: str = "message") -> int:
    with closing(sqlite3.connect(file)) as db:
        found: int = db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 # ours
        return found


def test_a_copy_is_whole_while_the_database_is_written(file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.executescript("CREATE TABLE a (n INTEGER); CREATE TABLE b (n INTEGER);")
    is_over = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(file, timeout=30)) as db:
            number = 0
            while not is_over.is_set():
                with db:
                    db.execute("INSERT INTO a VALUES (?)", (number,))
                    db.execute("INSERT INTO b VALUES (?)", (number,))
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    for number in range(20):
        copy_sqlite(file, tmp_path / f"copy{number}")
    is_over.set()
    writer.join()

    counts = [(count(c, "a"), count(c, "b")) for c in sorted(tmp_path.glob("copy*"))]
    assert all(a == b for a, b in counts)
    assert len(set(counts)) > 1
    assert len(counts) == len(list(tmp_path.glob("copy*"))) == 20  # no draft is left
    assert (tmp_path / "copy0").stat().st_mode & 0o777 == 0o600


def test_a_copy_that_cannot_be_made_leaves_what_was_there(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    copy_sqlite(file, target)
    file.write_bytes(b"no database at all" * 1000)

    with pytest.raises(sqlite3.DatabaseError):
        copy_sqlite(file, target)

    assert find_faults(target) == []
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["copy"]
    assert find_faults(file) == ["file is not a database"]


def test_broken_pages_and_rows_that_point_to_nothing_are_found(file: Path, now: datetime) -> None:
    fill(file, now)
    assert find_faults(file) == []
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE message SET conversation_id = 'nowhere'")
    assert "no such conversation" in find_faults(file)[0]

    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode=DELETE")
    pages = bytearray(file.read_bytes())
    pages[4096 * 3 : 4096 * 12] = b"\xff" * 4096 * 9
    file.write_bytes(pages)
    assert len(find_faults(file)) > 0


def test_a_copy_is_put_back_under_an_open_store(file: Path, tmp_path: Path, now: datetime) -> None:
    copy_sqlite(file, tmp_path / "empty")
    fill(file, now)
    store = open_store(f"sqlite:///{file}")
    assert store.read(lambda db: holding_of(db.connection()).rows["message"]) == 1

    put_back(tmp_path / "empty", file)

    assert store.read(lambda db: holding_of(db.connection()).rows["message"]) == 0
    store.write(lambda db: given.an_account(db, now))
    store.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    database_url: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(database_url)
    store.write(lambda db: given.a_message(db, given.an_account(db, now), "見本の声", now))
    store.close()
    downgrade(database_url, "0016")

    def break_off(config: object, revision: str) -> None:  # worse than a step can be
        engine = create_engine(database_url)
        with engine.begin() as connection:
            if database_url.startswith("sqlite"):
                connection.execute(text("DELETE FROM message"))
        engine.dispose()
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(migrate.command, "upgrade", break_off)
        with pytest.raises(MigrationFailed, match=r"stays at version 0016.*the disk is full"):
            upgrade(database_url)

    engine = create_engine(database_url)
    with engine.connect() as connection:
        held = holding_of(connection)
    engine.dispose()
    assert (held.revision, held.rows["message"]) == ("0016", 1)
    upgrade(database_url)
    again = open_store(database_url)
    assert again.read(lambda db: holding_of(db.connection()).rows["message"]) == 1
    again.close()
    if file := sqlite_file(database_url):
        assert count(file.with_name(f"{file.name}.before-0016")) == 1


def test_a_migration_that_fails_without_a_word_is_told_too(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{file}"
    downgrade(url, "0016")

    def break_off(config: object, revision: str) -> None:
        raise MemoryError

    monkeypatch.setattr(migrate.command, "upgrade", break_off)
    with pytest.raises(MigrationFailed, match=r"stays at version 0016.*MemoryError"):
        upgrade(url)


def test_of_the_copies_before_migrations_the_newest_two_stay(file: Path) -> None:
    """What a restore has kept is none of them."""
    url = f"sqlite:///{file}"
    restored = file.with_name("madoguchi.db.before-restore-20261127T000000")
    restored.touch()
    for revision in ("0017", "0016", "0015"):
        downgrade(url, revision)
        upgrade(url)

    kept = {path.name for path in file.parent.glob("*.before-*")}
    assert kept == {f"madoguchi.db.before-{head()}", "madoguchi.db.before-0015", restored.name}


def test_after_a_restore_nothing_of_unknown_outcome_is_sent_again_by_guess(
    store: Store, now: datetime
) -> None:
    """A push goes again by its key while LINE knows it, a reply by its token, else neither."""
    made = {
        "old reply": ("token-1", now - timedelta(seconds=1), now - timedelta(minutes=2)),
        "fresh reply": ("token-2", now + timedelta(seconds=20), now - timedelta(seconds=10)),
        "push": (None, None, now - timedelta(hours=3)),
        "old push": (None, None, now - timedelta(hours=25)),
    }

    def fill_in(db) -> None:
        account = given.an_account(db, now)
        for number, (name, (token, until, created)) in enumerate(made.items()):
            user = f"U{number}" + "3" * 30
            talk = given.a_talk(db, account, now, user)
            db.add(
                Delivery(
                    account_id=account.id, conversation_id=talk.id, lane=user, line_user_id=user,
                    messages=[{"type": "text", "text": name}], retry_key=f"key-{number}",
                    reply_token=token, reply_until=until, created_at=created,
                )
            )  # fmt: skip

    store.write(fill_in)
    found = store.write(
        lambda db: {d.messages[0]["text"]: d.state for d in distrust_deliveries(db, now)}
    )

    assert found == {
        "old reply": "maybe_sent", "fresh reply": "pending", "push": "pending",
        "old push": "unknown",
    }  # fmt: skip
    later = now + timedelta(seconds=5)
    works = store.write(lambda db: intents.claim_due(db, later, 10))
    assert [(w.mode, w.reply_token, w.retry_key) for w in works] == [
        ("reply", "token-2", "key-1"), ("push", None, "key-2"),
    ]  # fmt: skip
    invalid = outcomes.InvalidReplyToken()
    assert store.write(lambda db: outbox.record(db, works[0], invalid, later)) == "inferred_sent"
