"""What has not plainly gone out: listed by kind, page by page, until somebody has seen to it."""

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from storage import (
    deliveries,
    delivery_failures,
    intents,
    journal,
    measures,
    outbox,
    parting,
    post,
    settling,
)
from storage.conversations import Scope
from storage.delivery_failures import Sender, Wanted, Which, count_failures, list_failures
from storage.models.operators import Operator
from storage.models.talks import Message
from storage.models.work import Delivery, JournalEntry
from storage.outcomes import (
    InvalidReplyToken,
    MonthOver,
    NoAnswer,
    Outcome,
    Refused,
    Sent,
    Work,
)
from storage.refusals import NotFound, TooLate
from storage.talks import Line, append, lock
from storage.unit import Store, open_store
from tests import given

EVERYBODY = Scope("")
SECOND = timedelta(seconds=1)


class Shop:
    """An account whose calls end as a test wants it."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now, self.number = store, now, 0

        def begin(db: Session) -> Operator:
            given.an_account(db, now)
            given.an_account(db, now, "other")
            return given.an_operator(db, now)

        self.operator = store.write(begin)

    def call(
        self, *outcomes: Outcome, account: str = "main", mode: str = "push", by_staff: bool = False
    ) -> int:
        """A message whose tries end so; its delivery's id."""
        self.number += 1
        user, number = f"U{self.number:032x}", self.number

        def say(db: Session) -> int:
            shop = given.the_account(db, account)
            if mode == "reply":
                talk, _ = given.a_message(db, shop, "こんにちは", self.now, number, user)
            else:
                talk = given.a_talk(db, shop, self.now, user)
            if by_staff:
                lines, _ = post.send(db, talk.id, self.operator, given.a_reply(), self.now)
                return lines[0].delivery_id or 0
            return post.say(db, talk, given.an_answer(f"s{number}", None), self.now)[0].id or 0

        id_ = self.store.write(say)
        for outcome in outcomes:
            [work] = [one for one in self.claimed() if one.delivery_id == id_]
            self.store.write(lambda db, w=work, o=outcome: outbox.record(db, w, o, self.now))
            self.now += SECOND
        return id_

    def claimed(self) -> list[Work]:
        return self.store.write(lambda db: intents.claim_due(db, self.now, 50))

    def listed(
        self,
        which: Which = "all",
        account: str | None = None,
        sender: Sender | None = None,
        scope: Scope = EVERYBODY,
    ) -> list[int]:
        wanted = Wanted(self.now - timedelta(days=7), which, account, sender)
        found: list[int] = []
        after = None
        while True:
            page, after = self.store.read(lambda db, a=after: list_failures(db, scope, wanted, a))
            found += [row["id"] for row in page]
            if after is None:
                break
        assert self.store.read(lambda db: count_failures(db, scope, wanted)) == len(found)
        return found

    def row(self, id_: int) -> Delivery:
        return self.store.read(lambda db: db.get_one(Delivery, id_))

    def gives_up(self, id_: int) -> None:
        self.store.write(lambda db: settling.give_up(db, id_, self.operator, self.now))


@pytest.fixture
def shop(store: Store, now: datetime) -> Shop:
    return Shop(store, now)


def test_each_kind_is_listed_newest_first_by_account_and_by_who_wrote_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_failures, "PAGE", 2)
    shop.call(Sent())
    refused = shop.call(Refused("400 odd"), by_staff=True)
    inferred = shop.call(NoAnswer("reset"), InvalidReplyToken(), mode="reply")
    checking = shop.call(NoAnswer("reset"), account="other")
    held = shop.call(MonthOver())

    assert shop.listed() == [held, checking, refused]
    kinds: tuple[Which, ...] = ("held", "checking", "rejected", "inferred", "unsure", "cancelled")
    assert {kind: shop.listed(kind) for kind in kinds} == {
        "held": [held], "checking": [checking], "rejected": [refused], "inferred": [inferred],
        "unsure": [], "cancelled": [],
    }  # fmt: skip
    assert shop.listed(account="other") == [checking]
    assert shop.listed(sender="staff") == [refused]
    assert shop.listed(sender="bot") == [held, checking]
    assert shop.listed(scope=Scope("", frozenset({"main"}))) == [held, refused]
    rows, _ = shop.store.read(
        lambda db: list_failures(db, EVERYBODY, Wanted(shop.now - SECOND * 99, "checking"), None)
    )
    assert (rows[0]["kind"], rows[0]["tries"]) == ("checking", 2)
    line = rows[0]["message"]
    assert (line["delivery"], line["delivery_reason"]) == ("pending", "no_answer")


