"""Who else may see a talk: those whom a note may call, and to whom a draft may be handed."""

from collections.abc import Sequence

from sqlmodel import Session

from console.door import Asker, House, Row
from storage.conversations import get_conversation
from storage.models.operators import Operator
from storage.models.talks import Conversation
from storage.operators import accounts_of, is_joined, list_operators
from storage.refusals import NotFound


def list_colleagues(house: House, asker: Asker, talk_id: str) -> Row:
    """Everybody who may see the talk, by name; oneself too."""

    def read(db: Session) -> Row:
        talk = get_conversation(db, asker.scope, talk_id)
        found = [o for o in list_operators(db) if _may_see(db, o, talk)]
        items = [{"id": o.id, "name": o.name, "role": o.role} for o in found]
        return {"items": items, "next": None}

    return house.store.read(read)


def find_colleague(db: Session, operator_id: str, talk: Conversation) -> Operator:
    """Somebody who may see the talk. Raises NotFound."""
    found = db.get(Operator, operator_id)
    if found is None or not _may_see(db, found, talk):
        raise NotFound("this operator does not see the conversation")
    return found


def check_mentions(db: Session, mentions: Sequence[str], talk: Conversation) -> list[str]:
    """Each once, and everybody of them somebody who may see the talk. Raises NotFound."""
    return [find_colleague(db, id_, talk).id for id_ in dict.fromkeys(mentions)]


def _may_see(db: Session, operator: Operator, talk: Conversation) -> bool:
    if operator.is_disabled or not is_joined(operator):
        return False
    accounts = accounts_of(db, operator.id)
    return accounts is None or talk.account_id in accounts
