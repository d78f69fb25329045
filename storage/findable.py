"""What becomes findable, and what is forgotten: in the transaction of the row that holds the text.

A text costs one INSERT when it is written. Its postings are written later, many texts at once
(`sealing`); until then a search reads the newest texts themselves. Forgetting takes a text out of
both at once, so that of what was erased not even the pairs of its characters are left.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Session, col

from storage.models.people import Customer, CustomerField, Friend
from storage.models.search import SearchPosting, SearchStretch, SearchText
from storage.models.talks import Conversation, Message, Note
from storage.objects import write_changes
from storage.prepared import Prepared
from storage.search_postings import STRETCH, bucket_of, keys_of, stretch_of, without
from storage.search_words import SHORTEST, fold, pairs

CHUNK = 1_000
_Gone = dict[int, dict[int, dict[int, set[int]]]]  # stretch, bucket, key: places
KINDS = ("message", "note", "customer")
_TELEPHONE = re.compile(r"\+?[0-9][0-9()\- ]{7,18}[0-9]")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

_KEEP = Prepared(
    insert(SearchText)
    .values({name: bindparam(name) for name in ("account_id", "kind", "row_id", "folded")})
    .inline()  # its number is of no use here
)


def keep(db: Session, account_id: str, kind: str, row_id: str, text: str | None) -> None:
    """From now on this text of a row is found."""
    folded = fold(text or "")
    if len(folded) >= SHORTEST:
        values = {"account_id": account_id, "kind": kind, "row_id": row_id, "folded": folded}
        _KEEP.run(db, values)


def forget(db: Session, kind: str, row_ids: Sequence[str]) -> None:
    """The texts of these rows are not found any more, and nothing of them is left."""
    gone: _Gone = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    for first in range(0, len(row_ids), CHUNK):
        texts = db.execute(
            delete(SearchText)
            .where(
                col(SearchText.row_id).in_(row_ids[first : first + CHUNK]),
                col(SearchText.kind) == kind,
            )
            .returning(col(SearchText.id), col(SearchText.account_id), col(SearchText.folded))
        ).all()
        for text_id, account_id, folded in texts:
            for key in keys_of(kind, account_id, pairs(folded)):
                gone[stretch_of(text_id)][bucket_of(key)][key].add(text_id % STRETCH)
    for stretch_id in sorted(gone):  # only now, or a stretch is sealed in between
        if _is_sealed(db, stretch_id):
            _take_out(db, stretch_id, gone[stretch_id])


def refresh_customer(db: Session, customer_id: str) -> None:
    """A name, a telephone number or a mail address of a person may have changed."""
    write_changes(db)
    for account_id, friend_id, text in texts_of_people(db, [customer_id]):
        is_friend = col(SearchText.row_id) == friend_id
        known = select(col(SearchText.folded)).where(is_friend, col(SearchText.kind) == "customer")
        if fold(text) != (db.scalar(known) or ""):
            forget(db, "customer", [friend_id])
            keep(db, account_id, "customer", friend_id, text)


def text_of_person(name: str | None, display_name: str | None, values: Iterable[Any]) -> str:
    """What a person is found by: our name, LINE's name, and how to reach them."""
    names = [name, display_name if display_name != name else None]
    ways = [value.strip() for value in values if is_way_to_reach(value)]
    return " / ".join([*filter(None, names), *ways])


def is_way_to_reach(value: Any) -> bool:
    """Whether a fact on the card is a telephone number or a mail address, by its looks."""
    if not isinstance(value, str):
        return False
    return bool(_TELEPHONE.fullmatch(value.strip()) or _MAIL.fullmatch(value.strip()))


def texts_of_people(db: Session, customer_ids: Sequence[str]) -> list[tuple[str, str, str]]:
    """(account, friend, text) of every tie of these persons."""
    ways: dict[str, list[Any]] = defaultdict(list)
    fields = select(col(CustomerField.customer_id), col(CustomerField.value))
    of_them = col(CustomerField.customer_id).in_(customer_ids)
    for customer_id, value in db.execute(fields.where(of_them).order_by(col(CustomerField.key))):
        ways[customer_id].append(value)
    ties = (
        select(col(Friend.account_id), col(Friend.id), col(Friend.customer_id))
        .add_columns(col(Customer.name), col(Friend.display_name))
        .join(Customer, col(Customer.id) == col(Friend.customer_id))
        .where(col(Customer.id).in_(customer_ids))
    )
    return [
        (account_id, friend_id, text_of_person(name, display_name, ways[customer_id]))
        for account_id, friend_id, customer_id, name, display_name in db.execute(ties)
    ]


def take_over_all(db: Session) -> None:
    """Every text that is here already, oldest first, in chunks: for the migration."""
    for kind, table in (("message", Message), ("note", Note)):
        of_talk = col(Conversation.id) == col(table.conversation_id)
        texts: Any = select(col(table.id), col(Conversation.account_id), col(table.text))
        texts = texts.join(Conversation, of_talk).where(col(table.text).is_not(None))
        for rows in _chunks(db, texts, col(table.id)):
            _keep_all(db, kind, [(account_id, row_id, text) for row_id, account_id, text in rows])
    for people in _chunks(db, select(col(Customer.id)), col(Customer.id)):
        _keep_all(db, "customer", texts_of_people(db, [person for (person,) in people]))


def _keep_all(db: Session, kind: str, texts: Iterable[tuple[str, str, str]]) -> None:
    folded = [(account_id, row_id, fold(text)) for account_id, row_id, text in texts]
    rows = [
        {"account_id": account_id, "kind": kind, "row_id": row_id, "folded": text}
        for account_id, row_id, text in folded
        if len(text) >= SHORTEST
    ]
    _KEEP.run_each(db, rows)


def _chunks(db: Session, query: Any, key: Any) -> Iterator[Sequence[Any]]:
    """The rows of a query in the order of its first column, which is its key."""
    last = ""
    while rows := db.execute(query.where(key > last).order_by(key).limit(CHUNK)).all():
        yield rows
        last = rows[-1][0]


def _is_sealed(db: Session, stretch_id: int) -> bool:
    query = select(col(SearchStretch.is_sealed)).where(col(SearchStretch.id) == stretch_id)
    return bool(db.scalar(query))


def _take_out(db: Session, stretch_id: int, gone: Mapping[int, Mapping[int, set[int]]]) -> None:
    """Of a stretch's postings, some places go. Buckets in order, so that nobody waits in a ring."""
    for bucket in sorted(gone):
        is_row = (col(SearchPosting.stretch_id) == stretch_id) & (
            col(SearchPosting.bucket) == bucket
        )
        found = select(col(SearchPosting.postings)).where(is_row).with_for_update()
        postings = db.scalar(found)
        if postings is not None:
            left = without(postings, gone[bucket])
            db.execute(update(SearchPosting).where(is_row).values(postings=left))
