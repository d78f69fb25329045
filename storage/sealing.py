"""Sealing: the postings of a stretch of texts are written once it is full, in small steps.

The steps are short, because on SQLite everybody waits while one writes, and end with the mark that
makes the postings count. A stretch that was begun and left, because its process died, is begun
anew after a while; one in which a text was erased meanwhile is begun anew at once.
"""

from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import bindparam, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from storage.dialects import insert_into, is_sqlite
from storage.models.search import SearchPosting, SearchStretch, SearchText
from storage.prepared import Prepared
from storage.search_postings import BUCKETS, STRETCH, bucket_of, keys_of, pack
from storage.search_words import pairs
from storage.unit import Store

TEXTS_AT_ONCE = 128
BUCKETS_AT_ONCE = 256
LEASE = timedelta(minutes=5)

T = TypeVar("T")
_Places = dict[int, list[int]]
_WRITE = Prepared(
    insert(SearchPosting).values(
        {name: bindparam(name) for name in ("stretch_id", "bucket", "postings")}
    )
)
# Whoever waits for this lock lets no other writer pass, so that it must not wait for long.
_HOLD_WRITERS = (
    text("SET LOCAL lock_timeout = '100ms'"),
    text("LOCK TABLE search_text IN SHARE MODE"),
)
_LOCK_NOT_AVAILABLE = "55P03"


def seal_all(store: Store, clock: Callable[[], datetime]) -> int:
    """Seal whatever is full, without a pause; how many stretches that were."""
    count = 0
    while any(seal_next(store, clock())):
        count += 1
    return count


def find_full(store: Store) -> int | None:
    """The oldest stretch that is full and not sealed."""

    def read(db: Session) -> int | None:
        sealed = select(func.max(col(SearchStretch.id))).where(col(SearchStretch.is_sealed))
        last = db.scalar(sealed)
        number = 0 if last is None else last + 1
        newest = db.scalar(select(func.max(col(SearchText.id)))) or 0
        return number if newest >= (number + 1) * STRETCH else None

    return store.read(read)


def seal_next(store: Store, now: datetime) -> Iterator[bool]:
    """Seal the oldest full stretch; a value after each step, True after the one that sealed it."""
    number = find_full(store)
    if number is None or store.read(lambda db: _is_claimed(db, number, now)):
        return
    count = yield from _when_free(store, lambda db: _begin(db, number, now))
    if count is None:  # another worker was quicker
        return
    yield False
    places: dict[int, _Places] = defaultdict(lambda: defaultdict(list))
    for first in range(number * STRETCH, (number + 1) * STRETCH, TEXTS_AT_ONCE):
        _collect(store, first, places)
        yield False
    for first in range(0, BUCKETS, BUCKETS_AT_ONCE):
        rows = [
            {"stretch_id": number, "bucket": bucket, "postings": pack(places[bucket])}
            for bucket in range(first, first + BUCKETS_AT_ONCE)
            if bucket in places
        ]
        if not store.write(lambda db, rows=rows: _write(db, number, rows, now)):  # type: ignore[misc] # now
            return
        yield False
    yield (yield from _when_free(store, lambda db: _end(db, number, count, now)))


def _when_free(store: Store, work: Callable[[Session], T]) -> Generator[bool, None, T]:
    """Do the work as soon as it need not wait for somebody who writes for long."""
    while True:
        try:
            return store.write(work)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            yield False


def _is_claimed(db: Session, number: int, now: datetime) -> bool:
    """Whether another worker is at it: asked without a lock, because one may ask for minutes."""
    begun = select(col(SearchStretch.begun_at)).where(col(SearchStretch.id) == number)
    begun_at = db.scalar(begun)
    return begun_at is not None and begun_at >= now - LEASE


def _begin(db: Session, number: int, now: datetime) -> int | None:
    """Claim the stretch; how many texts it has, now that nobody adds to it any more."""
    _hold_writers(db)
    row = {"id": number, "begun_at": now, "is_sealed": False}
    claim: Any = insert_into(db, SearchStretch).values(row)
    claim = claim.on_conflict_do_update(
        index_elements=["id"],
        set_={"begun_at": now},
        where=(col(SearchStretch.begun_at) < now - LEASE) & ~col(SearchStretch.is_sealed),
    ).returning(col(SearchStretch.id))
    if db.execute(claim).first() is None:
        return None
    db.execute(delete(SearchPosting).where(col(SearchPosting.stretch_id) == number))
    return _count(db, number)


def _collect(store: Store, first: int, places: dict[int, _Places]) -> None:
    """Add what some texts hold."""
    query = (
        select(col(SearchText.id), col(SearchText.kind), col(SearchText.account_id))
        .add_columns(col(SearchText.folded))
        .where(col(SearchText.id) >= first, col(SearchText.id) < first + TEXTS_AT_ONCE)
        .order_by(col(SearchText.id))
    )
    for text_id, kind, account_id, folded in store.read(lambda db: db.execute(query).all()):
        for key in keys_of(kind, account_id, pairs(folded)):
            places[bucket_of(key)][key].append(text_id % STRETCH)


def _write(db: Session, number: int, rows: list[dict[str, Any]], begun_at: datetime) -> bool:
    """Write some postings; not when another worker has begun the stretch anew meanwhile."""
    if not _is_ours(db, number, begun_at):
        return False
    _WRITE.run_each(db, rows)
    return True


def _is_ours(db: Session, number: int, begun_at: datetime) -> bool:
    claim = select(col(SearchStretch.begun_at)).where(col(SearchStretch.id) == number)
    return db.scalar(claim.with_for_update()) == begun_at


def _end(db: Session, number: int, count: int, begun_at: datetime) -> bool:
    """The mark that makes the postings count; not when a text was erased in the meantime."""
    _hold_writers(db)
    is_row = col(SearchStretch.id) == number
    if not _is_ours(db, number, begun_at):
        return False
    if _count(db, number) != count:
        db.execute(delete(SearchPosting).where(col(SearchPosting.stretch_id) == number))
        db.execute(delete(SearchStretch).where(is_row))
        return False
    db.execute(update(SearchStretch).where(is_row).values(is_sealed=True))
    return True


def _count(db: Session, number: int) -> int:
    first = number * STRETCH
    within = (col(SearchText.id) >= first) & (col(SearchText.id) < first + STRETCH)
    return int(db.scalar(select(func.count()).where(within)) or 0)


def _hold_writers(db: Session) -> None:
    """PostgreSQL: wait for whoever writes a text now, so that what is counted is whole."""
    if not is_sqlite(db):
        for statement in _HOLD_WRITERS:
            db.execute(statement)
