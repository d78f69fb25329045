"""Another key opens all that the old one did, the old one nothing; addresses stay as they were."""

from datetime import datetime

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import LargeBinary
from sqlmodel import Session, col, select

from storage import second_factor, vapid
from storage.accounts import add_secret, credentials
from storage.models.operators import Operator, SecondFactor
from storage.models.people import Account
from storage.models.tables import METADATA
from storage.resealing import SEALED, CannotOpen, opens, reseal
from storage.seal import FORM, another_key, derived, read_signed, sign, unseal
from storage.unit import Store
from tests import given

PLAIN = {"faq_vector.vector", "search_posting.postings"}  # bytes that are no secret


def filled(store: Store, now: datetime) -> str:
    """Every kind of secret; an operator's id."""

    def work(db: Session) -> str:
        given.an_account(db, now)
        add_secret(db, given.KEY, "main", "次の秘密の見本")
        operator = given.an_operator(db, now)
        second_factor.begin(db, given.KEY, operator)
        vapid.ensure_key(db, given.KEY, now)
        return operator.id

    return store.write(work)


def test_every_column_of_bytes_is_sealed_anew_or_no_secret() -> None:
    told = {f"{one.model.__tablename__}.{one.name}" for one in SEALED}
    found = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert told | PLAIN == found


def test_all_of_it_opens_with_the_new_key_alone(store: Store, now: datetime) -> None:
    operator_id, new = filled(store, now), another_key(given.KEY)
    private = store.read(lambda db: vapid.private_key(db, given.KEY))

    assert store.write(lambda db: reseal(db, given.KEY, new)) == 5

    assert store.read(lambda db: opens(db, new))
    assert not store.read(lambda db: opens(db, given.KEY))
    account = store.read(lambda db: db.get_one(Account, "main"))
    found = credentials(new, account)
    assert (found.secret, found.token) == (given.SECRET, given.TOKEN)
    assert found.next_secret == "次の秘密の見本"
    with pytest.raises(InvalidTag):
        credentials(given.KEY, account)
    assert store.read(lambda db: vapid.private_key(db, new)) == private
    factor = store.read(lambda db: db.get_one(SecondFactor, operator_id))
    assert unseal(new, factor.next_seed or b"", second_factor.place_of(operator_id))


def test_a_secret_of_yet_another_key_stops_all_of_it(store: Store, now: datetime) -> None:
    filled(store, now)
    third = another_key(given.KEY)

    with pytest.raises(CannotOpen, match="account:main:secret"):
        store.write(lambda db: reseal(db, third, another_key(third)))

    assert store.read(lambda db: opens(db, given.KEY))
    assert store.read(lambda db: db.exec(select(col(Operator.id))).all())


def test_addresses_that_customers_hold_outlive_every_change() -> None:
    token, key = sign(given.KEY, FORM, "f1"), given.KEY
    for _ in range(3):
        key = another_key(key)
        assert read_signed(key, FORM, token) == "f1"
        assert sign(key, FORM, "f1") == token
        assert derived(key, b"log") == derived(given.KEY, b"log")
    assert read_signed(b"z" * 32, FORM, token) is None
    with pytest.raises(ValueError, match="32"):
        another_key(key, "short")