def test_what_line_refused_can_be_sent_once_more_and_leaves_the_list(shop: Shop) -> None:
    refused = shop.call(Refused("401 the token"))

    shop.store.write(lambda db: settling.send_anyway(db, refused, shop.operator, shop.now))

    assert shop.listed() == []
    (work,) = shop.claimed()
    assert (work.mode, work.retry_key) != ("push", shop.row(refused).retry_key)
    assert work.messages == shop.row(refused).messages
    with pytest.raises(NotFound):
        shop.store.write(lambda db: settling.send_anyway(db, refused, shop.operator, shop.now))


@pytest.mark.parametrize(
    ("outcomes", "mode", "expected"),
    [
        ((MonthOver(),), "push", ("cancelled", "given_up")),
        ((NoAnswer("reset"),), "push", ("unknown", "given up")),
        ((NoAnswer("reset"),), "reply", ("maybe_sent", "given up")),
        ((Refused("400 odd"),), "push", ("rejected", "400 odd")),
    ],
)
def test_what_is_let_be_is_never_sent_and_leaves_the_list(
    shop: Shop, outcomes: tuple[Outcome, ...], mode: str, expected: tuple[str, str]
) -> None:
    id_ = shop.call(*outcomes, mode=mode)
    assert shop.listed() == [id_]

    shop.gives_up(id_)

    assert (shop.row(id_).state, shop.row(id_).reason) == expected
    assert shop.listed() == []
    shop.now += timedelta(minutes=9)
    assert shop.claimed() == []
    entries = shop.store.read(lambda db: journal.tail(db, "main", 0)).entries
    assert entries[-1].payload["message"]["delivery"] == expected[0]


def test_nothing_is_let_be_while_line_is_asked_or_after_it_went_out(shop: Shop) -> None:
    sent, waiting = shop.call(Sent()), shop.call()
    shop.claimed()

    refusals: list[tuple[int, type[Exception]]] = [(sent, NotFound), (waiting, TooLate)]
    for id_, refusal in refusals:
        with pytest.raises(refusal):
            shop.gives_up(id_)


def test_what_waits_behind_something_let_be_goes_on(shop: Shop) -> None:
    first = shop.call(NoAnswer("reset"))
    talk = shop.row(first).conversation_id
    say: Callable[[Session], list[Delivery]] = lambda db: post.say(  # noqa: E731 # two words of a story
        db, lock(db, talk), given.an_answer("next", None), shop.now
    )
    (second,) = shop.store.write(say)
    shop.gives_up(first)

    assert [work.delivery_id for work in shop.claimed()] == [second.id]


def test_a_redelivery_does_not_send_what_was_let_be(shop: Shop) -> None:
    given_up, open_ = shop.call(NoAnswer("reset"), mode="reply"), shop.call(mode="reply")
    shop.gives_up(given_up)
    for work in shop.claimed():
        shop.now += timedelta(minutes=1)
        shop.store.write(lambda db, w=work: outbox.record(db, w, NoAnswer("reset"), shop.now))
    assert [shop.row(id_).state for id_ in (given_up, open_)] == ["maybe_sent", "maybe_sent"]

    until = shop.now + timedelta(seconds=30)
    for id_ in (given_up, open_):
        token = shop.row(id_).reply_token or ""
        shop.store.write(lambda db, t=token: outbox.reopen_reply(db, "main", t, until, shop.now))

    assert [work.delivery_id for work in shop.claimed()] == [open_]
    assert shop.row(given_up).state == "maybe_sent"


