"""Reads the evidence: asks LINE for its phones and its log, and the database for its rows."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from bot.worker import LEASE_S, LOOK_AFTER_S
from storage import journal
from storage.models.people import Friend
from storage.models.talks import Conversation, Media, Message
from storage.models.work import Arrival, Delivery, JournalEntry, Timer
from storage.unit import open_store
from tests.chaos.evidence import Bubble, Evidence, Line, Sending
from tests.chaos.rig import PATIENCE_S, Rig

T = TypeVar("T")


def gather(rig: Rig, feeds: Sequence[Mapping[str, Sequence[int]]]) -> Evidence:
    """All of it, now."""
    friends = rig.sim("friends")
    return asked(rig, lambda db: _read(db, rig, friends, feeds))


def is_open(rig: Rig) -> list[str]:
    """What is still to be done, one line for each kind of thing."""

    def read(db: Session) -> list[str]:
        waiting = {
            "arrivals": select(col(Arrival.id)).where(col(Arrival.state) == "pending"),
            "deliveries": select(col(Delivery.id)).where(col(Delivery.ended_at).is_(None)),
            "files": select(col(Media.id)).where(col(Media.state) == "pending"),
            "timers": select(col(Timer.id)).where(col(Timer.kind) == "scheduled"),
        }
        found = {name: len(db.scalars(query).all()) for name, query in waiting.items()}
        return [f"{count} {name}" for name, count in found.items() if count]

    return asked(rig, read)


def heads(rig: Rig) -> dict[str, int]:
    return asked(rig, journal.all_heads)


def _read(
    db: Session,
    rig: Rig,
    friends: Sequence[Mapping[str, Any]],
    feeds: Sequence[Mapping[str, Sequence[int]]],
) -> Evidence:
    arrivals = db.execute(
        select(col(Arrival.account_id), col(Arrival.event_id), col(Arrival.state))
    ).all()
    entries = db.execute(
        select(col(JournalEntry.account_id), col(JournalEntry.id)).order_by(col(JournalEntry.id))
    ).all()
    due = select(col(Timer.id)).where(
        col(Timer.due_at) <= datetime.now(UTC), col(Timer.conversation_id).is_not(None)
    )
    hashes = db.scalars(select(col(Media.sha256)).where(col(Media.sha256).is_not(None))).all()
    return Evidence(
        phones={f["user_id"]: _screen(rig, f["user_id"]) for f in friends},
        accounts={f["user_id"]: f["account"] for f in friends},
        log=rig.sim("log"),
        talks=_talks(db),
        sendings=[_sending(one) for one in db.scalars(select(Delivery).order_by(col(Delivery.id)))],
        arrivals=[(a, e, s) for a, e, s in arrivals],
        timers=len(db.scalars(due).all()),
        journals={
            account: [number for of, number in entries if of == account]
            for account in {of for of, _ in entries}
        },
        feeds=feeds,
        outages=tuple(rig.outages),
        taken_over_s=LEASE_S + LOOK_AFTER_S if len(rig.with_role("worker")) > 1 else 0.0,
        integrity=_integrity(db),
        files={str(h): _has(rig.folder / "data", str(h)) for h in hashes},
    )


def _screen(rig: Rig, user: str) -> list[Bubble]:
    return [
        Bubble(
            item["id"],
            item["from"] == "friend",
            item["message"]["type"],
            item["message"].get("text", ""),
        )
        for item in rig.sim(f"friends/{user}/screen")
    ]


def _talks(db: Session) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    query = (
        select(Message, col(Friend.line_user_id), col(Media.state))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .join(Friend, col(Friend.id) == col(Conversation.friend_id))
        .outerjoin(Media, col(Media.id) == col(Message.media_id))
        .order_by(col(Message.conversation_id), col(Message.seq))
    )
    for message, user, state in db.execute(query):
        line = Line(
            message.seq, message.sender, message.kind, message.text or "",
            message.line_message_id, message.client_msg_id, message.delivery_id, state,
            bool((message.origin or {}).get("late")),
        )  # fmt: skip
        found.setdefault(user, []).append(line)
    return found


def _sending(one: Delivery) -> Sending:
    return Sending(
        one.id or 0, one.line_user_id, one.account_id, one.state, one.reason, one.created_at,
        one.reply_until,
    )  # fmt: skip


def _integrity(db: Session) -> str:
    if db.get_bind().dialect.name != "sqlite":
        return "ok"
    whole = str(db.execute(text("PRAGMA integrity_check")).scalar())
    strays = db.execute(text("PRAGMA foreign_key_check")).all()
    return whole if not strays else f"{len(strays)} rows refer to nothing"


def _has(data: Path, sha256: str) -> bool:
    return any(place.is_file() for place in data.glob(f"media/{sha256[:2]}/{sha256}"))


def talk_of(rig: Rig, user: str) -> str | None:
    """The talk of a friend, once they have one."""
    query = (
        select(col(Conversation.id))
        .join(Friend, col(Friend.id) == col(Conversation.friend_id))
        .where(col(Friend.line_user_id) == user)
    )
    return asked(rig, lambda db: db.scalars(query).first())


def arrivals_of(rig: Rig, user: str) -> list[str]:
    """How the events of a friend stand: for a person who looks for what went wrong."""
    query = select(Arrival).where(col(Arrival.lane).endswith(f"/{user}")).order_by(col(Arrival.id))
    return asked(
        rig,
        lambda db: [
            f"{one.id} {one.kind} {one.state} tries {one.tries} due {one.due_at} {one.trouble}"
            for one in db.scalars(query)
        ],
    )


def waiting(rig: Rig) -> int:
    """How many events wait for their turn."""
    query = select(func.count()).select_from(Arrival).where(col(Arrival.state) == "pending")
    return asked(rig, lambda db: db.scalar(query)) or 0


def asked(rig: Rig, work: Callable[[Session], T]) -> T:
    """What the database says; it may be away, because it is killed too."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with closing(open_store(rig.database_url)) as store:
                return store.read(work)
        except DBAPIError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
