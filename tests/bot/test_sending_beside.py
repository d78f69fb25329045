"""What goes to LINE beside the messages, and messages of which LINE refuses one."""

from datetime import datetime

import pytest
from sqlmodel import Session, col, select

from bot.encoder import Encoder
from storage import desk, post
from storage.conversations import Scope
from storage.delivery_failures import Wanted, list_failures
from storage.models.people import Account, Friend
from storage.models.talks import Conversation, Message
from storage.models.work import Delivery, ReadMark
from storage.post import Reply
from storage.unit import Store
from tests import given
from tests.bot.conftest import Line, eventually
from tests.bot.embeddings import Embeddings, an_encoder
from tests.bot.test_encoding import says, wait_until_ready

UNKNOWN = "チルドレンのプライス"


@pytest.fixture
def encoder(embeddings: Embeddings) -> Encoder:
    return an_encoder(embeddings)


def wants(store: Store, **settings: bool) -> None:
    def work(db: Session) -> None:
        account = db.get_one(Account, "main")
        for name, value in settings.items():
            setattr(account, name, value)
        db.add(account)

    store.write(work)


def loadings(counter: Line) -> list[tuple[int, dict]]:
    return [(call["status"], call["body"]) for call in counter.calls("/chat/loading/start")]


def reads(counter: Line, user: str) -> list[bool]:
    screen = counter.simulator.friends[user].screen
    return [item.get("is_read", False) for item in screen if item["from"] == "friend"]


def the_talk(db: Session, user: str) -> Conversation:
    friend = db.exec(select(Friend).where(Friend.line_user_id == user)).one()
    return db.exec(select(Conversation).where(Conversation.friend_id == friend.id)).one()


def test_a_slow_look_up_shows_three_dots_and_a_quick_one_none(
    counter: Line, store: Store, embeddings: Embeddings
) -> None:
    wait_until_ready(counter)
    assert says(counter, UNKNOWN)
    assert loadings(counter) == []

    embeddings.delay_s = 0.45
    friend = counter.friend()
    assert says(counter, "チルドレンのプライスを知りたい", friend)
    assert loadings(counter) == [(202, {"chatId": friend, "loadingSeconds": 5})]

    wants(store, shows_loading=False)
    assert says(counter, "こどものプライスはおいくらほど")
    assert len(loadings(counter)) == 1


def test_line_is_told_of_the_reading_only_where_the_account_wants_it(
    counter: Line, store: Store
) -> None:
    counter.opens()
    friend = counter.friend()
    counter.does(friend, "say", text="予約")
    eventually(lambda: len(counter.texts(friend)) == 1, "an answer")
    assert counter.calls("/chat/markAsRead") == []

    wants(store, marks_read=True)
    counter.post("faults", kind="error", path="/chat/markAsRead")
    counter.does(friend, "say", text="カット")
    eventually(lambda: len(counter.calls("/chat/markAsRead")) == 1, "the bot read it")
    counter.passes(given.LONG)
    eventually(lambda: reads(counter, friend) == [True, True], "both, at the second try")
    eventually(lambda: marks(store) == [], "and it is written down")

    counter.does(friend, "say", text="スタッフ")
    eventually(lambda: store.read(lambda db: the_talk(db, friend).status) == "waiting", "a person")
    counter.does(friend, "say", text="もしもし")
    eventually(lambda: len(reads(counter, friend)) == 4, "it is shown")
    eventually(lambda: "もしもし" in words(store), "it came in")
    assert reads(counter, friend)[-1] is False, "nobody has seen it"

    def see(db: Session) -> None:
        talk, now = the_talk(db, friend), counter.now()
        desk.mark_seen(db, talk.id, given.an_operator(db, now), talk.last_seq, now)

    store.write(see)
    eventually(lambda: reads(counter, friend)[-1], "a person has")


def words(store: Store) -> list[str | None]:
    return store.read(lambda db: list(db.exec(select(Message.text))))


def marks(store: Store) -> list[ReadMark]:
    return store.read(lambda db: list(db.exec(select(ReadMark))))


GOOD = {"type": "text", "text": "よい"}
BAD = {"type": "sticker", "packageId": "", "stickerId": "1"}


@pytest.mark.parametrize("is_terse", [False, True])
@pytest.mark.parametrize("counter", ["economy", "strict"], indirect=True)
def test_one_bad_message_does_not_sink_its_fellows(
    counter: Line, store: Store, *, is_terse: bool
) -> None:
    counter.opens()
    if is_terse:  # LINE does not say which one it is
        counter.post("faults", kind="terse", path="/v2/bot/message/", times=20)
    friend = counter.friend()
    counter.does(friend, "follow")
    eventually(lambda: len(counter.texts(friend)) == 2, "a greeting")
    counter.does(friend, "say", text="スタッフ")
    eventually(lambda: store.read(lambda db: the_talk(db, friend).status) == "waiting", "a person")
    eventually(lambda: all(one.ended_at is not None for one in found(store)), "all is out")
    known = len(counter.texts(friend))

    def send(db: Session) -> None:
        talk, now = the_talk(db, friend), counter.now()
        last = {"type": "text", "text": "さいご"}
        reply = Reply("c-1", [GOOD, BAD, last], ["よい", None, "さいご"], talk.last_seq)
        post.send(db, talk.id, given.an_operator(db, now), reply, now)

    store.write(send)
    eventually(lambda: len(counter.texts(friend)) == known + 2, "the good ones")
    assert counter.texts(friend)[-2:] == ["よい", "さいご"]

    def are_ended() -> bool:
        return all(one.ended_at is not None for one in found(store))

    eventually(are_ended, "both are written down")
    [failure] = store.read(lambda db: failures(db, counter.now()))
    line = failure["message"]
    assert (line["kind"], line["delivery"]) == ("sticker", "rejected")
    assert line["delivery_reason"].startswith("400 ")
    assert len(counter.calls("/validate/push") + counter.calls("/validate/reply")) == 3 * is_terse
    keys = [one.retry_key for one in found(store)]
    assert len(set(keys)) == len(keys)


def test_a_quote_that_line_does_not_know_sinks_no_other_message(
    counter: Line, store: Store
) -> None:
    counter.opens()
    friend = counter.friend()
    counter.does(friend, "follow")
    eventually(lambda: len(counter.texts(friend)) == 2, "a greeting")
    counter.does(friend, "say", text="スタッフ")
    eventually(lambda: store.read(lambda db: the_talk(db, friend).status) == "waiting", "a person")
    eventually(lambda: all(one.ended_at is not None for one in found(store)), "all is out")

    def send(db: Session) -> None:
        talk, now = the_talk(db, friend), counter.now()
        quoting = {"type": "text", "text": "引用", "quoteToken": "nobody-gave-it"}
        reply = Reply("c-1", [quoting, GOOD], ["引用", "よい"], talk.last_seq)
        post.send(db, talk.id, given.an_operator(db, now), reply, now)

    store.write(send)
    eventually(lambda: counter.texts(friend)[-1] == "よい", "the other one")
    assert "引用" not in counter.texts(friend)
    eventually(lambda: [one.state for one in found(store)].count("rejected") == 1, "the quote")


def found(store: Store) -> list[Delivery]:
    return store.read(lambda db: list(db.scalars(select(Delivery).order_by(col(Delivery.id)))))


def failures(db: Session, now: datetime) -> list[dict]:
    return list_failures(db, Scope(""), Wanted(now - given.LONG * 9), None)[0]