def test_every_end_of_a_call_is_counted(shop: Shop) -> None:
    def ended(state: str) -> float:
        labels = {"state": state}
        return measures.REGISTRY.get_sample_value("madoguchi_deliveries_ended_total", labels) or 0

    before = {state: ended(state) for state in ("cancelled", "rejected")}
    answer = shop.row(shop.call(mode="reply"))

    def take(db: Session) -> None:
        (run,) = post.say(db, lock(db, answer.conversation_id), given.an_answer(), shop.now)
        deliveries.cancel_old_answers(db, lock(db, run.conversation_id), "taken", shop.now)

    def part(db: Session) -> None:
        whole = db.get_one(Delivery, answer.id)
        whole.messages = [*whole.messages, {"type": "text", "text": ""}]
        assert parting.part_from(db, whole, [1], "400 empty", shop.now)

    shop.store.write(take)
    shop.store.write(part)

    assert {state: ended(state) - was for state, was in before.items()} == {
        "cancelled": 1, "rejected": 1,
    }  # fmt: skip
    assert shop.listed("rejected") != []


def test_the_consoles_hear_who_let_a_message_be(shop: Shop) -> None:
    held = shop.call(MonthOver())

    shop.gives_up(held)

    newest = select(JournalEntry).order_by(col(JournalEntry.id).desc())
    entry = shop.store.read(lambda db: db.exec(newest).first())
    assert entry is not None
    assert (entry.kind, entry.actor) == ("message.delivery", journal.actor_of(shop.operator))


def test_who_lets_a_message_be_waits_for_the_talk_before_the_message(
    postgres_url: str, now: datetime
) -> None:
    """As everybody does who changes a talk; in another order each would wait for the other."""
    with closing(open_store(postgres_url)) as store, ThreadPoolExecutor(1) as pool:
        shop = Shop(store, now)
        id_ = shop.call(by_staff=True)
        talk_id = store.read(lambda db: db.get_one(Delivery, id_).conversation_id)
        letting_be: list[Future[object]] = []

        def change(db: Session) -> str:
            lock(db, talk_id)
            if not letting_be:
                give_up = partial(settling.give_up, operator=shop.operator, now=now)
                letting_be.append(pool.submit(store.write, lambda db: give_up(db, id_)))
            while not letting_be[0].done() and not store.read(waits_for_a_lock):
                Event().wait(0.005)
            nowait = select(Delivery).where(col(Delivery.id) == id_).with_for_update(nowait=True)
            return db.exec(nowait).one().state

        assert store.write(change) == "pending"
        letting_be[0].result(20)
        assert store.read(lambda db: db.get_one(Delivery, id_).state) == "cancelled"


def waits_for_a_lock(db: Session) -> bool:
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "
    return db.scalar(text(f"{waiting} current_database()")) is not None


def test_the_lines_of_a_delivery_are_its_own_in_their_order(shop: Shop) -> None:
    ids = [shop.call(), shop.call()]

    def add(db: Session) -> None:
        talk = lock(db, db.get_one(Delivery, ids[0]).conversation_id)
        for said in ("二つめ", "三つめ"):
            content = {"type": "text", "text": said}
            append(db, talk, Line("bot", "text", content, shop.now, said, delivery_id=ids[0]))

    shop.store.write(add)

    def look(db: Session) -> list[list[Message]]:
        return [deliveries.lines_of(db, db.get_one(Delivery, id_)) for id_ in ids]

    own, others = shop.store.read(look)
    assert [line.text for line in own[1:]] == ["二つめ", "三つめ"]
    assert [{line.delivery_id for line in lines} for lines in (own, others)] == [
        {id_} for id_ in ids
    ]


def test_they_are_looked_up_in_one_place() -> None:
    looked_up = re.compile(r"col\(Message\.delivery_id\) == (?!col|first)")
    rooms = [Path(settling.__file__).parent, Path(settling.__file__).parents[1] / "console"]
    found = [f for room in rooms for f in room.rglob("*.py") if looked_up.search(f.read_text())]
    assert [file.name for file in found] == ["deliveries.py"]
