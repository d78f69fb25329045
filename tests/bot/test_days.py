"""Runs that wait for days, schedules, and flows that start others, in the running bot."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from flows.language import values
from flows.language.book import HOUSE, Book, house_from
from flows.language.routing import take
from flows.language.run import run_from_json
from storage import customers, journal
from storage.models.flows import FlowVersion, Run, RunEvent
from storage.models.people import Friend
from storage.models.work import Arrival, Timer
from storage.unit import Store
from tests import given
from tests.bot.conftest import Line, eventually

JAPAN = ZoneInfo("Asia/Tokyo")
MORNING = """\
flow: morning
title: 朝のお知らせ
start: [{schedule: 毎日 HOUR:00, segment: young_color}, {schedule: 毎日 HOUR:30}]
steps:
  - say: おはようございます
  - end: done
"""
LOTTERY = """\
flow: lottery
title: くじ引き
start: [{keyword: くじ}]
vars: {n: 0}
steps:
  - repeat:
      over: [赤, 白, 青]
      as: ball
      steps:
        - random:
            - {weight: 1, say: "{{var.ball}}は当たり", count: n}
            - {weight: 1, say: "{{var.ball}}は外れ"}
  - start: thanks
  - say: 引き終わりました
  - end: done
"""
THANKS = """\
flow: thanks
title: お礼
start: []
steps:
  - say: [{image: https://example.com/thanks.png}, ご参加ありがとうございました]
  - end: done
"""


def moves_to(counter: Line, hour: int, minute: int = 0, *, days: int = 0) -> None:
    """The clock goes on to this time in Japan: the next one, or so many days after today."""
    local = counter.now().astimezone(JAPAN)
    moment = local.replace(hour=hour, minute=minute, second=1) + timedelta(days=days)
    if moment <= local:
        moment += timedelta(days=1)
    counter.passes(moment - local)


def a_friend_in_talk(counter: Line) -> str:
    """Somebody who added the account, and whom nothing is asked."""
    user = counter.friend()
    counter.does(user, "follow")
    eventually(lambda: counter.texts(user), "the welcome")
    counter.does(user, "say", text="やめる")
    says(counter, user, "またいつでも")
    return user


def says(counter: Line, user: str, part: str) -> None:
    eventually(lambda: any(part in text for text in counter.texts(user)), part)


def test_a_purchase_is_followed_up_over_thirty_days(counter: Line, store: Store) -> None:
    moves_to(counter, 15)
    user = a_friend_in_talk(counter)

    counter.inside(user, "happened", name="purchase", data={"item": "シャンプー"})
    due = eventually(lambda: store.read(given.next_timer), "the first day")
    assert due.astimezone(JAPAN).strftime("%H:%M") == "10:00"
    moves_to(counter, 10)
    says(counter, user, "シャンプーの使い心地")
    moves_to(counter, 12, days=6)
    says(counter, user, "1週間")
    counter.tap(user, "良い😊")
    waiting = select(Run).where(col(Run.flow_id) == "after_purchase", col(Run.step) == "d30")
    eventually(lambda: store.read(lambda db: db.exec(waiting).first()), "the thirtieth day")
    moves_to(counter, 12, days=23)
    says(counter, user, "再注文")

    followed = select(Run).where(col(Run.flow_id) == "after_purchase")
    assert store.read(lambda db: db.exec(followed).one()).end == "done"
    assert store.read(given.next_timer) is None


def test_a_tag_that_staff_put_on_stops_it_in_silence(counter: Line, store: Store) -> None:
    moves_to(counter, 15)
    user = a_friend_in_talk(counter)
    counter.inside(user, "happened", name="purchase", data={})
    eventually(lambda: store.read(given.next_timer), "the first day")
    said = len(counter.texts(user))

    friend = store.read(lambda db: db.exec(select(Friend)).one())
    store.write(
        lambda db: customers.put_tag(
            db, friend.customer_id, "配信停止", {}, journal.SYSTEM, counter.now()
        )
    )

    stopped = select(Run).where(col(Run.end) == "stopped")
    eventually(lambda: store.read(lambda db: db.exec(stopped).first()), "the stop")
    moves_to(counter, 10)
    assert store.read(given.next_timer) is None
    assert len(counter.texts(user)) == said


def test_what_is_due_while_a_question_is_open_is_said_after_it(counter: Line, store: Store) -> None:
    moves_to(counter, 15)
    user = a_friend_in_talk(counter)
    counter.inside(user, "happened", name="purchase", data={})
    eventually(lambda: store.read(given.next_timer), "the first day")
    moves_to(counter, 9, 55)
    counter.does(user, "say", text="予約")
    eventually(
        lambda: counter.simulator.friends[user].screen[-1]["message"].get("quickReply"), "it"
    )

    moves_to(counter, 10)
    held = select(RunEvent).where(col(RunEvent.kind) == "Due")
    eventually(lambda: store.read(lambda db: db.exec(held).first()), "the timer")
    before = counter.texts(user)[-1]
    counter.does(user, "say", text="やめる")

    says(counter, user, "使い心地")
    assert "メニュー" in before
    assert "使い心地" in counter.texts(user)[-1]


def test_the_clock_starts_a_flow_for_each_customer_once(counter: Line, store: Store) -> None:
    moves_to(counter, 15)
    users = [a_friend_in_talk(counter) for _ in range(3)]
    counter.does(users[2], "block")
    blocked = select(Friend).where(col(Friend.is_blocked).is_(True))
    eventually(lambda: store.read(lambda db: db.exec(blocked).first()), "the block")

    counter.publish(morning=MORNING.replace("HOUR", "10"))
    kept = select(Timer).where(col(Timer.kind) == "schedule").order_by(col(Timer.key))
    eventually(lambda: len(store.read(lambda db: db.exec(kept).all())) == 2, "two schedules")
    moves_to(counter, 10)
    told = select(Arrival).where(col(Arrival.kind) == "scheduled", col(Arrival.state) == "done")
    eventually(
        lambda: len(store.read(lambda db: db.exec(told).all())) == 2, "nobody in the segment"
    )
    assert all("おはようございます" not in counter.texts(user) for user in users)
    moves_to(counter, 10, 30)
    for user in users[:2]:
        says(counter, user, "おはようございます")

    first, second = store.read(lambda db: db.exec(kept).all())
    tomorrow = counter.now().astimezone(JAPAN) + timedelta(days=1)
    for timer, minute in ((first, 0), (second, 30)):
        due = timer.due_at.astimezone(JAPAN)
        assert (due.date(), due.hour, due.minute) == (tomorrow.date(), 10, minute)
    assert "おはようございます" not in counter.texts(users[2])


def test_another_time_is_another_schedule_and_a_flow_that_goes_takes_its_own_along(
    counter: Line, store: Store
) -> None:
    kept = select(Timer).where(col(Timer.kind) == "schedule").order_by(col(Timer.key))

    def hours() -> list[int]:
        timers = store.read(lambda db: db.exec(kept).all())
        return [timer.due_at.astimezone(JAPAN).hour for timer in timers]

    counter.publish(morning=MORNING.replace("HOUR", "10"))
    eventually(lambda: hours() == [10, 10], "two schedules")
    counter.publish(morning=MORNING.replace("HOUR", "11"))
    eventually(lambda: hours() == [11, 11], "other times")
    counter.publish()
    eventually(lambda: hours() == [], "none")


def test_lots_rounds_and_flows_begun_by_flows_can_be_done_again(
    counter: Line, store: Store
) -> None:
    counter.publish(lottery=LOTTERY, thanks=THANKS)
    user = a_friend_in_talk(counter)

    counter.does(user, "say", text="くじ")
    says(counter, user, "引き終わりました")
    says(counter, user, "ご参加ありがとうございました")

    pictures = [
        item["message"]["originalContentUrl"]
        for item in counter.simulator.friends[user].screen
        if item["message"].get("type") == "image"
    ]
    assert set(pictures) == {"https://example.com/thanks.png"}
    events = store.read(lambda db: db.exec(select(RunEvent).order_by(col(RunEvent.seq))).all())
    versions = store.read(lambda db: {v.hash: v for v in db.exec(select(FlowVersion)).all()})
    newest = {v.flow_id: v for v in sorted(versions.values(), key=lambda v: v.number)}
    heads = {v.flow_id: v.hash for v in newest.values() if v.flow_id != HOUSE}
    book = Book(house_from(newest[HOUSE].bundle), heads, lambda hash_: versions[hash_].bundle)
    drawn = [event for event in events if event.context["picks"]]
    assert drawn
    for event in drawn:
        context = values.from_json(event.context)
        runs = [run_from_json(event.state_before)] if event.state_before else []
        again = take(book, runs, values.from_json(event.payload), context)
        assert event.state_after in [run.to_json() for run in again.runs]
        assert list(again.draws) == event.context["picks"]
