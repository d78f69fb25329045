"""Which broadcasts one person was sent, whatever account they came from."""

from sqlalchemy import select
from sqlmodel import Session, col

from storage.broadcast_chunks import Got, of_friend
from storage.models.people import Friend
from storage.rows import moment
from storage.talk_filters import Scope

MOST = 50


def list_got(db: Session, scope: Scope, customer_id: str) -> list[Got]:
    """The newest first; of the accounts on this side of the wall alone."""
    friends = db.scalars(select(Friend).where(col(Friend.customer_id) == customer_id)).all()
    got = [
        one
        for friend in friends
        if scope.allows(friend.account_id)
        for one in of_friend(db, friend.id, MOST)
    ]
    return sorted(got, key=_began, reverse=True)[:MOST]


def _began(got: Got) -> tuple[str, str]:
    return moment(got.broadcast.began_at) or "", got.broadcast.id
