"""Another key for the install: every secret is opened with the old one, sealed with the new.

Nobody serves meanwhile: who has the old key would read nothing, and seal by it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlmodel import Session, SQLModel, col, select

from storage import accounts, pushes, second_factor, vapid
from storage.models.notices import PushAddress, VapidKey
from storage.models.operators import SecondFactor
from storage.models.people import Account
from storage.seal import seal, unseal


class CannotOpen(Exception):
    """A secret was sealed with yet another key; its place is the message."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One column of sealed secrets. place: of a row's, for its seal."""

    model: type[SQLModel]
    name: str
    place: Callable[[Any], str]


SEALED = (
    Sealed(Account, "secret_sealed", lambda row: accounts.place_of(row.id, "secret")),
    Sealed(Account, "next_secret_sealed", lambda row: accounts.place_of(row.id, "secret")),
    Sealed(Account, "token_sealed", lambda row: accounts.place_of(row.id, "token")),
    Sealed(SecondFactor, "seed", lambda row: second_factor.place_of(row.operator_id)),
    Sealed(SecondFactor, "next_seed", lambda row: second_factor.place_of(row.operator_id)),
    Sealed(VapidKey, "private_sealed", lambda _: vapid.PLACE),
    Sealed(PushAddress, "auth_sealed", lambda row: pushes.place_of(row.id)),
)


def reseal(db: Session, old: bytes, new: bytes) -> int:
    """How many there were. Raises CannotOpen for the first that the old key does not open."""
    count = 0
    for sealed in SEALED:
        for row in _rows(db, sealed, is_held=True):
            place = sealed.place(row)
            plain = _opened(old, getattr(row, sealed.name), place)
            setattr(row, sealed.name, seal(new, plain, place))
            db.add(row)
            count += 1
    return count


def opens(db: Session, key: bytes) -> bool:
    """Whether this key opens every secret that there is."""
    try:
        for sealed in SEALED:
            for row in _rows(db, sealed):
                _opened(key, getattr(row, sealed.name), sealed.place(row))
    except CannotOpen:
        return False
    return True


def _rows(db: Session, sealed: Sealed, *, is_held: bool = False) -> list[Any]:
    query = select(sealed.model).where(col(getattr(sealed.model, sealed.name)).is_not(None))
    return list(db.exec(query.with_for_update() if is_held else query))


def _opened(key: bytes, sealed: bytes, place: str) -> str:
    try:
        return unseal(key, sealed, place)
    except InvalidTag:
        raise CannotOpen(place) from None
