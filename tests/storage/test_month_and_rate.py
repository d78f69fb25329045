"""What a 429 means: for the rate everybody pauses, for the month pushes wait; nothing is lost."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from storage import endpoints, intents, journal, month, outbox, outcomes, post, quota
from storage.models.drafting import AccountQuota
from storage.models.work import Delivery
from storage.outcomes import Limited, MonthOver, NoAnswer, Outcome, Sent, Work
from storage.quota import Told
from storage.talks import lock
from storage.unit import Store
from tests import given

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def friends(store: Store, now: datetime, count: int, *, account: str = "main") -> list[str]:
    """People of a strict account, each with a push of the bot that is about to go; their talks."""

    def work(db: Session) -> list[str]:
        shop = given.an_account(db, now, account, mode="strict")
        return [
            said(db, given.a_talk(db, shop, now, user(n)).id, f"{n}", now) for n in range(count)
        ]

    return store.write(work)


def user(number: int) -> str:
    return f"U{number:032x}"


def said(db: Session, talk: str, name: str, now: datetime) -> str:
    post.say(db, lock(db, talk), given.an_answer(f"{talk}-{name}", run_id=None), now)
    return talk


def claimed(store: Store, now: datetime, limit: int = 100) -> list[Work]:
    return store.write(lambda db: intents.claim_due(db, now, limit))


def recorded(store: Store, works: Sequence[Work], outcome: Outcome, now: datetime) -> None:
    for work in works:
        store.write(lambda db, work=work: outbox.record(db, work, outcome, now))


def told(store: Store, most: int | None, used: int, now: datetime) -> None:
    """LINE is asked, and this is what it says."""

    def work(db: Session) -> None:
        quota.find_or_begin(db, "main", now)
        quota.record(db, "main", Told(most, used), now)
        month.release(db, "main", now)

    store.write(work)


def asked(store: Store, now: datetime) -> bool:
    return store.read(lambda db: "main" in quota.find_due(db, now))


def rows(store: Store) -> list[Delivery]:
    return store.read(lambda db: list(db.scalars(select(Delivery).order_by(col(Delivery.id)))))


def held(store: Store) -> list[str | None]:
    return [delivery.held for delivery in rows(store)]


def the_quota(store: Store) -> dict:
    return store.read(lambda db: quota.quota_rows(db, ["main"]))[0]


def test_a_rate_limit_pauses_the_whole_endpoint_of_the_account_and_nothing_else(
    store: Store, now: datetime
) -> None:
    friends(store, now, 3)
    store.write(lambda db: given.an_account(db, now, "other", mode="strict"))
    (first,) = claimed(store, now, limit=1)
    recorded(store, [first], Limited(), now)

    def another(db: Session) -> None:
        said(db, given.a_talk(db, given.the_account(db, "other"), now, user(99)).id, "o", now)

    store.write(another)
    assert [work.account_id for work in claimed(store, now)] == ["other"]
    assert len(claimed(store, now + SECOND / 2)) == 3


def test_each_refusal_in_a_row_pauses_longer_and_an_accepted_call_ends_it(
    store: Store, now: datetime
) -> None:
    (talk,) = friends(store, now, 1)
    pauses = []
    for _ in range(9):
        (work,) = claimed(store, now)
        recorded(store, [work], Limited(), now)
        told(store, None, 0, now)
        before = now
        while not (works := claimed(store, now)):
            now += SECOND / 8
        pauses.append((now - before).total_seconds())
        recorded(store, works, NoAnswer("500"), now)
        now += timedelta(minutes=6)
    assert all(0.25 * 2**n <= pause <= 0.5 * 2**n + 0.2 for n, pause in enumerate(pauses[:6]))
    assert pauses[-1] <= 60.2

    recorded(store, claimed(store, now), Sent(), now)
    store.write(lambda db: said(db, talk, "next", now))
    recorded(store, claimed(store, now), Limited(), now)
    assert len(claimed(store, now + SECOND / 2)) == 1


def test_refusals_that_were_on_their_way_together_count_once(store: Store, now: datetime) -> None:
    friends(store, now, 20)

    recorded(store, claimed(store, now), Limited(), now)

    assert len(claimed(store, now + SECOND / 2)) == 20


def test_no_more_calls_than_lines_limit_leave_whoever_sends(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(endpoints.LIMITS, "push", 8.0)
    friends(store, now, 30)

    left = [len(claimed(store, now + SECOND * n / 4)) for n in range(8)]

    assert left == [2] * 8, "a burst of a quarter of a second, then the rate"


def test_the_months_limit_stops_pushes_and_is_told_once(store: Store, now: datetime) -> None:
    friends(store, now, 3)
    works = claimed(store, now, limit=2)

    recorded(store, works, MonthOver(), now)

    assert held(store) == ["limit", "limit", None]
    assert claimed(store, now + SECOND) == []
    assert held(store) == ["limit"] * 3
    entries = store.read(lambda db: journal.tail(db, "main", 0)).entries
    stops = [e for e in entries if e.kind == "account.quota"]
    assert [e.payload["quota"]["stopped_at"] for e in stops] == ["2026-11-21T01:00:00.000Z"]
    lines = [e.payload["message"] for e in entries if e.kind == "message.delivery"]
    assert {(line["delivery"], line["delivery_reason"]) for line in lines} == {("pending", "limit")}
    assert asked(store, now + SECOND)


def test_free_replies_go_on_and_what_is_held_goes_out_in_order_when_the_month_turns(
    store: Store, now: datetime
) -> None:
    def begin(db: Session) -> str:
        talk = given.a_talk(db, given.an_account(db, now), now)
        return said(db, talk.id, "a", now)

    talk = store.write(begin)
    recorded(store, claimed(store, now), MonthOver(), now)
    store.write(lambda db: said(db, talk, "b", now))
    assert claimed(store, now + SECOND) == []

    def asks(db: Session) -> None:
        given.a_message(db, given.the_account(db), "予約したい", now + MINUTE, 2)
        said(db, talk, "c", now + MINUTE)

    store.write(asks)
    (reply,) = claimed(store, now + MINUTE)
    assert reply.mode == "reply"
    recorded(store, [reply], Sent(), now + MINUTE)

    told(store, 200, 200, now + 2 * MINUTE)
    assert claimed(store, now + 2 * MINUTE) == []
    told(store, 200, 0, now + 20 * MINUTE)
    (first,) = claimed(store, now + 20 * MINUTE)
    recorded(store, [first], Sent(), now + 20 * MINUTE)
    (second,) = claimed(store, now + 20 * MINUTE)
    assert [first.delivery_id, second.delivery_id] == [1, 2]
    assert held(store) == [None] * 3
    assert the_quota(store)["stopped_at"] is None


def test_what_is_let_go_waits_for_the_call_that_has_passed_it(store: Store, now: datetime) -> None:
    (talk,) = friends(store, now, 1)
    recorded(store, claimed(store, now), MonthOver(), now)

    def asks(db: Session) -> None:
        the_account = given.the_account(db)
        the_account.mode = "economy"
        given.a_message(db, the_account, "予約したい", now, 2, user(0))
        said(db, talk, "reply", now)

    store.write(asks)
    (reply,) = claimed(store, now)
    told(store, 200, 0, now)
    assert held(store) == [None, None]
    assert claimed(store, now) == [], "one call of a customer after another"

    recorded(store, [reply], Sent(), now)
    assert [work.delivery_id for work in claimed(store, now)] == [1]


def test_a_month_that_line_contradicts_is_tried_by_one_message_and_each_time_later(
    store: Store, now: datetime
) -> None:
    friends(store, now, 5)
    recorded(store, claimed(store, now), MonthOver(), now)

    told(store, 200, 10, now)  # LINE's figure is approximate: perhaps it knows better by now
    works = claimed(store, now)
    assert len(works) == 5
    recorded(store, works, MonthOver(), now)
    told(store, 200, 10, now + MINUTE)
    assert claimed(store, now + MINUTE) == []
    assert asked(store, now + 2 * MINUTE)

    told(store, 200, 10, now + 2 * MINUTE)
    (one,) = claimed(store, now + 2 * MINUTE)
    recorded(store, [one], Sent(), now + 2 * MINUTE)
    assert len(claimed(store, now + 2 * MINUTE)) == 4


def test_whoever_goes_ahead_after_a_contradiction_is_one_that_the_reserve_lets_go(
    store: Store, now: datetime
) -> None:
    friends(store, now, 2)

    def answer(db: Session) -> None:
        talk = given.a_talk(db, given.the_account(db), now, user(9))
        post.send(db, talk.id, given.an_operator(db, now), given.a_reply(), now)

    store.write(answer)
    for _ in range(2):  # LINE says that there are messages, and takes none
        told(store, 200, 10, now)
        recorded(store, claimed(store, now), MonthOver(), now)
    assert held(store) == ["limit"] * 3
    later = now + 2 * MINUTE
    told(store, 200, 190, later)

    (ahead,) = claimed(store, later)
    assert ahead.delivery_id == 3, "the bot's may not go, so they would tell nothing"
    recorded(store, [ahead], Sent(), later)
    assert claimed(store, later) == []
    assert held(store)[:2] == ["reserve"] * 2


def test_a_second_429_of_unknown_words_asks_for_the_month_before_the_third_try(
    store: Store, now: datetime
) -> None:
    friends(store, now, 1)
    told(store, 200, 150, now - 2 * MINUTE)
    for _ in range(2):
        (work,) = claimed(store, now)
        recorded(store, [work], Limited(), now)
        now += 2 * SECOND
    assert asked(store, now)
    assert claimed(store, now) == [], "LINE has not told the month yet"

    told(store, 200, 200, now)
    assert claimed(store, now) == []

    assert held(store) == ["limit"]
    assert the_quota(store)["stopped_at"] is not None


def test_a_third_try_does_not_wait_for_ever_for_the_month(store: Store, now: datetime) -> None:
    friends(store, now, 1)
    told(store, 200, 150, now - 2 * MINUTE)
    for _ in range(2):
        recorded(store, claimed(store, now), Limited(), now)
        now += 2 * SECOND

    assert len(claimed(store, now + 10 * SECOND)) == 1


def tried_twice(store: Store, now: datetime) -> None:
    """LINE has just refused every push of the account for the second time."""

    def work(db: Session) -> None:
        for delivery in db.scalars(select(Delivery).where(col(Delivery.account_id) == "main")):
            delivery.tries, delivery.tried_at = 2, now
            db.add(delivery)

    store.write(work)


def test_pushes_that_wait_for_the_months_figure_keep_no_other_account_waiting(
    store: Store, now: datetime
) -> None:
    friends(store, now, 3)
    told(store, 1000, 1, now - MINUTE)
    tried_twice(store, now)

    def another(db: Session) -> None:
        shop = given.an_account(db, now, "other", mode="strict")
        said(db, given.a_talk(db, shop, now, user(99)).id, "o", now)

    store.write(another)

    assert [work.account_id for work in claimed(store, now, limit=2)] == ["other"]
    told(store, 1000, 1, now + SECOND)
    assert len(claimed(store, now + SECOND)) == 3


def test_many_pushes_that_the_month_stops_at_once_are_told_once(
    store: Store, now: datetime
) -> None:
    friends(store, now, 3)
    tried_twice(store, now)
    told(store, 100, 100, now + SECOND)

    assert claimed(store, now + SECOND) == []

    assert held(store) == ["limit"] * 3
    entries = store.read(lambda db: journal.tail(db, "main", 0)).entries
    stops = [e.payload["quota"]["stopped_at"] for e in entries if e.kind == "account.quota"]
    assert len([at for at in stops if at is not None]) == 1


def test_what_is_left_below_the_reserve_is_for_staff(store: Store, now: datetime) -> None:
    talk, other = friends(store, now, 2)
    told(store, 100, 89, now)  # 11 left, 10 of them kept

    (automatic,) = claimed(store, now)
    recorded(store, [automatic], Sent(), now)
    assert held(store) == [None, "reserve"]

    def answer(db: Session) -> None:
        post.send(db, other, given.an_operator(db, now), given.a_reply(), now)

    store.write(answer)
    (staff,) = claimed(store, now)
    assert staff.delivery_id == 3, "it passes what is held before it"
    recorded(store, [staff], Sent(), now)

    told(store, 100, 91, now)
    assert claimed(store, now) == []
    told(store, 200, 91, now)  # a larger plan
    assert [work.delivery_id for work in claimed(store, now)] == [2]
    assert the_quota(store)["reserve"] == 20
    assert talk != other


def test_a_key_that_waited_for_the_month_is_renewed_so_that_line_cannot_have_forgotten_it(
    store: Store, now: datetime
) -> None:
    friends(store, now, 1)
    (work,) = claimed(store, now)
    recorded(store, [work], MonthOver(), now)
    later = now + timedelta(hours=23, minutes=59)
    told(store, 200, 0, later)

    (again,) = claimed(store, later)
    recorded(store, [again], NoAnswer("reset"), later)
    (third,) = claimed(store, later + MINUTE)

    assert again.retry_key == third.retry_key != work.retry_key
    assert rows(store)[0].first_tried_at == later


def test_an_unsure_push_that_meets_the_months_limit_ends_openly_with_its_key(
    store: Store, now: datetime
) -> None:
    friends(store, now, 1)
    recorded(store, claimed(store, now), NoAnswer("reset"), now)
    recorded(store, claimed(store, now + SECOND), MonthOver(), now + SECOND)
    assert held(store) == ["limit"]

    assert claimed(store, now + timedelta(hours=23)) == []
    assert claimed(store, now + outcomes.KEY_LIFE) == []

    assert [delivery.state for delivery in rows(store)] == ["unknown"]


def test_the_forecast_is_the_average_of_the_days_that_have_gone(
    store: Store, now: datetime
) -> None:
    friends(store, now, 0)
    told(store, 200, 100, now)  # the 21st, 10 in the morning in Japan: 20.4 of 30 days

    assert (the_quota(store)["forecast"], the_quota(store)["ends_on"]) == (147, None)
    told(store, 120, 100, now)
    assert (the_quota(store)["forecast"], the_quota(store)["ends_on"]) == (147, "2026-11-25")
    told(store, 200, 3, datetime.fromisoformat("2026-12-01T08:00+09:00"))
    assert the_quota(store)["forecast"] is None, "hardly anything has gone"
    told(store, None, 40, now)
    assert (the_quota(store)["forecast"], the_quota(store)["reserve"]) == (59, None)


def test_pushes_since_line_was_asked_are_counted_beside_what_it_said(
    store: Store, now: datetime
) -> None:
    friends(store, now, 2)
    told(store, 100, 10, now)
    recorded(store, claimed(store, now), Sent(), now)

    def known(db: Session) -> int:
        return db.get_one(AccountQuota, "main").sent_since

    assert store.read(known) == 2
    told(store, 100, 12, now)
    assert store.read(known) == 0
