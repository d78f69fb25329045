"""The migrations make the tables of the models, go down, and come up again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, func, inspect, select, text
from sqlmodel import Session

from storage import journal, notes
from storage.customers import rename
from storage.incoming import unsend
from storage.migrate import (
    NewerDatabase,
    UnknownVersion,
    downgrade,
    go_back,
    head,
    is_at_head,
    is_usable,
    upgrade,
    versions,
)
from storage.models.search import SearchText
from storage.models.tables import METADATA
from storage.models.talks import Conversation
from storage.unit import Store, open_store
from tests import given
from tests.storage.searching import found, seal


def differences(url: str) -> list[object]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), METADATA
        )
    engine.dispose()
    return found


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names - {"alembic_version"}


def test_the_migrated_schema_is_that_of_the_models(database_url: str) -> None:
    assert differences(database_url) == []
    assert tables(database_url) == set(METADATA.tables)


def test_down_to_nothing_and_up_again(database_url: str, store: Store) -> None:
    assert store.read(is_at_head)
    store.close()

    downgrade(database_url, "base")
    assert tables(database_url) == set()
    upgrade(database_url)

    assert differences(database_url) == []
    again = open_store(database_url)
    assert again.read(is_at_head)
    again.close()


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/folder/new.db"

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: upgrade(url), range(4)))

    assert differences(url) == []


def test_an_empty_database_is_not_at_head() -> None:
    engine = create_engine("sqlite://")
    with Session(engine) as db:
        assert not is_at_head(db)
    engine.dispose()
    upgrade("sqlite://")  # in memory: nobody to lock out


@pytest.mark.parametrize("statement", ["PRAGMA journal_mode", "PRAGMA synchronous"])
def test_sqlite_is_durable(tmp_path: Path, statement: str) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    upgrade(url)
    store = open_store(url)
    value = store.write(lambda db: db.connection().exec_driver_sql(statement).scalar_one())
    store.close()
    assert value in {"wal", 2}  # 2: FULL


def test_what_was_said_before_the_search_came_is_found_and_again_after_down_and_up(
    database_url: str, now: datetime
) -> None:
    def fill(db: Session) -> None:
        account = given.an_account(db, now)
        talk, message = given.a_message(db, account, "明日のカットの予約", now)
        messages.append(message.id)
        given.a_message(db, account, "取り消す話", now, 2)
        unsend(db, talk, "2", now)
        operator = given.an_operator(db, now)
        notes.add_note(db, talk.id, operator, "n1", "前回はカット", now=now)
        rename(db, talk.customer_id, "見本 花子", journal.BOT, now)

    messages: list[str] = []
    store = open_store(database_url)
    store.write(fill)
    store.close()
    for _ in range(2):
        downgrade(database_url, "0007")
        assert not tables(database_url) & {"search_text", "search_posting", "search_stretch"}
        upgrade(database_url)

        store = open_store(database_url)
        assert found(store, "カット") == messages
        assert len(found(store, "ｶｯﾄ", "note")) == len(found(store, "花子", "customer")) == 1
        assert found(store, "取り消す") == []
        assert store.write(lambda db: db.scalar(select(func.count()).select_from(SearchText))) == 3
        assert seal(store) == 1
        assert found(store, "カット") == messages
        store.close()


def test_old_talks_are_sorted_by_their_last_message_too(
    database_url: str, store: Store, now: datetime
) -> None:
    at = now.replace(microsecond=123_000)
    store.write(lambda db: given.a_message(db, given.an_account(db, now), "見本", at))
    store.write(lambda db: given.a_talk(db, given.the_account(db), now, "U" + "2" * 32))
    store.close()

    downgrade(database_url, "0011")
    upgrade(database_url)

    again = open_store(database_url)
    query = select(Conversation.last_message_at).order_by(Conversation.id)
    assert again.read(lambda db: list(db.scalars(query))) == [at, None]
    again.close()


def test_an_older_version_works_on_with_a_newer_database_and_does_not_start_on_one(
    database_url: str, store: Store
) -> None:
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    store.write(lambda db: db.execute(newer))

    assert store.read(is_usable)
    assert not store.read(is_at_head)
    with pytest.raises(NewerDatabase, match=rf"9999.*migrate --to {head()}"):
        upgrade(database_url)
    with pytest.raises(NewerDatabase, match="9999"):
        go_back(database_url, head())
    assert (
        store.read(lambda db: db.scalar(text("SELECT version_num FROM alembic_version"))) == "9999"
    )


def test_the_newer_version_takes_the_database_back_for_the_older_one(
    database_url: str, store: Store
) -> None:
    store.close()
    before = versions()[-2]

    with pytest.raises(UnknownVersion, match="9999"):
        go_back(database_url, "9999")
    go_back(database_url, before)
    go_back(database_url, before)
    with pytest.raises(UnknownVersion, match=f"at version {before}"):
        go_back(database_url, head())

    again = open_store(database_url)
    assert not again.read(is_usable)
    again.close()
    upgrade(database_url)
    assert differences(database_url) == []
