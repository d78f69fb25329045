"""What is done to a talk at the counter: taken, given, resolved, returned, put aside, seen; and
some of that taken back."""

from collections.abc import Callable

from sqlmodel import Session

from console import bodies
from console.api.house import shared_files
from console.door import Asker, House, Row
from console.refusals import Forbidden
from storage import conversations, desk, rows, undoing
from storage.desk import Assignment
from storage.models.operators import Operator
from storage.models.talks import Conversation
from storage.operators import accounts_of, get_operator
from storage.refusals import NotFound


def take(house: House, asker: Asker, talk_id: str, body: bodies.Take) -> Row:
    """Claim a talk."""

    def move(db: Session, _talk: Conversation) -> Conversation:
        return desk.take(db, talk_id, asker.operator, body.epoch, house.clock())

    return _moved(house, asker, talk_id, move)


def assign(house: House, asker: Asker, talk_id: str, body: bodies.Assign) -> Row:
    """Give a talk; an operator gives only what they or nobody hold.

    Who did not see that a colleague was faster is told that, not that they may not.
    """

    def move(db: Session, talk: Conversation) -> Conversation:
        check_may_give(asker, talk, body.epoch)
        to = find_assignee(db, body.operator_id, talk) if body.operator_id else None
        _check_queue(db, body.queue, talk)
        given = Assignment(to, body.queue, body.epoch)
        return desk.assign(db, talk_id, asker.operator, given, house.clock())

    return _moved(house, asker, talk_id, move)


def resolve(house: House, asker: Asker, talk_id: str) -> Row:
    """Mark as done."""

    def move(db: Session, _talk: Conversation) -> Conversation:
        return desk.resolve(db, talk_id, asker.operator, house.clock())

    return _moved(house, asker, talk_id, move)


def give_back(house: House, asker: Asker, talk_id: str) -> Row:
    """Return to the bot."""

    def move(db: Session, _talk: Conversation) -> Conversation:
        return desk.return_to_bot(db, talk_id, asker.operator, house.clock())

    return _moved(house, asker, talk_id, move)


def snooze(house: House, asker: Asker, talk_id: str, body: bodies.Snooze) -> Row:
    """Put aside until a moment in the future."""
    now = house.clock()
    if body.until <= now:
        raise ValueError("until: a moment in the future")

    def move(db: Session, _talk: Conversation) -> Conversation:
        return desk.snooze(db, talk_id, asker.operator, body.until, now)

    return _moved(house, asker, talk_id, move)


def mark_seen(house: House, asker: Asker, talk_id: str, body: bodies.Seen) -> Row:
    """The staff have seen it up to `seq`."""

    def move(db: Session, _talk: Conversation) -> Conversation:
        return desk.mark_seen(db, talk_id, asker.operator, body.seq, house.clock())

    return _moved(house, asker, talk_id, move)


def mark_unseen(house: House, asker: Asker, talk_id: str) -> Row:
    """The staff want to look at it again."""

    def move(db: Session, _talk: Conversation) -> Conversation:
        return undoing.mark_unseen(db, talk_id, asker.operator, house.clock())

    return _moved(house, asker, talk_id, move)


def reopen(house: House, asker: Asker, talk_id: str) -> Row:
    """Take back that it was done."""

    def move(db: Session, _talk: Conversation) -> Conversation:
        return undoing.reopen_by_hand(db, talk_id, asker.operator, house.clock())

    return _moved(house, asker, talk_id, move)


def wake(house: House, asker: Asker, talk_id: str) -> Row:
    """Take back that it was put aside."""

    def move(db: Session, _talk: Conversation) -> Conversation:
        return undoing.wake_by_hand(db, talk_id, asker.operator, house.clock())

    return _moved(house, asker, talk_id, move)


def check_may_give(asker: Asker, talk: Conversation, epoch: int) -> None:
    """An operator gives only what they or nobody hold. Raises Forbidden."""
    is_free = talk.assignee_id in {None, asker.operator.id}
    if asker.role == "operator" and not is_free and talk.epoch == epoch:
        raise Forbidden


def find_assignee(db: Session, operator_id: str, talk: Conversation) -> Operator:
    """Somebody who may answer this talk. Raises NotFound."""
    found = get_operator(db, operator_id)
    accounts = accounts_of(db, operator_id)
    may_see = accounts is None or talk.account_id in accounts
    if found.is_disabled or found.role == "viewer" or not may_see:
        raise NotFound("this operator cannot take the conversation")
    return found


def _moved(
    house: House,
    asker: Asker,
    talk_id: str,
    move: Callable[[Session, Conversation], Conversation],
) -> Row:
    """Make a move on a talk that the asker may see; the talk as it is then."""

    def write(db: Session) -> Row:
        talk = conversations.get_conversation(db, asker.scope, talk_id)
        return rows.conversation_row(db, move(db, talk))

    return house.store.write(write)


def _check_queue(db: Session, queue: str | None, talk: Conversation) -> None:
    """A queue that is for other accounts is none to go to. Raises ValueError."""
    accounts = shared_files(db).queues.accounts.get(queue or "")
    if accounts is not None and talk.account_id not in accounts:
        raise ValueError("queue: it is not for this account")
