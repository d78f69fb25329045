"""An operator links their LINE with a code, is told there, and is no customer meanwhile."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from bot.accounts import Accounts
from bot.egress import Egress
from bot.flow_source import FlowSource
from bot.line_client import LineClient
from bot.notice_worker import NoticeMeans, NoticeWorker
from storage import account_facts, desk, operator_friends, quota
from storage.conversations import Filter, Scope, get_conversation, list_conversations
from storage.finding import Wanted
from storage.hits import list_hits
from storage.models.drafting import Scheduled
from storage.models.notices import FriendCodeTry, OperatorFriend
from storage.models.operators import Operator
from storage.models.people import Friend
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival
from storage.preferences import keep_preference
from storage.refusals import NotFound
from storage.scheduled import Plan, schedule
from storage.scheduled_rows import list_open
from storage.search_words import read_words
from storage.unit import Store
from storage.watching import Moment, count_tiles
from tests import given
from tests.bot.conftest import Line, eventually
from tests.bot.pages import Counter

BY_LINE = {"toast": False, "sound": False, "desktop": False, "line": True}
TEXT = [{"type": "text", "text": "見本の予定"}]
RULES = {"matrix": {"reply": BY_LINE, "handoff": BY_LINE}, "line_daily_cap": 2}


@pytest.fixture
def teller(counter: Line, store: Store) -> Iterator[NoticeWorker]:
    """What tells staff, beside the running bot."""
    assert counter.flows is not None
    worker = NoticeWorker(
        NoticeMeans(
            store=store,
            key=given.KEY,
            accounts=Accounts(store, given.KEY),
            flows=FlowSource(store),
            client=LineClient(counter.url, counter.url),
            egress=Egress(),
            spawn=lambda work: work(),
            public_url="https://counter.example.com",
            zone="Asia/Tokyo",
            clock=counter.now,
        )
    )
    yield worker
    worker.stop()


def an_operator(store: Store, line: Line, name: str = "見本スタッフA") -> Operator:
    return store.write(lambda db: given.an_operator(db, line.now(), name))


def a_code(store: Store, line: Line, operator: Operator) -> str:
    return store.write(lambda db: operator_friends.make_code(db, operator.id, "main", line.now()))


def linked(counter: Line, store: Store, operator: Operator, phone: str | None = None) -> str:
    """The phone of an operator, linked."""
    user = phone or counter.friend("見本 スタッフの電話")
    counter.does(user, "say", text=f"スタッフ連携 {a_code(store, counter, operator)}")
    eventually(lambda: any("つながりました" in text for text in counter.texts(user)), "the link")
    store.write(lambda db: keep_preference(db, operator.id, "notices", RULES))
    return user


def talk_of(store: Store, user: str) -> Conversation:
    def read(db: Session) -> Conversation:
        of_user = select(Conversation).join(Friend, Friend.id == Conversation.friend_id)
        return db.scalars(of_user.where(Friend.line_user_id == user)).one()

    return store.read(read)


def in_lists(store: Store) -> list[str]:
    found = store.read(lambda db: list_conversations(db, Scope("x"), Filter(), None)[0])
    return [talk.id for talk in found]


def found_by_search(store: Store, words: str) -> list[str | None]:
    wanted = Wanted(read_words(words), "message")
    hits, _ = store.read(lambda db: list_hits(db, Scope("x"), wanted, None, 10))
    return [hit["conversation_id"] for hit in hits]


def scheduled_ones(store: Store) -> list[str]:
    found = store.read(lambda db: list_open(db, None, None))
    return [one.conversation_id for one in found]


def states(store: Store) -> list[str]:
    return store.read(lambda db: sorted(db.scalars(select(Scheduled.state)).all()))


def handed_today(store: Store, line: Line) -> int:
    """The figure at the top of the supervisors' view."""
    at = Moment(line.now(), line.now() - timedelta(hours=1))
    return store.read(lambda db: count_tiles(db, Scope("x"), None, at)).handed_today


def settle(store: Store) -> None:
    """Every event had its turn."""

    def pending(db: Session) -> Any:
        return db.scalars(select(Arrival.id).where(Arrival.state == "pending")).first()

    eventually(lambda: store.read(pending) is None, "the turns")


