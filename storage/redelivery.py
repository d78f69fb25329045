"""An event that is here already and comes again: its reply token lives longer, and that is all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from storage.incoming import offer_reply_again
from storage.models.work import Arrival
from storage.outbox import reopen_reply

REDELIVERY_LIMIT_S = 20 * 60  # after that LINE no longer honours a redelivered event's token


def refresh_reply(
    db: Session, row: Mapping[str, Any], event: Mapping[str, Any], now: datetime
) -> None:
    """Give the token of `row`, as it came again, the time that a new one would have."""
    is_known_age = isinstance(event.get("timestamp"), int)
    if row["reply_until"] is None or not is_known_age or is_older(event, REDELIVERY_LIMIT_S, now):
        return
    account_id, until = row["account_id"], row["reply_until"]
    known = db.scalars(
        update(Arrival)
        .where(col(Arrival.account_id) == account_id, col(Arrival.event_id) == row["event_id"])
        .values(reply_until=until)
        .returning(col(Arrival.id))
    ).one()
    offer_reply_again(db, known or 0, until, now)
    reopen_reply(db, account_id, str(event["replyToken"]), until, now)


def is_after_outage(event: Mapping[str, Any], received_at: datetime) -> bool:
    """Whether LINE delivers it again so late that its reply token is dead for certain."""
    context = event.get("deliveryContext")
    is_again = isinstance(context, Mapping) and context.get("isRedelivery") is True
    return is_again and is_older(event, REDELIVERY_LIMIT_S, received_at)


def is_older(event: Mapping[str, Any], seconds: int, now: datetime) -> bool:
    """Whether it happened longer ago, as far as LINE says when."""
    sent_ms = event.get("timestamp")
    return isinstance(sent_ms, int) and int(now.timestamp() * 1000) - sent_ms > seconds * 1000
