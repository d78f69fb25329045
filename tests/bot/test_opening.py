"""When queues are open: from the calendars in the folder to the clock of a talk."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from bot import opening
from flows.language.book import book_of
from storage import journal
from storage.desk_rules import Rule, Rules, put_rules
from storage.models.talks import Conversation, Handoff
from storage.opening import hours_of
from storage.talks import changed
from storage.unit import Store
from tests import given
from tests.shop import Shop, folder_of

FILES = {
    "calendars/main.yaml": "weekly: {mon: closed, tue-sun: 10:00-19:00}\n",
    "calendars/late.yaml": "weekly: {mon-sun: [22:00-24:00, 00:00-02:00]}\n",
    "queues.yaml": "queues: [受付, 夜間: {hours: late, accounts: [main]}]\n",
    "f.yaml": "flow: f\ntitle: 題\nstart: [{keyword: 夜}]\nsteps:\n"
    "  - handoff: お待ちください。\n    id: h\n    to: 夜間\n    timeout: {after: 1h, say: 朝に}\n",
}
SATURDAY_NIGHT = datetime(2026, 11, 21, 9, 50, tzinfo=UTC)  # 18:50 in Tokyo, ten minutes left
TEN_O_CLOCK = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def test_a_queue_counts_by_its_own_calendar_or_by_main(store: Store) -> None:
    book = book_of(folder_of(FILES))

    def work(db: Session) -> list[Conversation]:
        opening.plan(db, book, SATURDAY_NIGHT, is_new=True)
        put_rules(db, Rules(0, Rule(first_minutes=30), {}), "見本", SATURDAY_NIGHT)
        account = given.an_account(db, SATURDAY_NIGHT)
        talks = [given.a_waiting_talk(db, account, SATURDAY_NIGHT, f"U{n}" * 16) for n in (1, 2)]
        talks[1].queue = "夜間"
        changed(db, talks[1], "conversation.waiting", journal.BOT, SATURDAY_NIGHT)
        return talks

    by_day, by_night = store.write(work)

    assert by_day.reply_due_at == TEN_O_CLOCK + timedelta(minutes=20)
    assert by_night.reply_due_at == datetime(2026, 11, 21, 13, 30, tzinfo=UTC)  # 22:30 in Tokyo


def test_hours_over_midnight_are_one_stretch_and_a_house_without_calendars_is_always_open(
    store: Store,
) -> None:
    late, plain = book_of(folder_of(FILES)), book_of(folder_of({"queues.yaml": "queues: [受付]\n"}))

    store.write(lambda db: opening.plan(db, late, SATURDAY_NIGHT, is_new=True))
    spans = store.read(lambda db: hours_of(db, "夜間"))
    assert spans is not None
    assert {end - start for start, end in spans[1:-1]} == {240}

    store.write(lambda db: opening.plan(db, plain, SATURDAY_NIGHT, is_new=True))
    assert store.read(lambda db: (hours_of(db, "受付"), hours_of(db, "夜間"))) == (None, None)


def test_staff_are_told_of_a_handoff_when_its_queue_opens(store: Store) -> None:
    shop = Shop(store, SATURDAY_NIGHT)
    store.write(lambda db: given.an_account(db, shop.now))
    shop.publish(FILES)

    shop.says("夜")

    handoff = store.read(lambda db: db.exec(select(Handoff)).one())
    assert shop.texts() == ["お待ちください。"]
    assert handoff.notify_at == datetime(2026, 11, 21, 13, 0, tzinfo=UTC)  # 22:00 in Tokyo
    assert "handoff.due" not in kinds(store)
    shop.passes(timedelta(hours=4))
    assert "handoff.due" in kinds(store)


def kinds(store: Store) -> list[str]:
    return [entry.kind for entry in store.read(lambda db: journal.tail(db, "main", 0)).entries]
