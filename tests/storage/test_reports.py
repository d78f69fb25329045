"""Reports: figures that one can work out by hand, and the same as counting everything anew."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import delete, select

from storage import customers, report_figures, report_talks
from storage.conversations import Scope
from storage.models.reports import ReportFact, ReportHelp, ReportMark
from storage.models.talks import Conversation
from storage.report_figures import BYS, By, Figures, Period
from storage.report_keeping import count_next, keep_next, keep_steps, lag
from storage.report_talks import Cell
from storage.unit import Store, open_store
from tests.storage.reporting import CLOCK, EVERYBODY, Counter, LongWay

DAY = date(2026, 11, 21)  # a Saturday; the tests begin at ten in the morning


@pytest.fixture
def counter(store: Store, now: datetime) -> Counter:
    return Counter.opened(store, now)


def whole(
    counter: Counter, first: date = DAY, last: date = DAY, scope: Scope = EVERYBODY
) -> Figures:
    period = Period(first, last)
    return counter.store.read(lambda db: report_figures.count_whole(db, scope, period))


def rows(counter: Counter, by: By, first: date = DAY, last: date = DAY) -> dict[str, Figures]:
    period = Period(first, last)
    found = counter.store.read(lambda db: report_figures.count_by(db, EVERYBODY, period, by))
    return {row.key: row for row in found}


def behind(counter: Counter, cell: Cell, last: date = DAY) -> list[report_talks.Behind]:
    def read(db):
        return report_talks.behind(db, EVERYBODY, Period(DAY, last), cell, None)[0]

    return counter.store.read(read)


def a_morning(counter: Counter) -> None:
    """Two talks with the bot, one of which goes over to A; one that A takes by himself."""
    counter.says("予約したい", 1)
    counter.bot_says(1)
    counter.goes_out("reply")
    counter.says("こんにちは", 2)
    counter.bot_says(2)
    counter.goes_out("push", "rejected")
    counter.passes(minutes=10)
    counter.hands_off(1)  # at 10:10
    counter.passes(minutes=5)
    counter.takes(0, 1)  # at 10:15
    counter.passes(minutes=15)
    counter.answers(0, 1)  # at 10:30: 20 minutes after the asking
    counter.goes_out("push")
    counter.says("誰かいますか", 3)  # at 10:30
    counter.passes(minutes=40)
    counter.answers(0, 3)  # at 11:10: 40 minutes
    counter.resolves(0, 1)  # 55 minutes after the taking


def test_a_morning_comes_to_figures_that_one_can_count(counter: Counter) -> None:
    a_morning(counter)

    counter.counts()

    found = whole(counter)
    assert (found.talks, found.bot_only) == (3, 1)
    assert found.counts == {
        "received": 3, "bot": 2, "staff": 2, "free": 1, "push": 1,
        "helped": 2, "handed": 1, "reopened": 0, "resolved": 1,
    }  # fmt: skip
    reply, handled = found.times["reply"], found.times["handled"]
    assert (reply.count, reply.mean_s, reply.median_s, reply.p90_s) == (2, 1800, 1200, 2400)
    assert (handled.count, handled.median_s) == (1, 55 * 60)
    by_hour = rows(counter, "hour")
    assert {key: row.counts["staff"] for key, row in by_hour.items()} == {"10": 1, "11": 1}
    assert rows(counter, "flow")["welcome"].counts["handed"] == 1
    assert rows(counter, "queue")["受付"].talks == 1
    assert rows(counter, "operator")[counter.staff[0]].counts["staff"] == 2
    assert set(rows(counter, "account")) == {"main"}
    assert whole(counter, DAY + timedelta(1), DAY + timedelta(9)) == Figures("")


def test_a_reply_is_timed_in_business_hours_too(counter: Counter) -> None:
    counter.passes(hours=8, minutes=30)  # 18:30
    counter.says("まだ開いていますか")
    counter.hands_off()
    counter.passes(hours=16)  # 10:30 on the next day
    counter.answers()

    counter.counts()

    times = whole(counter).times
    assert times["reply"].median_s == 16 * 3600
    assert times["opened"].median_s == 3600


def test_days_are_those_of_the_workspace(counter: Counter) -> None:
    counter.passes(hours=13, minutes=59)  # 23:59 in Tokyo
    counter.says("夜です", 1)
    counter.passes(minutes=2)
    counter.says("朝です", 1)
    counter.counts()

    days = rows(counter, "day", DAY, DAY + timedelta(1))

    assert {key: row.counts["received"] for key, row in days.items()} == {
        "2026-11-21": 1, "2026-11-22": 1,
    }  # fmt: skip
    assert whole(counter, DAY, DAY + timedelta(1)).talks == 1


def test_a_talk_that_opens_again_is_counted_as_such_and_one_taken_in_silence_has_no_reply(
    counter: Counter,
) -> None:
    counter.says("こんにちは", 1)
    counter.answers(0, 1)
    counter.resolves(0, 1)
    counter.passes(minutes=5)
    counter.says("もう一つ", 1)
    counter.passes(minutes=3)
    counter.answers(1, 1)
    counter.bot_says(2)
    counter.takes(0, 2)  # nobody had asked for anything
    counter.answers(0, 2)
    counter.counts()

    found = whole(counter)

    assert (found.counts["reopened"], found.counts["helped"]) == (1, 3)
    assert found.times["reply"].count == 2
    assert found.times["reply"].p90_s == 180
    by_person = rows(counter, "operator")
    assert by_person[counter.staff[1]].counts["reopened"] == 1


def test_a_tag_counts_the_talks_of_whoever_carries_it(counter: Counter, now: datetime) -> None:
    a_morning(counter)
    counter.counts()

    def tag(db) -> None:
        for talk in db.scalars(select(Conversation)).all()[:2]:
            customers.put_tag(db, talk.customer_id, "常連", {}, {"kind": "system"}, now)

    counter.store.write(tag)
    counter.counts()

    assert rows(counter, "tag")["常連"].talks == 2
    assert len(behind(counter, Cell("talks", "tag", "常連"))) == 2


def test_every_figure_leads_to_its_talks(counter: Counter) -> None:
    a_morning(counter)
    counter.counts()

    assert len(behind(counter, Cell("talks"))) == 3
    assert [one.count for one in behind(counter, Cell("bot_only"))] == [1]
    assert [one.count for one in behind(counter, Cell("reply"))] == [2400, 1200]
    assert [one.when for one in behind(counter, Cell("handed"))] == ["2026-11-21 10"]
    assert [one.status for one in behind(counter, Cell("resolved"))] == ["done"]
    assert behind(counter, Cell("staff", "hour", "09")) == []
    assert len(behind(counter, Cell("staff", "operator", counter.staff[0]))) == 2


def test_long_lists_come_page_by_page(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    for who in range(1, 6):
        counter.says("こんにちは", who)
        counter.answers(0, who)
        counter.passes(minutes=20)
    counter.counts()
    monkeypatch.setattr(report_talks, "PAGE", 2)

    for figure in ("talks", "reply"):
        seen: list[str] = []
        after: str | None = None
        while True:
            found, after = counter.store.read(
                lambda db, f=figure, a=after: report_talks.behind(
                    db, EVERYBODY, Period(DAY, DAY), Cell(f), a
                )
            )
            seen += [one.conversation_id for one in found]
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 5


def test_accounts_are_the_wall(counter: Counter) -> None:
    counter.says("こんにちは", 1, "main")
    counter.says("こんにちは", 2, "other")
    counter.counts()
    other = Scope("x", frozenset({"other"}))

    assert whole(counter, scope=other).talks == 1
    assert whole(counter, scope=Scope("x", frozenset())).talks == 0
    narrowed = Period(DAY, DAY, account="main")
    read = counter.store.read
    assert read(lambda db: report_figures.count_whole(db, EVERYBODY, narrowed)).talks == 1
    assert read(lambda db: report_figures.count_whole(db, other, narrowed)).talks == 0
    found, _ = read(
        lambda db: report_talks.behind(db, other, Period(DAY, DAY), Cell("talks"), None)
    )
    assert {one.account_id for one in found} == {"other"}


def test_what_was_before_the_first_count_and_what_was_lost_is_counted_anew(
    counter: Counter,
) -> None:
    a_morning(counter)
    assert counter.store.read(lambda db: lag(db, EVERYBODY.allows)).is_filling
    counter.counts()
    expected = whole(counter)

    def lose(db) -> None:  # as after a journal was cut, or the tables were damaged
        db.exec(delete(ReportFact))
        db.exec(delete(ReportHelp))
        mark = db.get_one(ReportMark, "main")
        mark.last_id = 10_000
        db.add(mark)

    counter.store.write(lose)
    counter.counts()

    assert whole(counter) == expected
    assert counter.store.read(lambda db: lag(db, EVERYBODY.allows)).entries == 0


def test_another_zone_moves_the_days(counter: Counter, now: datetime) -> None:
    counter.passes(hours=13, minutes=30)  # 23:30 in Tokyo, 14:30 in London
    counter.says("夜です")
    counter.counts()
    london = type(CLOCK)("Europe/London", CLOCK.open_s)

    while counter.store.write(lambda db: keep_next(db, london, now)):
        pass

    assert set(rows(counter, "hour")) == {"14"}


STEPS = st.tuples(
    st.sampled_from(
        ["says", "bot_says", "hands_off", "takes", "gives", "puts_back", "answers", "resolves",
         "returns", "goes_out", "fails", "counts"]
    ),
    st.integers(1, 3),  # who
    st.integers(0, 1),  # by whom
    st.sampled_from(["main", "other"]),
    st.integers(0, 400),  # minutes that pass before
)  # fmt: skip


def do(counter: Counter, step: tuple[str, int, int, str, int]) -> None:
    what, who, by, account, minutes = step
    counter.passes(minutes=minutes, seconds=1)
    match what:
        case "says" | "bot_says" | "hands_off":
            getattr(counter, what)(*(["文"] if what == "says" else []), who, account)
        case "takes" | "answers" | "resolves" | "returns":
            getattr(counter, what)(by, who, account)
        case "gives":
            counter.gives(by, who, account)
        case "puts_back":
            counter.gives(None, who, account)
        case "goes_out":
            counter.goes_out("reply" if by else "push")
        case "fails":
            counter.goes_out("push", "rejected")
        case _:
            counter.counts()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=5, max_size=40))
def test_figures_are_those_of_counting_everything(
    migrated_sqlite: Any, tmp_path_factory: Any, steps: list[Any]
) -> None:
    path = tmp_path_factory.mktemp("reports") / "law.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    compare(f"sqlite:///{path}", steps)


def compare(url: str, steps: list[Any]) -> None:
    store = open_store(url)
    counter = Counter.opened(store, datetime.fromisoformat("2026-11-21T01:00:00+00:00"))
    for step in steps:
        do(counter, step)
    counter.counts()
    first, last = "2026-11-21", "2026-11-24"
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    for by in (None, *(b for b in BYS if b != "tag")):

        def read(db: Any, by: By | None = by) -> tuple[dict[str, Any], dict[str, Any]]:
            if by is None:
                found = {"": report_figures.count_whole(db, EVERYBODY, period)}
            else:
                found = {r.key: r for r in report_figures.count_by(db, EVERYBODY, period, by)}
            short = {key: told(row) for key, row in found.items()}
            return short, LongWay(db, by, first, last).walk()

        short, long = store.read(read)
        assert {k: v for k, v in short.items() if any_of(v)} == {
            k: v for k, v in long.items() if any_of(v)
        }, by
    store.close()


def any_of(row: dict[str, Any]) -> bool:
    return any(row.values())


def told(row: Figures) -> dict[str, Any]:
    lengths = {n: (t.count, t.mean_s, t.median_s, t.p90_s) for n, t in row.times.items()}
    return {"talks": row.talks, "bot_only": row.bot_only, **row.counts, **lengths}


def test_a_long_day_is_the_same_on_each_database(database_url: str) -> None:
    morning = ["says", "bot_says", "hands_off", "takes", "answers", "goes_out", "gives", "says"]
    evening = ["answers", "resolves", "says", "puts_back", "takes", "fails", "returns", "counts"]
    whats = morning + evening
    steps = [
        (whats[n % len(whats)], n % 3 + 1, n % 2, "main" if n % 5 else "other", n * 7 % 90)
        for n in range(120)
    ]
    compare(database_url, steps)


def test_of_two_who_count_the_same_step_one_writes_it(counter: Counter) -> None:
    a_morning(counter)
    steps = counter.store.read(lambda db: count_next(db, CLOCK))
    assert counter.store.write(lambda db: keep_steps(db, steps, counter.now))
    assert not counter.store.write(lambda db: keep_steps(db, steps, counter.now))
    filled = counter.store.read(lambda db: count_next(db, CLOCK))
    counter.says("その間に", 1)

    assert counter.store.write(lambda db: keep_steps(db, filled, counter.now))
    assert not counter.store.write(lambda db: keep_steps(db, filled, counter.now))

    counter.counts()
    assert whole(counter).counts["received"] == 4


def test_what_was_taken_back_was_neither_said_nor_an_answer(counter: Counter) -> None:
    counter.hands_off(1)
    counter.passes(minutes=5)
    counter.answers(0, 1)
    counter.goes_out("push", "cancelled")
    counter.passes(minutes=5)
    counter.answers(1, 1)
    counter.goes_out("push")

    counter.counts()

    found = whole(counter)
    assert found.counts["staff"] == 1
    assert found.times["reply"].mean_s == 600
