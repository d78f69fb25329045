"""What tests of the search share: a search in one line, and a stretch that is full at once."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlmodel import Session, col

from storage import sealing
from storage.conversations import Scope
from storage.dialects import is_sqlite
from storage.finding import Wanted, find_rows
from storage.models.search import SearchText
from storage.search_postings import STRETCH
from storage.search_words import read_words
from storage.unit import Store

LATER = datetime(2026, 11, 24, tzinfo=UTC)
EVERYTHING = Scope("somebody")


def found(
    store: Store, query: str, kind: str = "message", *, scope: Scope = EVERYTHING, **more: Any
) -> list[str]:
    """The ids of every row that a search finds, newest first, read in pages of three."""
    wanted = Wanted(read_words(query), kind, **more)
    ids: list[str] = []
    cursor: str | None = None
    while True:
        page, cursor = store.read(lambda db, c=cursor: find_rows(db, scope, wanted, c, 3))
        ids += [one.row_id for one in page]
        if cursor is None:
            return ids


def fill_stretch(db: Session, account_id: str = "main") -> None:
    """Whatever comes next is in the next stretch: the last place of this one is taken."""
    newest = db.scalar(select(func.max(col(SearchText.id)))) or 0
    last = (newest // STRETCH + 1) * STRETCH - 1
    row = {"account_id": account_id, "kind": "message", "folded": "||"}
    db.execute(insert(SearchText).values(id=last, row_id=f"last{last}", **row))
    if not is_sqlite(db):
        db.execute(text("SELECT setval('search_text_id_seq', :last)"), {"last": last})
    db.execute(insert(SearchText).values(row_id=f"first{last + 1}", **row))


def seal(store: Store, account_id: str = "main") -> int:
    """Everything that was written so far gets its postings."""
    store.write(lambda db: fill_stretch(db, account_id))
    return sealing.seal_all(store, lambda: LATER)
