"""Searching: the newest texts that hold every word, behind the wall of accounts.

The newest texts, which have no postings yet, are compared themselves. Before them, stretch by
stretch, the postings of the words' pairs tell which texts may hold them, and these are compared,
newest first, until the page is full. One request compares at most `MOST_COMPARED` of them: when
that was not enough, the page is short and the next one goes on from there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, any_, bindparam, func, select
from sqlmodel import Session, col

from storage.conversations import Scope
from storage.cursors import read_cursor, write_cursor
from storage.dialects import is_sqlite
from storage.models.people import Account
from storage.models.search import SearchPosting, SearchStretch, SearchText
from storage.models.talks import Message
from storage.search_postings import (
    STRETCH,
    bits,
    bucket_of,
    keys_of,
    places_down,
    read,
    stretch_of,
)
from storage.search_words import pairs

MOST_COMPARED = 12_000
AFTER_ALL = 2**31 - 1
MOST_KEYS = 48  # of all words and accounts together: more would cost more than they save
FIRST_COMPARED, LARGEST_COMPARED = 60, 1_000  # candidates that are compared at once
WINDOWS = (4, 16)  # stretches that are read at once, at first; then LARGEST_WINDOW
LARGEST_WINDOW = 64


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for. words: folded, never empty (`search_words.read_words`)."""

    words: tuple[str, ...]
    kind: str
    account: str | None = None
    conversation: str | None = None  # of messages only


@dataclass(frozen=True, slots=True)
class Found:
    """A row whose text holds every word."""

    text_id: int
    row_id: str


def find_rows(
    db: Session, scope: Scope, wanted: Wanted, cursor: str | None, limit: int
) -> tuple[list[Found], str | None]:
    """One page, newest first, and the cursor of the next. Raises NotFound for a bad cursor."""
    before = min(read_cursor(cursor, [int])[0], AFTER_ALL) if cursor is not None else AFTER_ALL
    if wanted.conversation is not None:
        return _find_in_talk(db, scope, wanted, before, limit)
    search = _Search(db, wanted, _accounts(db, scope, wanted))
    found: list[Found] = []
    for text_id, row_id in search.down_from(before, limit + 1):
        if row_id is not None:
            found.append(Found(text_id, row_id))
        if row_id is None or len(found) > limit:
            break
    else:
        return found, None
    if len(found) > limit:
        return found[:limit], write_cursor([found[limit - 1].text_id])
    return found, write_cursor([text_id])


def _find_in_talk(
    db: Session, scope: Scope, wanted: Wanted, before: int, limit: int
) -> tuple[list[Found], str | None]:
    """The lines of one talk are compared themselves: even a long one has only thousands."""
    place = func.instr if is_sqlite(db) else func.strpos
    query = (
        select(col(SearchText.id), col(SearchText.row_id))
        .join(Message, col(Message.id) == col(SearchText.row_id))
        .where(
            col(SearchText.kind) == "message",
            col(SearchText.account_id).in_(_accounts(db, scope, wanted)),
            col(Message.conversation_id) == wanted.conversation,
            *(place(col(SearchText.folded), word) > 0 for word in wanted.words),
        )
    )
    rows = db.execute(
        query.where(col(SearchText.id) < before)
        .order_by(col(SearchText.id).desc())
        .limit(limit + 1)
    ).all()
    found = [Found(text_id, row_id) for text_id, row_id in rows[:limit]]
    return found, write_cursor([found[-1].text_id]) if len(rows) > limit else None


def _accounts(db: Session, scope: Scope, wanted: Wanted) -> list[str]:
    known = db.scalars(select(col(Account.id)).order_by(col(Account.id)))
    return [a for a in known if scope.allows(a) and wanted.account in {None, a}]


