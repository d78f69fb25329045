"""What operators may look at: lists behind the wall, in order, page by page; timelines."""

from datetime import datetime, timedelta

import pytest

from storage import conversations, customers, desk, journal, lines, notes, post
from storage.conversations import Filter, Scope
from storage.hits import talks_holding
from storage.models.operators import Operator
from storage.models.talks import Conversation
from storage.refusals import NotFound
from storage.search_words import read_words
from storage.talks import lock
from storage.timelines import list_timeline
from storage.unit import Store
from tests import given

MINUTE = timedelta(minutes=1)


@pytest.fixture
def operator(store: Store, now: datetime) -> Operator:
    """Six talks in `main`, two of which wait, and one in `second`; the operator."""

    def work(db) -> Operator:
        main = given.an_account(db, now)
        other = given.an_account(db, now, "second", provider="別会社")
        for number in range(6):
            user = f"U{number:032x}"
            at = now + number * MINUTE
            talk, _ = given.a_message(db, main, f"話{number}", at, number, user)
            if number in {2, 4}:
                desk.hand_off(db, talk, given.ASKED, at)
        given.a_message(db, other, "別の店", now, 99)
        return given.an_operator(db, now)

    return store.write(work)


def listed(store: Store, operator: Operator, wanted: Filter, **wall: frozenset[str]) -> list[str]:
    """The last texts of a view, read in pages of two."""
    scope = Scope(operator.id, **wall)
    texts, cursor = [], None
    while True:
        page, cursor = store.read(
            lambda db, c=cursor: conversations.list_conversations(db, scope, wanted, c, 2)
        )
        texts += [talk.last_message["text"] for talk in page]
        if cursor is None:
            return texts


def test_the_longest_wait_comes_first_then_the_newest(
    store: Store, operator: Operator, now: datetime
) -> None:
    everything = ["話2", "話4", "話5", "話3", "話1", "話0", "別の店"]
    assert sorted(listed(store, operator, Filter())) == sorted(everything)
    assert listed(store, operator, Filter(account="main")) == everything[:-1]
    assert listed(store, operator, Filter("waiting")) == ["話2", "話4"]
    assert listed(store, operator, Filter("unassigned")) == ["話2", "話4"]
    assert listed(store, operator, Filter("mine")) == []
    assert listed(store, operator, Filter("bot", account="main")) == ["話5", "話3", "話1", "話0"]
    with pytest.raises(NotFound):
        store.read(
            lambda db: conversations.list_conversations(
                db, Scope(operator.id), Filter(), "not-a-cursor"
            )
        )


def among(store: Store, query: str) -> Filter:
    """The talks that hold some words."""
    words = read_words(query)
    found = store.read(lambda db: talks_holding(db, Scope("somebody"), words, None))
    return Filter(among=found)


def test_lists_are_filtered_by_queue_tag_and_words(
    store: Store, operator: Operator, now: datetime
) -> None:
    def mark(db) -> None:
        talks, _ = conversations.list_conversations(
            db, Scope(operator.id), among(store, "話3"), None
        )
        person = talks[0].customer_id
        customers.put_tag(db, person, "VIP", {}, journal.BOT, now)
        customers.rename(db, person, "見本 50%_花子", journal.BOT, now)

    store.write(mark)

    assert listed(store, operator, Filter(queue="受付")) == ["話2", "話4"]
    assert listed(store, operator, Filter(queue="予約")) == []
    assert listed(store, operator, Filter(tags=frozenset({"VIP"}))) == ["話3"]
    assert listed(store, operator, among(store, "0%_花")) == ["話3"]
    assert listed(store, operator, among(store, "%_")) == ["話3"]
    assert listed(store, operator, among(store, "話4")) == ["話4"]


def test_the_wall_stands_in_every_view(store: Store, operator: Operator, now: datetime) -> None:
    wall = frozenset({"second"})
    assert listed(store, operator, Filter(), accounts=wall) == ["別の店"]
    assert listed(store, operator, Filter(account="main"), accounts=wall) == []
    outside = Scope(operator.id, wall)
    inside = Scope(operator.id, frozenset({"main"}))

    talk = store.read(lambda db: conversations.list_conversations(db, inside, Filter(), None)[0][0])

    for look in (
        lambda db: conversations.get_conversation(db, outside, talk.id),
        lambda db: conversations.visible_customer(db, outside, talk.customer_id),
        lambda db: list_timeline(db, outside, talk.customer_id, None),
    ):
        with pytest.raises(NotFound):
            store.read(look)
    assert store.read(lambda db: conversations.get_conversation(db, inside, talk.id).id) == talk.id
    assert store.read(lambda db: conversations.visible_customer(db, inside, talk.customer_id))


