"""What must not lie in the database in clear, and the key that keeps it so."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from storage.accounts import NewAccount, add_account, credentials, list_accounts
from storage.models.people import Account
from storage.models.tables import METADATA
from storage.refusals import AlreadyThere
from storage.seal import load_key, seal, unseal
from storage.unit import Store
from tests import given


def test_secrets_are_nowhere_in_the_database_in_clear(store: Store, now: datetime) -> None:
    store.write(lambda db: given.an_account(db, now))

    def everything(db) -> str:
        return " ".join(
            repr(bytes(value) if isinstance(value, memoryview) else value)
            for table in METADATA.tables
            for row in db.connection().execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608
            for value in row
        )

    found = store.read(everything)
    assert "見本のお店" in found
    assert given.SECRET not in found
    assert given.TOKEN not in found
    account = store.read(lambda db: db.get_one(Account, "main"))
    opened = credentials(given.KEY, account)
    assert (opened.secret, opened.token) == (given.SECRET, given.TOKEN)
    assert given.SECRET not in repr(opened)


def test_a_sealed_secret_opens_only_in_its_place_and_with_its_key() -> None:
    sealed = seal(given.KEY, "秘密", "account:main:secret")

    assert unseal(given.KEY, sealed, "account:main:secret") == "秘密"
    for key, place in ((given.KEY, "account:main:token"), (b"x" * 32, "account:main:secret")):
        with pytest.raises(InvalidTag):
            unseal(key, sealed, place)
    assert seal(given.KEY, "秘密", "p") != seal(given.KEY, "秘密", "p")


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with ThreadPoolExecutor(4) as pool:
        keys = set(pool.map(lambda _: load_key(folder), range(8)))

    (key,) = keys
    assert len(key) == 32
    (file,) = folder.iterdir()
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert load_key(folder, "x" * 32) != key
    with pytest.raises(ValueError, match="32 characters"):
        load_key(folder, "short")


def test_accounts_are_added_once(store: Store, now: datetime) -> None:
    store.write(lambda db: given.an_account(db, now))

    with pytest.raises(AlreadyThere):
        store.write(lambda db: given.an_account(db, now))

    new = NewAccount("a", "別のお店", "見本", "s", "t", "strict")
    store.write(lambda db: add_account(db, given.KEY, new, now))
    assert [a.id for a in store.read(list_accounts)] == ["a", "main"]