def a_held_talk(counter: Line, store: Store, at_counter: Counter, operator: Operator) -> str:
    """A customer's talk that the operator holds."""
    talk = talk_of(store, at_counter.user)
    taken = store.write(
        lambda db: desk.take(
            db, talk.id, db.get_one(Operator, operator.id), talk.epoch, counter.now()
        )
    )
    settle(store)
    return taken.id


def test_the_code_links_the_phone_and_nothing_of_it_is_a_customers(
    counter: Line, store: Store
) -> None:
    counter.opens()
    operator = an_operator(store, counter)
    user = counter.friend("見本 スタッフの電話")
    counter.does(user, "say", text="以前のお客様としての言葉")
    eventually(lambda: counter.texts(user), "the bot's answer, to a customer still")
    talk = talk_of(store, user)
    for name, stops in (("later", False), ("unless they write", True)):
        plan = Plan(name, TEXT, None, counter.now() + timedelta(days=1), stops_on_reply=stops)
        store.write(lambda db, plan=plan: schedule(db, talk.id, operator, plan, counter.now()))
    counter.does(user, "say", text="まだお客様です")
    eventually(lambda: states(store) == ["stopped", "waiting"], "one that does not go out any more")
    assert found_by_search(store, "以前のお客様") == [talk.id]
    assert scheduled_ones(store) == [talk.id, talk.id]
    assert handed_today(store, counter) == 1
    linked(counter, store, operator, user)
    talk = talk_of(store, user)
    before = len(counter.texts(user))

    counter.does(user, "say", text="予約したい")
    counter.does(user, "send", message={"type": "sticker", "packageId": "1", "stickerId": "1"})
    settle(store)

    assert talk.operator_id == operator.id
    assert talk.id not in in_lists(store)
    assert [*found_by_search(store, "以前のお客様"), *scheduled_ones(store)] == []
    assert states(store) == ["deleted", "stopped"]
    assert handed_today(store, counter) == 0
    with pytest.raises(NotFound):
        store.read(lambda db: get_conversation(db, Scope("x"), talk.id))
    eventually(lambda: len(counter.texts(user)) == before + 2, "the answers")
    assert all("スタッフへの通知用" in text for text in counter.texts(user)[before:])
    lines = store.read(
        lambda db: list(db.scalars(select(Message.text).where(Message.conversation_id == talk.id)))
    )
    assert not any("予約したい" in (text or "") or "スタッフ連携" in (text or "") for text in lines)


def test_a_reply_is_told_by_line_once_without_the_customers_words(
    counter: Line, store: Store, teller: NoticeWorker, at_counter: Counter
) -> None:
    operator = an_operator(store, counter)
    user = linked(counter, store, operator)
    talk = a_held_talk(counter, store, at_counter, operator)
    before = len(counter.calls("/push"))

    for text in ("秘密の用件です", "まだですか"):
        counter.does(at_counter.user, "say", text=text)
        settle(store)
        while teller.follow_once():
            pass

    eventually(lambda: len(counter.calls("/push")) == before + 1, "the push")
    text = counter.texts(user)[-1]
    assert text.splitlines()[0] == "お客様から返信がありました"
    assert text.splitlines()[-1] == f"https://counter.example.com/talks/{talk}"
    assert "秘密" not in text
    (call,) = counter.calls("/push")[before:]
    assert "x-line-retry-key" in {name.lower() for name in call["headers"]}


def test_the_months_reserve_is_for_customers(
    counter: Line, store: Store, teller: NoticeWorker, at_counter: Counter
) -> None:
    operator = an_operator(store, counter)
    linked(counter, store, operator)
    a_held_talk(counter, store, at_counter, operator)

    def hears(text: str, used: int) -> str | None:
        counter.passes(timedelta(minutes=31))
        store.write(lambda db: quota.claim(db, "main", counter.now() + timedelta(days=1)))
        store.write(lambda db: quota.record(db, "main", quota.Told(100, used), counter.now()))
        counter.does(at_counter.user, "say", text=text)
        settle(store)
        while teller.follow_once():
            pass
        found = store.read(lambda db: operator_friends.find_link(db, operator.id))
        assert found is not None
        return found.held_back

    assert (hears("一", 90), hears("二", 89)) == ("quota", None)


def test_a_day_has_a_cap_and_the_next_one_begins_anew(counter: Line, store: Store) -> None:
    operator = an_operator(store, counter)
    linked(counter, store, operator)

    def tell(number: int, day: str) -> str | None:
        messages = [{"type": "text", "text": "お知らせ"}]
        letter = operator_friends.Letter(messages, f"test:{number}", day, 2, has_quota=True)
        return store.write(lambda db: operator_friends.tell(db, operator.id, letter, counter.now()))

    assert [tell(number, "2026-11-24") for number in range(3)] == [None, None, "cap"]
    assert tell(3, "2026-11-25") is None


