"""Search: messages, notes and customers that hold some words, behind the wall of accounts."""

from sqlmodel import Session

from console.door import Asker, House, Row
from console.refusals import TooShort
from storage.finding import Wanted
from storage.hits import list_hits
from storage.search_words import LONGEST, read_words

PAGE, MOST = 20, 50
KINDS = {"messages": "message", "notes": "note", "customers": "customer"}


def find(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """One page of what holds every word, newest first, with a snippet and where the words stand."""
    words = read_query(query.get("q", ""))
    kind = query.get("kind", "messages")
    if kind not in KINDS:
        raise ValueError(f"kind: one of {', '.join(KINDS)}")
    conversation = query.get("conversation")
    if conversation is not None and kind != "messages":
        raise ValueError("conversation: with kind=messages only")
    wanted = Wanted(words, KINDS[kind], query.get("account"), conversation)
    limit = max(1, min(MOST, int(query.get("limit", PAGE))))

    def read(db: Session) -> Row:
        items, following = list_hits(db, asker.scope, wanted, query.get("after"), limit)
        return {"items": items, "next": following}

    # Beside the hub: a search among a million messages takes longer than a socket should wait.
    row: Row = house.beside(lambda: house.store.read(read))
    return row


def read_query(asked: str) -> tuple[str, ...]:
    """The words that somebody searches for. Raises TooShort, and ValueError for too long a one."""
    if len(asked) > LONGEST:
        raise ValueError(f"q: at most {LONGEST} characters")
    words = read_words(asked)
    if not words:
        raise TooShort
    return words
