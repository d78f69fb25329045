"""Whom an event comes from, in one statement: the account, the friend and their talk."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from storage.customers import find_or_create_friend
from storage.models.people import Account, Friend
from storage.models.talks import Conversation
from storage.objects import Joined, find_one, write_changes
from storage.talks import open_conversation


def meet(
    db: Session, account_id: str, line_user_id: str, now: datetime
) -> tuple[Account, Friend, Conversation]:
    """The friend behind a LINE user id, and their talk, begun on first sight; it is locked until
    the unit ends."""
    write_changes(db)  # what this unit has changed itself must not be loaded over
    met = _MET.first(db, {"of_account": account_id, "of_user": line_user_id})
    if met is not None:
        return met[0], met[1], met[2]
    account = find_one(db, Account, account_id)
    friend = find_or_create_friend(db, account, line_user_id, now)
    return account, friend, open_conversation(db, friend, now)


_MET = Joined(
    [Account, Friend, Conversation],
    select(Account, Friend, Conversation)
    .join(Friend, col(Friend.account_id) == col(Account.id))
    .join(Conversation, col(Conversation.friend_id) == col(Friend.id))
    .where(
        col(Account.id) == bindparam("of_account"),
        col(Friend.line_user_id) == bindparam("of_user"),
    )
    .with_for_update(of=Conversation),
    is_fresh=True,
)