def test_the_views_are_counted(store: Store, operator: Operator, now: datetime) -> None:
    scope = Scope(operator.id, frozenset({"main"}))
    waiting = store.read(
        lambda db: conversations.list_conversations(db, scope, Filter("waiting"), None)[0]
    )
    store.write(lambda db: desk.take(db, waiting[0].id, operator, 1, now))

    counts = store.read(lambda db: conversations.count_views(db, scope, None))

    assert counts == {
        "mine": 1,
        "unassigned": 1,
        "waiting": 1,
        "pending": 0,
        "snoozed": 0,
        "bot": 4,
        "done": 0,
        "all": 6,
    }
    assert store.read(lambda db: conversations.count_queues(db, scope, "main")) == {"受付": 1}


def test_a_talk_is_read_in_pages_from_its_end(store: Store, now: datetime) -> None:
    def work(db) -> Conversation:
        talk, _ = given.a_message(db, given.an_account(db, now), "一", now)
        for number in range(6):
            post.say(db, talk, given.an_answer(f"t{number}"), now)
        return talk

    talk = store.write(work)

    def page(before: int | None) -> tuple[list[int], int | None]:
        def read(db) -> tuple[list[int], int | None]:
            page = lines.lines_before(db, talk, before, 3)
            return [line.seq for line in page.messages], page.older

        return store.read(read)

    assert page(None) == ([5, 6, 7], 5)
    assert page(5) == ([2, 3, 4], 2)
    assert page(2) == ([1], None)


def test_a_timeline_tells_what_was_done_once_newest_first(store: Store, now: datetime) -> None:
    def work(db) -> tuple[str, str, Operator]:
        talk = given.a_waiting_talk(db, given.an_account(db, now), now)
        given.a_talk(db, given.an_account(db, now, "second"), now)  # the same person
        return talk.id, talk.customer_id, given.an_operator(db, now)

    talk, person, operator = store.write(work)
    actor = journal.actor_of(operator)
    verbs = (
        lambda db, at: desk.take(db, talk, operator, 1, at),
        lambda db, at: customers.put_tag(db, person, "VIP", {"operator_id": "o"}, actor, at),
        lambda db, at: notes.add_note(db, talk, operator, "n-1", "メモ", now=at),
        lambda db, at: customers.rename(db, person, "見本 花子", actor, at),
        lambda db, at: post.send(db, talk, operator, given.a_reply(), at),
        lambda db, at: desk.resolve(db, talk, operator, at),
    )
    for number, verb in enumerate(verbs, 1):
        store.write(lambda db, v=verb, at=now + number * MINUTE: v(db, at))

    items, cursor = [], None
    while True:
        page, cursor = store.read(
            lambda db, c=cursor: list_timeline(db, Scope(operator.id), person, c, 3)
        )
        items += page
        if cursor is None:
            break

    assert [item["kind"] for item in items] == [
        "conversation.resolved",
        "customer.changed",
        "note.added",
        "customer.tagged",
        "conversation.taken",
        "handoff.asked",
    ]
    assert items[3]["data"]["change"] == {"tag": "VIP", "reason": {"operator_id": "o"}}
    assert items[3]["actor"] == actor
    assert items[2]["data"]["note"]["text"] == "メモ"
    assert (items[5]["conversation_id"], items[5]["data"]["handoff"]["queue"]) == (talk, "受付")
    only_second = Scope(operator.id, frozenset({"second"}))
    seen, _ = store.read(lambda db: list_timeline(db, only_second, person, None))
    assert [item["kind"] for item in seen] == ["customer.changed", "customer.tagged"]
    with pytest.raises(NotFound):
        store.read(lambda db: list_timeline(db, only_second, person, "not-a-cursor"))
    assert store.write(lambda db: lock(db, talk).status) == "done"
