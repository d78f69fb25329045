"""Staff are told: by push to a browser, and only those whom it concerns, on both databases."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from bot.accounts import Accounts
from bot.egress import Egress
from bot.flow_source import FlowSource
from bot.line_client import LineClient
from bot.notice_worker import NoticeMeans, NoticeWorker
from storage import desk, notices, operators, presence, pushes, vapid
from storage.models.notices import Notice, NoticeCursor, PushAddress, WebPush
from storage.models.operators import Operator, OperatorSession
from storage.operators import Change, change_operator
from storage.preferences import keep_preference
from storage.unit import Store
from tests import given
from tests.bot.push_service import Chrome, PushService, claims

ZONE = "Asia/Tokyo"


@dataclass
class Shop:
    """A shop with two people, and what tells them."""

    store: Store
    service: PushService
    now: datetime
    talk: str = ""
    a: str = ""
    b: str = ""
    worker: NoticeWorker = field(init=False)

    def __post_init__(self) -> None:
        self.worker = self.make_worker()

    def make_worker(self) -> NoticeWorker:
        return NoticeWorker(
            NoticeMeans(
                store=self.store,
                key=given.KEY,
                accounts=Accounts(self.store, given.KEY),
                flows=FlowSource(self.store),
                client=LineClient("http://127.0.0.1:9", "http://127.0.0.1:9"),
                egress=Egress(frozenset({"127.0.0.1"})),
                spawn=lambda work: work(),
                public_url="https://counter.example.com",
                zone=ZONE,
                clock=lambda: self.now,
            )
        )

    def passes(self, **length: float) -> None:
        self.now += timedelta(**length)

    def hears(self, text: str = "まだですか", number: int = 50) -> None:
        def work(db: Session) -> None:
            given.a_message(db, given.the_account(db), text, self.now, number)

        self.store.write(work)

    def prefers(self, operator_id: str, **rules: Any) -> None:
        self.store.write(lambda db: keep_preference(db, operator_id, "notices", rules))

    def subscribes(self, operator_id: str, browser: Chrome, token: str = "") -> str:
        token = token or f"token-{operator_id}-{browser.endpoint}"

        def work(db: Session) -> None:
            session = OperatorSession(
                token_sha256=operators.hash_token(token), operator_id=operator_id,
                csrf_token="c", created_at=self.now, used_at=self.now,
            )  # fmt: skip
            db.add(session)
            vapid.ensure_key(db, given.KEY, self.now)
            hashed = operators.hash_token(token)
            pushes.subscribe(db, given.KEY, operator_id, hashed, browser.given, now=self.now)

        self.store.write(work)
        return token

    def works(self) -> None:
        """Everything that is to be told is told."""
        while self.worker.follow_once():
            pass
        while self.worker.push_once():
            pass

    def list_of(self, operator_id: str) -> list[tuple[str, int]]:
        found = self.store.read(lambda db: list(notices.list_notices(db, operator_id)))
        return [(one.occasion, one.count) for one in found]

    def pushed(self, browser: Chrome) -> list[dict[str, Any]]:
        path = browser.endpoint.removeprefix(self.service.origin)
        return [browser.read(body) for where, _, body in self.service.sent if where == path]

    def count(self, table: Any) -> int:
        query = select(func.count()).select_from(table)
        return int(self.store.read(lambda db: db.scalar(query)) or 0)


@pytest.fixture
def shop(store: Store) -> Iterator[Shop]:
    found = Shop(store, PushService().start(), datetime(2026, 11, 24, 2, 0, tzinfo=UTC))

    def work(db: Session) -> None:
        account = given.an_account(db, found.now)
        one, two = given.an_operator(db, found.now), given.an_operator(db, found.now, "見本 B")
        found.a, found.b = one.id, two.id
        talk = given.a_waiting_talk(db, account, found.now)
        desk.take(db, talk.id, one, talk.epoch, found.now)
        found.talk = talk.id

    store.write(work)
    found.works()
    store.write(lambda db: [db.delete(one) for one in db.scalars(select(Notice))])
    yield found
    found.worker.stop()
    found.service.stop()


def test_ten_replies_are_one_push_for_the_one_who_holds_the_talk(shop: Shop) -> None:
    mine, hers = shop.service.browser("a"), shop.service.browser("b")
    shop.subscribes(shop.a, mine)
    shop.subscribes(shop.b, hers)

    for number in range(10):
        shop.hears("秘密の用件です", 50 + number)
        shop.works()

    (told,) = shop.pushed(mine)
    assert (told["title"], told["body"]) == ("お客様から返信がありました", "")
    assert told["url"] == f"/talks/{shop.talk}"
    assert shop.pushed(hers) == []
    assert shop.list_of(shop.a) == [("reply", 10)]
    assert shop.list_of(shop.b) == []
    assert shop.count(WebPush) == 0


def test_a_push_is_signed_and_says_whose_it_is(shop: Shop) -> None:
    shop.subscribes(shop.a, shop.service.browser())
    shop.hears()
    shop.works()

    ((_, headers, _),) = shop.service.sent
    public = shop.store.read(lambda db: vapid.ensure_key(db, given.KEY, shop.now))
    said = claims(headers["authorization"], public)
    assert said["aud"] == shop.service.origin
    assert said["sub"] == "https://counter.example.com"
    assert shop.now.timestamp() < said["exp"] <= shop.now.timestamp() + 24 * 3600
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["ttl"] == "600"
    assert len(headers["topic"]) == 32


def test_names_and_words_are_in_a_push_for_whoever_wants_them(shop: Shop) -> None:
    browser = shop.service.browser()
    shop.subscribes(shop.a, browser)
    shop.prefers(shop.a, desktop_with_text=True)
    shop.hears("明日の10時はどうですか")
    shop.works()

    (told,) = shop.pushed(browser)
    assert "明日の10時はどうですか" in told["body"]


def test_who_looks_at_the_talk_or_did_it_is_not_told(shop: Shop) -> None:
    def look(db: Session) -> None:
        presence.set_presence(db, "socket", shop.a, shop.talk, "viewing", now=shop.now)

    def give(db: Session) -> None:
        one, two = (db.get_one(Operator, id_) for id_ in (shop.a, shop.b))
        talk = desk.lock(db, shop.talk)
        desk.assign(db, shop.talk, one, desk.Assignment(two, None, talk.epoch), shop.now)

    shop.store.write(look)
    shop.hears()
    shop.works()
    assert shop.list_of(shop.a) == []

    shop.store.write(give)
    shop.works()
    assert shop.list_of(shop.a) == []
    assert shop.list_of(shop.b) == [("assigned", 1)]


def test_after_one_has_looked_the_next_reply_rings_again(shop: Shop) -> None:
    browser = shop.service.browser()
    shop.subscribes(shop.a, browser)
    shop.hears()
    shop.works()
    shop.passes(minutes=2)
    shop.store.write(lambda db: notices.mark_seen(db, shop.a, shop.talk, None, shop.now))
    shop.passes(minutes=2)
    shop.hears("もしもし", 51)
    shop.works()

    assert len(shop.pushed(browser)) == 2
    assert shop.list_of(shop.a) == [("reply", 1), ("reply", 1)]


def test_what_happened_while_nobody_followed_is_only_listed(shop: Shop) -> None:
    browser = shop.service.browser()
    shop.subscribes(shop.a, browser)
    shop.hears()
    shop.passes(minutes=11)
    shop.works()

    assert shop.list_of(shop.a) == [("reply", 1)]
    assert shop.pushed(browser) == []


def test_a_crash_between_reading_and_writing_neither_loses_nor_repeats(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = shop.service.browser()
    shop.subscribes(shop.a, browser)
    shop.hears()
    real = pushes.enqueue

    def dies(*given_: Any, **named: Any) -> int:
        real(*given_, **named)
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(pushes, "enqueue", dies)
        with pytest.raises(RuntimeError):
            shop.worker.follow_once()
    assert (shop.count(WebPush), shop.list_of(shop.a)) == (0, [])

    shop.worker = shop.make_worker()
    shop.works()
    again = shop.make_worker()
    again.follow_once()
    again.push_once()
    again.stop()

    assert len(shop.pushed(browser)) == 1
    assert shop.list_of(shop.a) == [("reply", 1)]


def test_two_workers_tell_once(shop: Shop) -> None:
    shop.hears()
    other = shop.make_worker()
    results = [shop.worker.follow_once(), other.follow_once()]
    other.stop()

    assert results == [True, False]
    assert shop.list_of(shop.a) == [("reply", 1)]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_its_service_has_forgotten_is_forgotten(shop: Shop, status: int) -> None:
    shop.subscribes(shop.a, shop.service.browser())
    shop.service.status = status
    shop.hears()
    shop.works()

    assert (shop.count(PushAddress), shop.count(WebPush)) == (0, 0)


def test_a_service_in_trouble_is_tried_again_while_it_is_news(shop: Shop) -> None:
    browser = shop.service.browser()
    shop.subscribes(shop.a, browser)
    shop.service.status = 503
    shop.hears()
    shop.works()
    assert shop.count(WebPush) == 1

    shop.service.status = 201
    shop.passes(minutes=1)
    shop.works()
    assert len(shop.service.sent) == 2
    assert shop.count(WebPush) == 0

    shop.service.status = 503
    shop.store.write(lambda db: notices.mark_seen(db, shop.a, shop.talk, None, shop.now))
    shop.passes(minutes=2)
    shop.hears("まだ", 60)
    shop.works()
    shop.passes(minutes=11)
    shop.works()
    assert shop.count(WebPush) == 0


def test_a_refused_push_is_not_tried_again(shop: Shop) -> None:
    shop.subscribes(shop.a, shop.service.browser())
    shop.service.status = 403
    shop.hears()
    shop.works()
    shop.passes(minutes=3)
    shop.works()

    assert len(shop.service.sent) == 1
    address = shop.store.read(lambda db: db.scalars(select(PushAddress)).one())
    assert address.fate == "refused"


@pytest.mark.parametrize("how", ["signed out", "locked out", "idle"])
def test_nobody_is_pushed_to_after_their_session(shop: Shop, how: str) -> None:
    token = shop.subscribes(shop.a, shop.service.browser())
    shop.hears()
    while shop.worker.follow_once():
        pass
    assert shop.count(WebPush) == 1

    def end(db: Session) -> None:
        if how == "signed out":
            operators.end_session(db, token)
        elif how == "locked out":
            change_operator(db, db.get_one(Operator, shop.a), Change(is_disabled=True))
        else:
            session = db.get_one(OperatorSession, operators.hash_token(token))
            session.used_at = shop.now - timedelta(hours=13)
            db.add(session)

    shop.store.write(end)
    while shop.worker.push_once():
        pass

    assert shop.service.sent == []
    assert (shop.count(PushAddress), shop.count(WebPush)) == (0, 0)


def test_an_address_of_our_own_net_is_never_called(shop: Shop) -> None:
    browser = Chrome("http://169.254.169.254/latest")
    inside = Chrome("https://10.0.0.8/push")
    shop.subscribes(shop.a, browser)
    shop.subscribes(shop.a, inside)
    shop.hears()
    shop.works()

    addresses = shop.store.read(lambda db: list(db.scalars(select(PushAddress))))
    assert [one.fate for one in addresses] == ["refused", "refused"]
    assert shop.count(WebPush) == 0


def test_the_quiet_hours_send_nothing_and_a_count_afterwards(shop: Shop) -> None:
    browser = shop.service.browser()
    quiet = {"is_on": True, "days": [1], "begins": "10:00", "ends": "12:00"}  # it is 11:00 there
    shop.prefers(shop.a, quiet=quiet)
    shop.subscribes(shop.a, browser)
    shop.hears()
    shop.works()
    shop.worker.release_once()
    assert shop.list_of(shop.a) == [("reply", 1)]
    assert shop.service.sent == []

    shop.passes(hours=1, minutes=1)
    shop.worker.release_once()
    shop.works()
    shop.worker.release_once()
    shop.works()

    (told,) = shop.pushed(browser)
    assert told["title"] == "通知しない時間のあいだに 1 件のお知らせがありました"


def test_the_list_keeps_the_newest_fifty(shop: Shop) -> None:
    def work(db: Session) -> None:
        for number in range(60):
            line = Notice(
                operator_id=shop.a, account_id="main", conversation_id=f"t{number}",
                occasion="reply", entry_id=1, at=shop.now - timedelta(minutes=number),
            )  # fmt: skip
            db.add(line)

    shop.store.write(work)
    shop.hears()
    shop.works()

    found = shop.store.read(lambda db: list(notices.list_notices(db, shop.a)))
    assert len(found) == 50
    assert found[0].conversation_id == shop.talk
    assert found[-1].conversation_id == "t48"


def test_what_concerns_nobody_moves_no_cursor_until_much_has_passed(shop: Shop) -> None:
    before = shop.store.read(lambda db: db.get_one(NoticeCursor, "main").last_id)

    def see(db: Session) -> None:
        talk = desk.lock(db, shop.talk)
        talk.unseen_count = 3
        desk.mark_seen(db, shop.talk, db.get_one(Operator, shop.a), talk.last_seq, shop.now)

    shop.store.write(see)
    assert shop.worker.follow_once() is False
    assert shop.store.read(lambda db: db.get_one(NoticeCursor, "main").last_id) == before
