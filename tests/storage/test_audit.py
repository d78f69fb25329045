"""The history: written with the deed or not at all, only added to, and every change shows."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage import audit
from storage.audit import COMMAND, NOBODY, Deed, Wanted
from storage.unit import Store

HANAKO = {"kind": "operator", "id": "hanako", "name": "見本 花子", "address": "192.0.2.1"}


def write(store: Store, now: datetime, *deeds: Deed) -> None:
    def work(db: Session) -> None:
        for deed in deeds:
            audit.note(db, deed, now)

    store.write(work)


def some_rows(store: Store, now: datetime) -> None:
    changed = {"from": ["b", "a"], "to": []}
    write(store, now, Deed("operator_added", COMMAND, ("taro", "見本 太郎")))
    write(
        store,
        now + timedelta(hours=1),
        Deed("queues_changed", HANAKO, ("taro", "見本 太郎"), params=changed),
        Deed("sign_in_failed", NOBODY, address="192.0.2.9"),
    )


def test_rows_are_numbered_without_a_gap_and_read_newest_first(store: Store, now: datetime) -> None:
    some_rows(store, now)

    rows, more = store.read(lambda db: audit.list_rows(db, Wanted()))
    assert [(row.id, row.kind) for row in rows] == [
        (3, "sign_in_failed"),
        (2, "queues_changed"),
        (1, "operator_added"),
    ]
    assert more is None
    assert rows[1].params == {"from": ["b", "a"], "to": []}
    assert (rows[1].actor_name, rows[1].address) == ("見本 花子", "192.0.2.1")


def test_rows_are_found_by_who_what_and_when(store: Store, now: datetime) -> None:
    some_rows(store, now)

    def found(**wanted: object) -> list[int]:
        rows, _ = store.read(lambda db: audit.list_rows(db, Wanted(**wanted)))  # type: ignore[arg-type] # test
        return [row.id for row in rows]

    assert found(who="taro") == [2, 1]
    assert found(who="hanako") == [2]
    assert found(kinds=("sign_in_failed", "operator_added")) == [3, 1]
    assert found(since=now + timedelta(minutes=1)) == [3, 2]
    assert found(to=now + timedelta(minutes=1)) == [1]


def test_a_long_history_is_read_page_by_page(store: Store, now: datetime) -> None:
    write(store, now, *(Deed("signed_in", HANAKO) for _ in range(audit.PAGE + 5)))

    first, cursor = store.read(lambda db: audit.list_rows(db, Wanted()))
    rest, end = store.read(lambda db: audit.list_rows(db, Wanted(), cursor))

    assert [row.id for row in (*first, *rest)] == list(range(audit.PAGE + 5, 0, -1))
    assert end is None


def test_a_deed_that_is_undone_leaves_no_row(store: Store, now: datetime) -> None:
    def fail(db: Session) -> None:
        audit.note(db, Deed("signed_in", HANAKO), now)
        raise LookupError

    with pytest.raises(LookupError):
        store.write(fail)

    write(store, now, Deed("signed_out", HANAKO))
    found = store.read(audit.verify)
    assert (found.rows, found.broken_at) == (1, None)


def test_the_database_itself_refuses_to_change_or_delete_a_row(store: Store, now: datetime) -> None:
    some_rows(store, now)

    for statement in ("UPDATE audit_row SET kind = 'x' WHERE id = 1", "DELETE FROM audit_row"):
        with pytest.raises(DBAPIError, match="only ever added to"):
            store.write(lambda db, statement=statement: db.execute(text(statement)))  # type: ignore[misc] # bound now

    assert store.read(audit.verify).rows == 3


def tamper(store: Store, *statements: TextClause) -> None:
    """As somebody would who may do everything with the database."""
    guard = (
        ["DROP TRIGGER audit_row_no_update", "DROP TRIGGER audit_row_no_delete"]
        if store.dialect == "sqlite"
        else ["DROP TRIGGER audit_row_only_added ON audit_row"]
    )

    def work(db: Session) -> None:
        for statement in (*map(text, guard), *statements):
            db.execute(statement)

    store.write(work)


@pytest.mark.parametrize(
    ("statement", "broken_at", "why"),
    [
        ("UPDATE audit_row SET target_name = '見本 次郎' WHERE id = 2", 2, "changed"),
        ("UPDATE audit_row SET address = '192.0.2.2' WHERE id = 3", 3, "changed"),
        ("DELETE FROM audit_row WHERE id = 1", 1, "missing"),
        ("DELETE FROM audit_row WHERE id = 2", 2, "missing"),
        ("DELETE FROM audit_row WHERE id = 3", 3, "cut"),
        ("DELETE FROM audit_row", 1, "cut"),
        (
            "INSERT INTO audit_row SELECT 4, at, kind, actor_kind, actor_id, actor_name, target_id,"
            " target_name, address, params, hash FROM audit_row WHERE id = 3", 4, "cut",
        ),
    ],
)  # fmt: skip
def test_the_first_row_that_is_not_as_it_was_written_is_named(
    store: Store, now: datetime, statement: str, broken_at: int, why: str
) -> None:
    some_rows(store, now)
    assert store.read(audit.verify).broken_at is None

    tamper(store, text(statement))

    found = store.read(audit.verify)
    assert (found.broken_at, found.why) == (broken_at, why)


def test_a_history_that_was_made_anew_does_not_pass_an_earlier_head(
    store: Store, now: datetime
) -> None:
    some_rows(store, now)
    noted = store.read(audit.verify).head
    write(store, now, Deed("signed_out", HANAKO))
    assert store.read(lambda db: audit.verify(db, noted)).passed_anchor
    assert store.read(lambda db: audit.verify(db, audit.START)).passed_anchor

    reset = text("UPDATE audit_head SET last_id = 0, hash = :zeros").bindparams(zeros=audit.START)
    tamper(store, text("DELETE FROM audit_row"), reset)
    write(store, now, Deed("signed_out", HANAKO))

    found = store.read(lambda db: audit.verify(db, noted))
    assert (found.broken_at, found.passed_anchor) == (None, False)
