"""One verb, one transaction, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path
from threading import Barrier, Event

import pytest
from sqlalchemy import Engine, bindparam, create_engine, delete, event, func, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlmodel import select

from storage import journal, postgres_connections, unit
from storage.accounts import NewAccount, add_account, list_accounts
from storage.committer import CommitHere
from storage.models.people import Account
from storage.models.work import JournalEntry
from storage.prepared import Prepared
from storage.unit import SqliteStore, Store, open_store
from tests.bot.waiting import eventually

KEY = b"k" * 32


def an_account(store: Store, now: datetime, account_id: str = "main") -> None:
    new = NewAccount(account_id, "見本のお店", "provider", "secret", "token")
    store.write(lambda db: add_account(db, KEY, new, now))


def test_what_a_unit_raises_undoes_it_and_nothing_else(store: Store, now: datetime) -> None:
    an_account(store, now)

    def rename_and_fail(db) -> None:
        db.get_one(Account, "main").name = "別の名前"
        db.flush()
        raise ValueError("a unit that fails")

    with pytest.raises(ValueError, match="a unit that fails"):
        store.write(rename_and_fail)

    assert store.read(lambda db: db.get_one(Account, "main").name) == "見本のお店"


def test_journal_ids_rise_by_one_whoever_writes(store: Store, now: datetime) -> None:
    an_account(store, now)
    an_account(store, now, "second")

    def note(number: int) -> None:
        def work(db) -> None:
            for account_id in ("main", "second")[:: 1 if number % 2 else -1]:
                entry = journal.Entry(account_id, "n", {"n": number}, journal.SYSTEM, now)
                journal.record(db, entry)

        store.write(work)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, range(200)))

    for account_id in ("main", "second"):
        tail = store.read(lambda db, a=account_id: journal.tail(db, a, 0))
        assert [entry.id for entry in tail.entries] == list(range(1, 201))
        assert {entry.payload["n"] for entry in tail.entries} == set(range(200))
        assert tail.head == 200


@pytest.fixture
def grouping(tmp_path: Path, migrated_sqlite: Path, now: datetime) -> Iterator[SqliteStore]:
    """A store on SQLite that many threads write to, and that never hurries a group."""
    path = tmp_path / "madoguchi.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    store = SqliteStore(f"sqlite:///{path}", CommitHere(), longest_group_s=60)
    an_account(store, now)
    yield store
    store.close()


def test_units_that_wait_are_committed_together_and_fail_alone(
    grouping: SqliteStore, now: datetime
) -> None:
    """One fsync for a group; each unit in a savepoint of its own."""
    commits: list[object] = []
    is_held, start = Event(), Event()

    def count(connection: object) -> None:
        commits.append(connection)

    def hold(_db) -> None:
        is_held.set()
        start.wait(10)

    event.listen(Engine, "commit", count)
    with ThreadPoolExecutor(21) as pool:
        held = pool.submit(grouping.write, hold)
        is_held.wait(10)
        waiting = [pool.submit(grouping.write, fragile(number, now)) for number in range(20)]
        while len(grouping._waiting) < 20:  # all of them stand behind the one that holds the writer
            start.wait(0.001)
        start.set()
        held.result()
        ends = [unit.exception() or unit.result() for unit in waiting]
    event.remove(Engine, "commit", count)

    assert len(commits) == 1
    assert [e for e in ends if isinstance(e, int)] == [n for n in range(20) if n % 5 != 4]
    assert [type(e) for e in ends[4::5]] == [ValueError, IntegrityError] * 2
    tail = grouping.read(lambda db: journal.tail(db, "main", 0))
    assert [entry.id for entry in tail.entries] == list(range(1, 17))


def test_what_goes_first_is_next_and_its_group_does_not_wait_for_all(
    grouping: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    is_held, start = Event(), Event()
    monkeypatch.setattr(unit, "FIRST_GROUP_S", 0.0)

    def hold(_db) -> None:
        is_held.set()
        start.wait(10)

    def commit(_connection: object) -> None:
        order.append("commit")

    event.listen(Engine, "commit", commit)
    with ThreadPoolExecutor(8) as pool:
        ends = [pool.submit(grouping.write, hold)]
        is_held.wait(10)
        for number in range(1, 6):
            write = grouping.write if number < 5 else grouping.write_first
            ends.append(pool.submit(write, lambda _db, n=number: order.append(f"{n}")))
            while len(grouping._waiting) < number:
                start.wait(0.001)
        start.set()
        for end in ends:
            end.result()
    event.remove(Engine, "commit", commit)

    assert order == ["5", "commit", "1", "2", "3", "4", "commit"]


def fragile(number: int, now: datetime):
    """Notes an entry; every fifth fails, in Python or in the database, after it has written."""

    def work(db) -> int:
        journal.record(db, journal.Entry("main", "n", {}, journal.SYSTEM, now))
        db.get_one(Account, "main").name = f"{number}"
        db.flush()
        if number % 10 == 9:
            db.add(JournalEntry(account_id="none", id=1, kind="", payload={}, actor={}, at=now))
        elif number % 5 == 4:
            raise ValueError(number)
        return number

    return work


@pytest.mark.parametrize("fault", [OSError("the disk is full"), KeyboardInterrupt()])
def test_when_the_commit_fails_nobodys_unit_holds(
    tmp_path: Path, migrated_sqlite: Path, now: datetime, fault: BaseException
) -> None:
    path = tmp_path / "madoguchi.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    store = open_store(f"sqlite:///{path}")
    an_account(store, now)

    def fail(_connection: object) -> None:
        raise fault

    event.listen(Engine, "commit", fail)
    with pytest.raises(type(fault)):
        an_account(store, now, "second")
    event.remove(Engine, "commit", fail)

    an_account(store, now, "third")
    assert store.read(lambda db: [a.id for a in list_accounts(db)]) == ["main", "third"]
    store.close()


def test_nothing_can_be_written_on_a_read(store: Store, now: datetime) -> None:
    an_account(store, now)

    def rename(db) -> None:
        db.get_one(Account, "main").name = "別の名前"
        db.flush()

    with pytest.raises(DBAPIError):
        store.read(rename)
    assert store.read(lambda db: db.get_one(Account, "main").name) == "見本のお店"


def test_looks_that_belong_together_see_one_moment(store: Store, now: datetime) -> None:
    an_account(store, now)

    def look(db) -> list[int]:
        counted = select(func.count()).select_from(Account)
        before = db.scalar(counted)
        an_account(store, now, f"a{before}")  # somebody else commits meanwhile
        return [before, db.scalar(counted)]

    assert store.read_as_one(look) == [1, 1]
    # Without it each look of a unit on PostgreSQL sees what is committed when it is asked.
    assert store.read(look) == ([2, 2] if store.dialect == "sqlite" else [2, 3])
    assert store.read(lambda db: len(list_accounts(db))) == 3


def test_looks_that_belong_together_write_nothing_and_fail_alone(
    store: Store, now: datetime
) -> None:
    an_account(store, now)

    def rename(db) -> None:
        db.get_one(Account, "main").name = "別の名前"
        db.flush()

    for _ in range(2):
        with pytest.raises(DBAPIError):
            store.read_as_one(rename)
    assert store.read_as_one(lambda db: db.get_one(Account, "main").name) == "見本のお店"


def test_a_reader_that_was_away_too_long_loads_a_snapshot(store: Store, now: datetime) -> None:
    an_account(store, now)

    def note(db) -> None:
        for _ in range(6):
            journal.record(db, journal.Entry("main", "n", {}, journal.SYSTEM, now))

    store.write(note)

    def tail(after: int, limit: int = 500) -> tuple[list[int], int, bool, bool]:
        found = store.read(lambda db: journal.tail(db, "main", after, limit))
        return [e.id for e in found.entries], found.head, found.more, found.reset

    assert tail(4) == ([5, 6], 6, False, False)
    assert tail(6) == ([], 6, False, False)
    assert tail(0, limit=2) == ([1, 2], 6, True, False)
    assert tail(7) == ([], 6, False, True)
    assert tail(-1) == ([], 6, False, True)
    store.write(lambda db: db.execute(delete(JournalEntry).where(JournalEntry.id <= 3)))
    assert tail(1) == ([], 6, False, True)
    assert tail(3) == ([4, 5, 6], 6, False, False)
    store.write(lambda db: db.execute(delete(JournalEntry)))
    assert tail(3) == ([], 6, False, True)
    assert store.read(lambda db: journal.heads(db, ["main", "other"])) == {"main": 6}


@pytest.mark.parametrize("is_prepared", [False, True])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_deadlock_is_tried_again_and_no_other_failure_is(
    store: Store, now: datetime, *, is_prepared: bool
) -> None:
    an_account(store, now)
    an_account(store, now, "second")
    both_hold = Barrier(2)
    tries: list[str] = []

    def swap(first: str, second: str):
        def work(db) -> None:
            tries.append(first)
            hold(db, first)
            if len(tries) <= 2:
                both_hold.wait(10)
            hold(db, second)

        return work

    def by_sqlalchemy(db, account_id: str) -> None:
        db.execute(select(Account).where(Account.id == account_id).with_for_update())

    def by_driver(db, account_id: str) -> None:
        LOCK.one(db, {"account": account_id})

    hold = by_driver if is_prepared else by_sqlalchemy
    with ThreadPoolExecutor(2) as pool:
        units = [swap("main", "second"), swap("second", "main")]
        list(pool.map(store.write, units))

    assert len(tries) > 2  # a victim is done again; it may be faster than whom it let through

    def never(_db) -> None:
        tries.append("never")
        raise OperationalError("x", {}, Conflict())

    with pytest.raises(OperationalError):
        store.write(never)
    assert tries.count("never") == 5

    def broken(_db) -> None:
        tries.append("broken")
        raise OperationalError("x", {}, Exception())

    with pytest.raises(OperationalError):
        store.write(broken)
    assert tries.count("broken") == 1


LOCK = Prepared(select(Account.id).where(Account.id == bindparam("account")).with_for_update())


class Conflict(Exception):
    """What PostgreSQL says when transactions cannot be put in a row."""

    sqlstate = "40001"


def test_a_moment_without_a_time_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 11, 21)  # noqa: DTZ001 # that is the point
    with pytest.raises(StatementError, match="without a time zone"):
        an_account(store, naive)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_the_database_cut_is_replaced(store: Store, now: datetime) -> None:
    an_account(store, now)
    own = select(func.pg_backend_pid())

    def cut(db) -> None:
        pid = db.scalar(own)
        other = create_engine(db.get_bind().engine.url)
        with other.connect() as connection:
            connection.execute(select(func.pg_terminate_backend(pid)))
        other.dispose()
        LOCK.one(db, {"account": "main"})

    with pytest.raises(Exception, match=r"terminat|closed|lost"):
        store.write(cut)

    assert store.write(lambda db: LOCK.one(db, {"account": "main"})) == ("main",)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_died_at_rest_serves_nobody(store: Store, now: datetime) -> None:
    an_account(store, now)
    store.read(list_accounts)
    cut = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle'"
    )
    is_there = text("SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()")
    url = store.write(lambda db: db.get_bind().engine.url)
    other = create_engine(url)
    with other.connect() as connection:
        assert connection.scalar(cut) >= 2
        connection.commit()
        while connection.scalar(is_there):
            connection.rollback()
    other.dispose()

    assert store.write(lambda db: LOCK.one(db, {"account": "main"})) == ("main",)
    assert store.read(lambda db: [a.id for a in list_accounts(db)]) == ["main"]


@pytest.mark.parametrize("how", ["read_as_one", "write"])
def test_who_stands_still_between_two_statements_holds_no_table_for_long(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(postgres_connections, "LONGEST_PAUSE_S", 0.5)
    with closing(open_store(postgres_url)) as store:

        def stand_still(db) -> None:
            db.scalar(select(func.count()).select_from(Account))
            eventually(lambda: not store.read(holds_a_table), "PostgreSQL ends what stands still")
            db.scalar(select(func.count()).select_from(Account))

        with pytest.raises(DBAPIError):
            getattr(store, how)(stand_still)
        assert store.read(list_accounts) == []


def holds_a_table(db) -> bool:
    open_ones = "SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = "
    return db.scalar(text(f"{open_ones} current_database()")) is not None


@pytest.mark.parametrize("how", ["read", "read_as_one"])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_is_cut_off_in_the_middle_of_a_look_leaves_nobody_its_answer(
    store: Store, now: datetime, how: str
) -> None:
    an_account(store, now)
    read = getattr(store, how)

    def cut_off(db) -> None:
        driver = db.connection().connection.driver_connection
        driver.pgconn.send_query(b"SELECT 'of somebody else' FROM pg_sleep(1)")
        raise KeyboardInterrupt  # as a greenlet that is killed while it waits

    with pytest.raises(KeyboardInterrupt):
        read(cut_off)

    assert read(lambda db: [a.id for a in list_accounts(db)]) == ["main"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_is_prepared_stays_prepared_after_looks_and_units(store: Store, now: datetime) -> None:
    an_account(store, now)
    known = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%account.id%'")
    look = Prepared(select(Account.id).where(Account.id == bindparam("account")))

    def fail(db) -> None:
        look.one(db, {"account": "main"})
        raise ValueError("a look that fails")

    for _ in range(3):
        store.read(lambda db: look.one(db, {"account": "main"}))
        store.read_as_one(lambda db: look.one(db, {"account": "main"}))
        with pytest.raises(ValueError, match="a look that fails"):
            store.read_as_one(fail)
        store.write(lambda db: LOCK.one(db, {"account": "main"}))

    assert store.read(lambda db: db.scalar(known)) == 1
    assert store.write(lambda db: db.scalar(known)) == 1


def test_a_look_may_be_read_piece_by_piece(store: Store, now: datetime) -> None:
    for number in range(5):
        an_account(store, now, f"a{number}")

    def look(db) -> list[str]:
        ids = select(Account.id).order_by(Account.id)
        return list(db.scalars(ids.execution_options(yield_per=2)))

    assert store.read(look) == ["a0", "a1", "a2", "a3", "a4"]
