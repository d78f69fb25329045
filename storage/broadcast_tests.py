"""A broadcast on the phone of who writes it, before anybody else gets it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage.deliveries import Parcel, deliver
from storage.models.notices import OperatorFriend
from storage.models.people import Friend
from storage.models.talks import Conversation
from storage.models.work import Delivery
from storage.refusals import FriendHasBlocked, NotFound


def send_to_oneself(
    db: Session, operator_id: str, messages: Sequence[dict[str, Any]], source: str, now: datetime
) -> Delivery:
    """A push to an operator's own LINE. source: unique, the retry key follows from it.

    Raises NotFound when they are nobody's friend, FriendHasBlocked.
    """
    kept = db.get(OperatorFriend, operator_id, with_for_update=True)
    if kept is None:
        raise NotFound("there is no friend of ours to send it to")
    conversation = db.get_one(Conversation, kept.conversation_id)
    if db.get_one(Friend, conversation.friend_id).is_blocked:
        raise FriendHasBlocked
    delivery = deliver(db, conversation, Parcel(list(messages), source, is_push_only=True), now)
    kept.delivery_id = delivery.id
    db.add(kept)
    return delivery
