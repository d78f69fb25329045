"""People who are signed in, without a password being hashed for them."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlmodel import Session

from console.door import House
from storage import (
    operators,
)  # fmt: skip
from storage.models.operators import Operator, OperatorSession
from storage.operators import NewOperator, add_operator
from tests.console.conftest import HASH

NUMBERS = count(1)


@dataclass
class Person:
    """Somebody who is signed in: no password is hashed for it."""

    id: str
    token: str
    csrf_token: str
    session_id: str


def add_person(house: House, role: str, accounts: tuple[str, ...]) -> Person:
    """A new one, with a session of their own."""
    number, now = next(NUMBERS), house.clock()
    token = f"token-{number}"

    def write(db: Session) -> str:
        new = NewOperator(f"{number}@example.com", f"見本 {number}", role, HASH, accounts)
        operator = add_operator(db, new, now)
        operators.begin_session(db, operator, session_of(operator, token, now))
        return operator.id

    id_ = house.store.write(write)
    return Person(id_, token, f"csrf-{token}", operators.hash_token(token)[:32])


def session_of(operator: Operator, token: str, now: Any) -> OperatorSession:
    return OperatorSession(
        token_sha256=operators.hash_token(token),
        operator_id=operator.id,
        csrf_token=f"csrf-{token}",
        created_at=now,
        used_at=now,
        proved_at=now,
    )
