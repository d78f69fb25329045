"""A house that has been busy for years: many talks with some lines each, put in at once."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col

from storage.models.people import Customer, Friend
from storage.models.talks import Conversation, Message
from storage.unit import Store
from tests.bench.japanese import Writer

STATUSES = {"waiting": 40, "active": 5, "pending": 5, "bot": 25, "done": 25}
CHUNK = 2000


def fill(store: Store, talks: int, lines: int) -> list[str]:
    """Add that many talks of the account `main`, each with so many lines; answers their ids."""
    draw, writer, now = random.Random(4), Writer(), datetime.now(UTC)
    ids: list[str] = []
    for first in range(0, talks, CHUNK):
        numbers = range(first, min(talks, first + CHUNK))
        rows = [_talk(n, lines, draw, writer, now) for n in numbers]
        store.write(lambda db, rows=rows: _insert(db, rows))
        ids += [row["talk"]["id"] for row in rows]
    return ids


def lengthen(store: Store, talk: str, lines: int) -> None:
    """Add that many older-looking lines to one talk."""
    writer, now = Writer(), datetime.now(UTC)

    def work(db: Session) -> None:
        last = db.get_one(Conversation, talk).last_seq
        start = now - timedelta(minutes=lines)
        rows = [
            _line(talk, last + n, writer, start + timedelta(minutes=n)) for n in range(1, lines + 1)
        ]
        db.execute(insert(Message), rows)
        change = update(Conversation).where(col(Conversation.id) == talk)
        db.execute(change.values(last_seq=last + lines))

    store.write(work)


def _talk(
    number: int, lines: int, draw: random.Random, writer: Writer, now: datetime
) -> dict[str, Any]:
    since = now - timedelta(minutes=draw.randrange(1, 10_000))
    stamp = {"created_at": since, "updated_at": since, "version": 1}
    person, friend, talk = (f"{kind}{number:08d}" for kind in ("person", "friend", "talk"))
    status = draw.choices(list(STATUSES), list(STATUSES.values()))[0]
    said = [
        _line(talk, seq, writer, since - timedelta(minutes=lines - seq))
        for seq in range(1, lines + 1)
    ]
    last = {key: said[-1][key] for key in ("seq", "sender", "kind", "text")}
    return {
        "customer": {"id": person, "name": f"見本 {writer.word()}", **stamp},
        "friend": {
            "id": friend, "account_id": "main", "customer_id": person, "line_user_id": f"U{number:032x}",
            "display_name": f"見本{number}", "is_blocked": False, "profile_tries": 0,
        },
        "talk": {
            "id": talk, "account_id": "main", "friend_id": friend, "customer_id": person, "status": status,
            "queue": "受付" if status == "waiting" else None, "epoch": 1, "last_seq": lines, "unseen_count": draw.randrange(3),
            "waiting_since": since if status == "waiting" else None, "last_message_at": since,
            "last_message": {**last, "at": since.isoformat().replace("+00:00", "Z")}, **stamp,
        },
        "lines": said,
    }  # fmt: skip


def _line(talk: str, seq: int, writer: Writer, at: datetime) -> dict[str, Any]:
    is_customer = seq % 2 == 0
    text = writer.text(is_customer=is_customer)
    return {
        "id": f"{talk}-{seq:06d}", "conversation_id": talk, "seq": seq, "sender": "customer" if is_customer else "operator",
        "kind": "text", "content": {"type": "text", "text": text}, "text": text, "at": at,
    }  # fmt: skip


def _insert(db: Session, rows: list[dict[str, Any]]) -> None:
    db.execute(insert(Customer), [row["customer"] for row in rows])
    db.execute(insert(Friend), [row["friend"] for row in rows])
    db.execute(insert(Conversation), [row["talk"] for row in rows])
    db.execute(insert(Message), [line for row in rows for line in row["lines"]])
