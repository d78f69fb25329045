"""People: one customer behind the friends of one provider, and why each tag is there."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlmodel import func, select

from storage import customers, journal, rows
from storage.customers import FieldChange
from storage.models.people import Account, Customer, Friend
from storage.models.talks import Conversation
from storage.models.work import Arrival
from storage.refusals import NotFound
from storage.talks import open_conversation
from storage.unit import Store
from tests import given

REASON = {"flow": "welcome", "step": "menu", "run_id": "run-1"}


@pytest.fixture
def customer(store: Store, now: datetime) -> str:
    """A customer with a talk."""

    def work(db) -> str:
        return given.a_talk(db, given.an_account(db, now), now).customer_id

    return store.write(work)


def test_fifty_first_messages_at_once_make_one_conversation(store: Store, now: datetime) -> None:
    store.write(lambda db: given.an_account(db, now))
    store.write(lambda db: given.an_account(db, now, "second"))

    def first_message(number: int) -> tuple[str, str]:
        def work(db) -> tuple[str, str]:
            account = db.get_one(Account, "main" if number % 2 else "second")
            friend = customers.find_or_create_friend(db, account, given.USER, now)
            return open_conversation(db, friend, now).id, friend.customer_id

        return store.write(work)

    with ThreadPoolExecutor(12) as pool:
        made = list(pool.map(first_message, range(50)))

    assert len({talk for talk, _ in made}) == 2  # one in each account
    assert len({customer for _, customer in made}) == 1
    counts = store.read(
        lambda db: [db.exec(select(func.count()).select_from(t)).one() for t in (Friend, Customer)]
    )
    assert counts == [2, 1]
    assert store.read(lambda db: len(db.exec(select(Conversation)).all())) == 2


def test_accounts_of_different_providers_do_not_share_people(store: Store, now: datetime) -> None:
    def work(db) -> set[str]:
        pair = [given.an_account(db, now), given.an_account(db, now, "b", provider="別会社")]
        found = [customers.find_or_create_friend(db, a, given.USER, now) for a in pair]
        return {friend.customer_id for friend in found}

    assert len(store.write(work)) == 2


def test_a_tag_is_put_on_once_with_its_reason_and_the_bot_is_told(
    store: Store, now: datetime, customer: str
) -> None:
    def put(db) -> bool:
        return customers.put_tag(db, customer, "VIP", REASON, journal.BOT, now)

    assert [store.write(put), store.write(put)] == [True, False]

    row = store.read(lambda db: rows.customer_row(db, customers.get_customer(db, customer)))
    shown = {"flow": "welcome", "step": "menu"}
    assert row["tags"] == [{"tag": "VIP", "at": rows.moment(now), "reason": shown}]
    (told,) = store.read(lambda db: db.exec(select(Arrival)).all())
    assert (told.kind, told.raw) == ("tagged", {"tag": "VIP", "flow": "welcome"})
    assert store.read(lambda db: customers.customer_facts(db, customer)).tags == {"VIP"}

    def take(db) -> bool:
        return customers.take_tag(db, customer, "VIP", journal.BOT, now)

    assert [store.write(take), store.write(take)] == [True, False]
    kinds = [e.kind for e in store.read(lambda db: journal.tail(db, "main", 0)).entries]
    assert kinds == ["customer.tagged", "customer.untagged"]


def test_eight_who_put_the_same_tag_on_at_once_put_it_on_once(
    store: Store, now: datetime, customer: str
) -> None:
    def put(_: int) -> bool:
        return store.write(lambda db: customers.put_tag(db, customer, "VIP", {}, journal.BOT, now))

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(put, range(8))) == [False] * 7 + [True]


def test_fields_are_written_overwritten_and_cleared(
    store: Store, now: datetime, customer: str
) -> None:
    def change(*changes: FieldChange) -> None:
        store.write(lambda db: customers.set_fields(db, customer, list(changes), journal.BOT, now))

    change(FieldChange("size", "M", {}), FieldChange("birthday", "1990-04-01", {}))
    change(FieldChange("size", "L", {}), FieldChange("birthday", None, {}))

    facts = store.read(lambda db: customers.customer_facts(db, customer))
    assert dict(facts.fields) == {"size": "L"}
    last = store.read(lambda db: journal.tail(db, "main", 0)).entries[-1]
    assert last.payload["change"] == {"fields": {"size": "L", "birthday": None}}
    assert last.payload["conversation"]["customer_id"] == customer


def test_our_own_name_wins_over_the_display_name(
    store: Store, now: datetime, customer: str
) -> None:
    def profile(db) -> None:
        friend = db.exec(select(Friend)).one()
        assert friend.profile_due_at == now
        customers.set_profile(db, friend, {"displayName": "はなこ", "language": "ja"}, now)

    store.write(profile)
    assert store.read(lambda db: customers.customer_facts(db, customer)).name == "はなこ"

    actor = {"kind": "operator", "id": "o", "name": "見本スタッフA"}
    store.write(lambda db: customers.rename(db, customer, "見本 花子", actor, now))
    store.write(lambda db: customers.set_owner(db, customer, "o", actor, now))

    row = store.read(lambda db: rows.customer_row(db, customers.get_customer(db, customer)))
    assert (row["name"], row["display_name"], row["owner_id"]) == ("見本 花子", "はなこ", "o")
    assert row["friends"][0]["display_name"] == "はなこ"
    talk = store.read(lambda db: rows.conversation_rows(db, db.exec(select(Conversation)).all()))
    assert talk[0]["customer_name"] == "見本 花子"


def test_a_friend_blocks_and_comes_back(store: Store, now: datetime, customer: str) -> None:
    store.write(lambda db: customers.blocked(db, db.exec(select(Friend)).one(), now, now))
    assert store.read(lambda db: db.exec(select(Friend)).one()).is_blocked

    store.write(lambda db: customers.followed(db, db.exec(select(Friend)).one(), now))

    friend = store.read(lambda db: db.exec(select(Friend)).one())
    assert (friend.is_blocked, friend.followed_at) == (False, now)


def test_what_is_not_there_is_not_found(store: Store, now: datetime) -> None:
    with pytest.raises(NotFound):
        store.read(lambda db: customers.get_customer(db, "nobody"))
    with pytest.raises(NotFound):
        store.write(lambda db: customers.rename(db, "nobody", "x", journal.BOT, now))
    assert store.read(lambda db: customers.customer_facts(db, "nobody")).name == ""