@pytest.mark.parametrize("text", ["スタッフ連携 ABCD2345", "staff abcd2345"])
def test_a_wrong_code_is_refused_and_no_flow_hears_it(
    counter: Line, store: Store, text: str
) -> None:
    a_code(store, counter, an_operator(store, counter))
    user = counter.friend()
    counter.does(user, "say", text=text)

    eventually(lambda: counter.texts(user), "an answer")
    assert ["コードが違うか" in said for said in counter.texts(user)] == [True]
    assert talk_of(store, user).operator_id is None


def test_guesses_are_limited_and_a_code_serves_once_and_ten_minutes(
    counter: Line, store: Store
) -> None:
    operator = an_operator(store, counter)
    code = a_code(store, counter, operator)
    guesser, owner = counter.friend(), counter.friend("見本 二人目")
    for number in range(6):
        counter.does(guesser, "say", text=f"スタッフ連携 ABCDEFG{number + 2}")
    counter.does(guesser, "say", text=f"スタッフ連携 {code}")  # right, but too late for them
    settle(store)
    assert talk_of(store, guesser).operator_id is None
    tries = store.read(lambda db: list(db.scalars(select(FriendCodeTry))))
    assert len(tries) == operator_friends.MOST_TRIES

    counter.passes(timedelta(minutes=11))
    counter.does(owner, "say", text=code)
    settle(store)
    assert talk_of(store, owner).operator_id is None

    fresh = a_code(store, counter, operator)
    counter.does(owner, "say", text=fresh)
    settle(store)
    assert talk_of(store, owner).operator_id == operator.id
    counter.does(guesser, "say", text=f"スタッフ連携 {fresh}")
    settle(store)
    assert talk_of(store, guesser).operator_id is None


def test_a_word_of_eight_letters_is_a_customers_word(counter: Line, store: Store) -> None:
    a_code(store, counter, an_operator(store, counter))
    user = counter.friend()
    counter.does(user, "say", text="DELICATE")
    settle(store)

    talk = talk_of(store, user)
    lines = store.read(
        lambda db: list(db.scalars(select(Message.text).where(Message.conversation_id == talk.id)))
    )
    assert "DELICATE" in lines
    assert not any("コード" in text for text in counter.texts(user))


def test_the_link_ends_from_line_and_the_talk_is_a_customers_again(
    counter: Line, store: Store
) -> None:
    operator = an_operator(store, counter)
    user = linked(counter, store, operator)
    counter.does(user, "say", text=" 解除 ")
    eventually(lambda: "解除しました" in counter.texts(user)[-1], "the answer")

    assert store.read(lambda db: db.get(OperatorFriend, operator.id)) is None
    assert talk_of(store, user).id in in_lists(store)
    counter.does(user, "say", text="予約したい")
    settle(store)
    assert "スタッフへの通知用" not in counter.texts(user)[-1]


def test_a_phone_that_blocked_the_account_is_sent_nothing(
    counter: Line, store: Store, teller: NoticeWorker, at_counter: Counter
) -> None:
    operator = an_operator(store, counter)
    user = linked(counter, store, operator)
    a_held_talk(counter, store, at_counter, operator)
    counter.does(user, "block")
    settle(store)
    before = len(counter.calls("/push"))

    counter.does(at_counter.user, "say", text="もしもし")
    settle(store)
    while teller.follow_once():
        pass

    found = store.read(lambda db: operator_friends.find_link(db, operator.id))
    assert found is not None
    assert (found.is_blocked, found.held_back) == (True, "blocked")
    assert len(counter.calls("/push")) == before


def test_line_is_asked_for_the_accounts_address_once_a_day(
    counter: Line, store: Store, teller: NoticeWorker
) -> None:
    assert store.read(lambda db: account_facts.list_wanted(db, counter.now())) == ["main"]
    teller.keep_once()

    assert store.read(lambda db: account_facts.find_basic_id(db, "main")) == "@simulator"
    for days, wanted in ((0, []), (2, ["main"])):
        at = counter.now() + timedelta(days=days)
        assert store.read(lambda db, at=at: account_facts.list_wanted(db, at)) == wanted