class _Search:
    """One search through one kind of rows."""

    def __init__(self, db: Session, wanted: Wanted, accounts: Sequence[str]) -> None:
        self._db = db
        self._kind = wanted.kind
        self._accounts = accounts
        self._words = wanted.words
        self._keys = _keys(wanted, accounts)
        self._left = MOST_COMPARED

    def down_from(self, before: int, most: int) -> Iterator[tuple[int, str | None]]:
        """Hits in falling order; a last one without a row when there may be further ones."""
        if not self._accounts:
            return
        unsealed = self._first_unsealed() * STRETCH
        yield from self._newest(unsealed, before, most)
        chunk: list[int] = []
        size = FIRST_COMPARED
        for candidate in self._candidates(min(before, unsealed)):
            chunk.append(candidate)
            if len(chunk) == size:
                yield from self._compare(chunk)
                chunk, size = [], min(size * 4, LARGEST_COMPARED)
                if self._left <= 0:
                    yield candidate, None
                    return
        yield from self._compare(chunk)

    def _first_unsealed(self) -> int:
        query = select(func.max(col(SearchStretch.id))).where(col(SearchStretch.is_sealed))
        last = self._db.scalar(query)
        return 0 if last is None else last + 1

    def _newest(self, first: int, before: int, most: int) -> list[tuple[int, str]]:
        """Of the texts that have no postings yet, no more than anybody wants."""
        query = self._holding().where(col(SearchText.id) >= first, col(SearchText.id) < before)
        found = self._db.execute(query.order_by(col(SearchText.id).desc()).limit(most))
        return [(text_id, row_id) for text_id, row_id in found]

    def _compare(self, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
        self._left -= len(ids)
        if ids:
            found = self._db.execute(self._holding().where(self._is_one_of(ids)))
            yield from sorted(((text_id, row_id) for text_id, row_id in found), reverse=True)

    def _is_one_of(self, ids: Sequence[int]) -> ColumnElement[bool]:
        """One value for PostgreSQL: a thousand of them take longer to read than to look up."""
        if is_sqlite(self._db):
            return col(SearchText.id).in_(ids)
        return col(SearchText.id) == any_(bindparam("ids", ids, ARRAY(Integer)))

    def _holding(self) -> Any:
        conditions = [self._holds(word) for word in self._words]
        return select(col(SearchText.id), col(SearchText.row_id)).where(
            col(SearchText.kind) == self._kind,
            col(SearchText.account_id).in_(self._accounts),
            *conditions,
        )

    def _holds(self, word: str) -> ColumnElement[bool]:
        place = func.instr if is_sqlite(self._db) else func.strpos
        return place(col(SearchText.folded), word) > 0

    def _candidates(self, before: int) -> Iterator[int]:
        """Texts that hold all pairs of one account's, in falling order."""
        last = stretch_of(before - 1) if before > 0 else -1
        windows = iter(WINDOWS)
        while last >= 0:
            first = max(0, last + 1 - next(windows, LARGEST_WINDOW))
            buckets = self._read_buckets(first, last)
            for stretch_id in range(last, first - 1, -1):
                for place in places_down(self._places(buckets.get(stretch_id, {}))):
                    if stretch_id * STRETCH + place < before:
                        yield stretch_id * STRETCH + place
            last = first - 1

    def _read_buckets(self, first: int, last: int) -> dict[int, dict[int, bytes]]:
        wanted = sorted({bucket_of(key) for keys in self._keys for key in keys})
        query = select(
            col(SearchPosting.stretch_id), col(SearchPosting.bucket), col(SearchPosting.postings)
        ).where(
            col(SearchPosting.stretch_id).in_(range(first, last + 1)),
            col(SearchPosting.bucket).in_(wanted),
        )
        found: dict[int, dict[int, bytes]] = {}
        for stretch_id, bucket, postings in self._db.execute(query):
            found.setdefault(stretch_id, {})[bucket] = postings
        return found

    def _places(self, buckets: dict[int, bytes]) -> int:
        """A bit for each text of a stretch that may hold the words."""
        found = 0
        for keys in self._keys:
            postings = [read(buckets.get(bucket_of(key), _EMPTY), key) for key in keys]
            if all(postings):
                found |= reduce(and_, map(bits, sorted(postings, key=len)))
        return found


_EMPTY = b"\0\0"


def _keys(wanted: Wanted, accounts: Sequence[str]) -> list[list[int]]:
    """For each account the keys that all must be there: of many pairs, some from all over."""
    known = sorted({pair for word in wanted.words for pair in pairs(word)})
    most = max(2, MOST_KEYS // max(1, len(accounts)))
    step = max(1, -(-len(known) // most))
    return [sorted(keys_of(wanted.kind, account, known[::step])) for account in accounts]
