"""What could not be done for a customer: a person sees it in the talk, and nobody is blocked."""

from datetime import datetime

from sqlmodel import Session

from bot.events import has_talk
from storage import customers, desk, talks
from storage.models.people import Account
from storage.models.talks import Conversation
from storage.models.work import Arrival


def show(db: Session, arrival: Arrival, trouble: str, queue: str, now: datetime) -> None:
    """Show why an event was set aside, in the talk that it belongs to, if any."""
    conversation = _talk_of(db, arrival, now)
    if conversation is not None:
        desk.show_trouble(db, conversation, trouble, queue, now)


def _talk_of(db: Session, arrival: Arrival, now: datetime) -> Conversation | None:
    """Begun when the failure undid its beginning."""
    if arrival.conversation_id is not None:
        return talks.lock(db, arrival.conversation_id)
    if not has_talk(arrival.raw):
        return None
    account = db.get_one(Account, arrival.account_id)
    user_id = arrival.raw["source"]["userId"]
    friend = customers.find_or_create_friend(db, account, user_id, now)
    return talks.open_conversation(db, friend, now)
