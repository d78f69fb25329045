"""Taking back what has not left yet."""

from sqlmodel import Session

from console.door import Asker, House, Row
from console.refusals import Forbidden
from storage import rows, taking_back
from storage.conversations import get_conversation
from storage.operators import LEADERS


def cancel(house: House, asker: Asker, message_id: str) -> Row:
    """The lines of one call, which are not sent; 409 `too_late` when it has left."""

    def write(db: Session) -> Row:
        message = taking_back.get_message(db, message_id)
        get_conversation(db, asker.scope, message.conversation_id)
        if message.operator_id != asker.operator.id and asker.role not in LEADERS:
            raise Forbidden
        lines = taking_back.take_back(db, message, asker.operator, house.clock())
        return {"items": rows.message_rows(db, lines), "next": None}

    return house.store.write(write)
