"""Drafts as browsers make them, their pictures, tests to oneself, and what one person got."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from storage import uploads
from storage.broadcast_drafts import create_once, hold_pictures, let_go_pictures
from storage.broadcast_failures import Failure, list_failures
from storage.broadcast_got import list_got
from storage.broadcast_outcomes import Strangers
from storage.broadcast_tests import send_to_oneself
from storage.broadcasts import Written
from storage.customers import blocked
from storage.models.broadcasts import Broadcast
from storage.models.operators import Operator
from storage.models.people import Friend
from storage.models.uploads import Upload
from storage.operator_friends import link
from storage.outcomes import Sent
from storage.refusals import FriendHasBlocked, NotFound
from storage.talk_filters import Scope
from storage.unit import Store
from storage.uploads import Kept, Place
from tests import given
from tests.storage.broadcasting import HELLO, a_house, begun, claimed, recorded, user

WEEK = timedelta(days=8)


def test_one_request_makes_one_draft_however_often_it_comes(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 0)

    def create(account: str = "main") -> tuple[str, bool]:
        def work(db: Session) -> tuple[str, bool]:
            by = db.get_one(Operator, manager)
            made, is_new = create_once(db, account, "b1", Written("見本", HELLO), by, now)
            return made.id, is_new

        return store.write(work)

    first, is_new = create()
    assert is_new
    assert create() == (first, False)
    store.write(lambda db: given.an_account(db, now, "other", provider="別"))
    with pytest.raises(NotFound):
        create("other")
    store.write(lambda db: db.delete(db.get_one(Broadcast, first)))
    with pytest.raises(NotFound):
        create()
    assert store.read(lambda db: db.exec(select(Broadcast)).all()) == []


def test_a_picture_stays_while_a_broadcast_of_its_account_shows_it(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 0)
    kept = Kept("image", "見本.jpg", "image/jpeg", 6, "a" * 64, "b" * 64, 10, 10)
    file = Kept("file", "見本.pdf", "application/pdf", 6, "c" * 64)

    def begin(db: Session) -> tuple[str, str, list[str]]:
        by, place = db.get_one(Operator, manager), Place("main")
        picture = uploads.keep_upload(db, place, manager, "u1", kept, now)
        other = uploads.keep_upload(db, place, manager, "u2", file, now)
        shown = {"type": "image", "originalContentUrl": f"https://a/media/{picture.id}.x"}
        made = [
            create_once(db, "main", f"b{number}", Written("見本", [shown]), by, now)[0].id
            for number in (1, 2)
        ]
        hold_pictures(db, "main", [picture.id], now)
        return picture.id, other.id, made

    picture, other, (first, second) = store.write(begin)
    with pytest.raises(NotFound):  # no picture
        store.write(lambda db: hold_pictures(db, "main", [other], now))
    with pytest.raises(NotFound):
        store.write(lambda db: hold_pictures(db, "elsewhere", [picture], now))

    def let_go(broadcast_id: str) -> bool:
        """Whether it is kept for nobody any more."""

        def work(db: Session) -> bool:
            broadcast = db.get_one(Broadcast, broadcast_id)
            db.delete(broadcast)
            let_go_pictures(db, broadcast, [picture], now)
            return db.get_one(Upload, picture).used_at is None

        return store.write(work)

    assert not let_go(first), "the other one shows it"
    assert let_go(second)


def test_a_test_goes_to_the_own_talk_and_not_to_who_has_blocked(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 2)

    def send(db: Session) -> str:
        return send_to_oneself(db, manager, HELLO, "test:1", now).line_user_id

    with pytest.raises(NotFound):
        store.write(send)

    def link_own(db: Session) -> None:
        talk = given.a_talk(db, given.the_account(db, "main"), now, user(0))
        link(db, talk, db.get_one(Operator, manager), now)

    store.write(link_own)
    assert store.write(send) == user(0)
    own = select(Friend).where(Friend.line_user_id == user(0))
    store.write(lambda db: blocked(db, db.exec(own).one(), now, now))
    with pytest.raises(FriendHasBlocked):
        store.write(send)


def test_what_one_person_got_and_why_others_did_not(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 3)
    first = begun(store, manager, now)
    (call,) = claimed(store, now)
    recorded(store, call, Strangers((1,), "400 nobody"), now)
    (rest,) = claimed(store, now)
    recorded(store, rest, Sent("request"), now)
    second = begun(store, manager, now + WEEK)

    def got(of: int, *accounts: str) -> list[tuple[str, str]]:
        def read(db: Session) -> list[tuple[str, str]]:
            id_ = call.line_user_ids[of]
            person = db.exec(select(Friend).where(Friend.line_user_id == id_)).one().customer_id
            scope = Scope(manager, frozenset(accounts) or None)
            return [(one.broadcast.id, one.state) for one in list_got(db, scope, person)]

        return store.read(read)

    assert got(0) == [(second.id, "pending"), (first.id, "sent")]
    assert got(1) == [(second.id, "pending"), (first.id, "failed")]
    assert got(0, "other") == []
    failures = store.read(lambda db: list_failures(db, first.id))
    assert failures == [Failure("400 nobody", 1)]
    assert store.read(lambda db: list_failures(db, second.id)) == []
