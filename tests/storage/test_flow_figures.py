"""How flows fare, in figures that add up, on talks that really happened; on both databases."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from storage import flow_figures, flow_talks, flow_versions
from storage.conversations import Scope
from storage.flow_figures import RunFigures, StepFigures, Wanted
from storage.models.flows import RunStep
from storage.refusals import NotFound
from storage.unit import Store
from tests.given import an_operator
from tests.shop import Shop, a_shop

EVERYBODY = Scope("nobody")
FILES = {
    "visit.yaml": """flow: visit
title: 来店の質問
start: [{keyword: 質問}]
cancel_words: [やめる]
if_running: restart
steps:
  - ask: 初めてですか?
    id: first
    choices: [はい, いいえ, {予約する: {call: booking}}, {やめます: {goto: no}}]
    retry: 1
    give_up: {handoff: 受付}
    timeout: {after: 3h, goto: late}
  - ask: 何名ですか?
    id: count
    type: number
    timeout: {after: 3h}
  - end: done
  - end: cancelled
    id: no
  - say: またどうぞ
    id: late
  - end: timed_out
""",
    "booking.yaml": """flow: booking
title: 予約
cancel_words: [予約をやめる]
steps:
  - ask: いつですか?
    id: at
    type: date
    timeout: {after: 1h}
  - end: done
""",
    "faq.yaml": """flow: faq
title: よくある質問
start: [message]
steps:
  - faq: message
    id: look
    unknown: {goto: words}
  - end: done
  - ask: 言いかえていただけますか?
    id: words
    timeout: {after: 1h}
  - end: done
""",
    "faq/q.yaml": """faq: q
entries:
  - id: parking
    ask: [駐車場はありますか, 車で行けますか, 車は何台]
    answer: 3台です。
""",
}


def user(number: int) -> str:
    return f"U{number:032d}"


@pytest.fixture
def shop(store: Store, now: datetime) -> Shop:
    return a_shop(store, now, FILES)


def wanted(shop: Shop, flow: str = "visit", number: int | None = None) -> Wanted:
    def find(db) -> str | None:
        found = flow_versions.find_numbered(db, flow, number) if number else None
        return found.hash if found else None

    return Wanted(flow, shop.now - timedelta(days=30), shop.store.read(find))


def runs(shop: Shop, flow: str = "visit", number: int | None = None) -> RunFigures:
    which = wanted(shop, flow, number)
    return shop.store.read(lambda db: flow_figures.count_runs(db, EVERYBODY, which))


def steps(shop: Shop, flow: str = "visit", number: int | None = None) -> dict[str, StepFigures]:
    which = wanted(shop, flow, number)
    found = shop.store.read(lambda db: flow_figures.count_steps(db, EVERYBODY, which))
    return {one.step: one for one in found}


def behind(shop: Shop, step: str, figure: flow_talks.StepFigure, flow: str = "visit") -> list[str]:
    """Who is behind a figure, and what they said last."""
    which = wanted(shop, flow)

    def read(db):
        return flow_talks.behind_step(db, EVERYBODY, which, step, figure, None)

    found, _ = shop.store.read(read)
    return [f"{one.words}・{one.why}" for one in found]


def say(shop: Shop, number: int, *texts: str) -> None:
    for text in texts:
        shop.says(text, user(number))


def test_each_question_tells_who_went_on_who_left_and_who_tried_again(shop: Shop) -> None:
    say(shop, 1, "質問", "はい", "2")
    say(shop, 2, "質問", "さくら", "はい")
    say(shop, 3, "質問", "やめる")
    say(shop, 4, "質問", "やめます")
    say(shop, 5, "質問", "はい", "たくさん", "とても", "3")
    shop.passes(timedelta(hours=4))
    say(shop, 6, "質問")

    first, count = steps(shop)["first"], steps(shop)["count"]
    assert (first.reached, first.on, first.left, first.cut_off, first.here) == (6, 3, 2, 0, 1)
    assert (first.answered, first.retried, first.wrong, first.timed_out) == (4, 1, 1, 0)
    assert (count.reached, count.on, count.left, count.timed_out) == (3, 2, 1, 1)
    assert (count.retried, count.wrong) == (1, 2)
    assert behind(shop, "first", "left") == ["やめます・cancelled", "やめる・cancelled"]
    assert behind(shop, "count", "left") == ["はい・timed_out"]
    assert behind(shop, "count", "retried") == ["とても・done"]
    assert behind(shop, "first", "here") == ["質問・None"]
    whole = runs(shop)
    assert (whole.begun, whole.running, whole.finished) == (6, 1, 2)
    assert (whole.dropped, whole.cut_off) == (3, 0)
    assert (whole.median_s, whole.p90_s) == (120, 240)


def test_a_time_out_that_leads_to_the_flows_own_farewell_is_a_drop_out_too(shop: Shop) -> None:
    say(shop, 1, "質問")
    shop.passes(timedelta(hours=4))

    assert steps(shop)["first"].left == 1
    assert steps(shop)["first"].timed_out == 1
    assert runs(shop).dropped == 1
    assert behind(shop, "first", "left") == ["質問・timed_out"]


def test_who_cancels_did_so_whatever_the_flow_calls_its_end(store: Store, now: datetime) -> None:
    text = FILES["visit.yaml"].replace("if_running", "on_cancel: {goto: late}\nif_running")
    shop = a_shop(store, now, {**FILES, "visit.yaml": text})
    say(shop, 1, "質問", "やめる")

    assert [run.end for run in shop.runs(user(1))] == ["timed_out"]
    assert behind(shop, "first", "left") == ["やめる・cancelled"]


def test_a_called_flow_is_counted_where_its_own_questions_are(shop: Shop) -> None:
    say(shop, 1, "質問", "予約する")
    say(shop, 2, "質問", "予約する", "2026-12-01")
    say(shop, 3, "質問", "予約する", "予約をやめる")

    first, at = steps(shop)["first"], steps(shop, "booking")["at"]
    assert (first.reached, first.here, first.on, first.answered) == (3, 1, 2, 3)
    assert (at.reached, at.here, at.on, at.left) == (3, 1, 1, 1)
    assert (runs(shop, "booking").begun, runs(shop, "booking").called) == (0, 3)
    assert behind(shop, "at", "left", "booking") == ["予約をやめる・cancelled"]
    called = wanted(shop, "booking")
    found, _ = shop.store.read(
        lambda db: flow_talks.behind_runs(db, EVERYBODY, called, "called", None)
    )
    assert {(one.flow_id, one.step) for one in found} == {("visit", "at"), ("visit", "count")}


def test_who_begins_anew_is_cut_off_and_who_needs_a_person_is_told(shop: Shop, now) -> None:
    say(shop, 1, "質問", "質問", "さくら", "うめ")

    first = steps(shop)["first"]
    assert (first.reached, first.cut_off, first.here, first.gave_up) == (2, 1, 1, 1)
    assert (runs(shop).cut_off, runs(shop).handed_off, runs(shop).running) == (1, 1, 1)
    which = wanted(shop)
    (handed,), _ = shop.store.read(
        lambda db: flow_talks.behind_runs(db, EVERYBODY, which, "handed_off", None)
    )
    assert (handed.words, handed.step, handed.why) == ("うめ", "first", None)
    staff = shop.store.write(lambda db: an_operator(db, now))
    shop.takes(staff, user(1))
    shop.resolves(staff, user(1))
    first = steps(shop)["first"]
    assert (first.on, first.answered, first.gave_up) == (1, 0, 1)


def test_what_the_faq_did_not_know_is_told_at_its_step(shop: Shop) -> None:
    say(shop, 1, "駐車場はありますか")
    say(shop, 2, "ポイントカードの期限")

    look = steps(shop, "faq")["look"]
    assert (look.reached, look.on, look.answered, look.unanswered) == (2, 2, 1, 1)
    assert behind(shop, "look", "unanswered", "faq") == ["ポイントカードの期限・None"]


def test_each_version_has_figures_of_its_own(shop: Shop) -> None:
    say(shop, 1, "質問", "はい")
    shop.publish({**FILES, "visit.yaml": FILES["visit.yaml"].replace("いいえ", "いいえ, さあ")})
    say(shop, 2, "質問", "やめる")

    assert (runs(shop).begun, runs(shop, number=1).begun, runs(shop, number=2).begun) == (2, 1, 1)
    assert (steps(shop, number=1)["first"].on, steps(shop, number=1)["count"].here) == (1, 1)
    assert steps(shop, number=2)["first"].left == 1
    assert "count" not in steps(shop, number=2)


def test_who_is_moved_to_another_version_is_counted_there(shop: Shop) -> None:
    say(shop, 1, "質問", "はい")
    other = FILES["visit.yaml"].replace("いいえ", "いいえ, さあ")
    shop.publish({**FILES, "visit.yaml": other}, how="move")

    assert (runs(shop, number=1).begun, steps(shop, number=1)) == (0, {})
    assert steps(shop, number=2)["first"].on == steps(shop, number=2)["count"].here == 1
    third = FILES["visit.yaml"].replace("何名ですか", "何人ですか")
    shop.publish({**FILES, "visit.yaml": third}, how="stop")
    assert steps(shop, number=2)["count"].cut_off == 1
    assert runs(shop).cut_off == 1


def test_old_runs_and_other_accounts_are_not_counted(shop: Shop) -> None:
    say(shop, 1, "質問", "やめる")
    recent = Wanted("visit", shop.now + timedelta(hours=1))
    elsewhere = Scope("nobody", frozenset({"other"}))

    def read(db):
        seen = [
            (flow_figures.count_runs(db, scope, which), flow_figures.count_steps(db, scope, which))
            for scope, which in ((EVERYBODY, recent), (elsewhere, wanted_now))
        ]
        lists = [
            flow_talks.behind_runs(db, elsewhere, wanted_now, "dropped", None),
            flow_talks.behind_step(db, elsewhere, wanted_now, "first", "left", None),
        ]
        return seen, lists

    wanted_now = wanted(shop)
    seen, lists = shop.store.read(read)
    assert seen == [(RunFigures(), []), (RunFigures(), [])]
    assert lists == [([], None), ([], None)]
    assert runs(shop).dropped == 1


def test_the_talks_behind_a_figure_come_page_by_page(shop: Shop, monkeypatch) -> None:
    monkeypatch.setattr(flow_talks, "PAGE", 2)
    for number in range(5):
        say(shop, number, "質問", "やめる")
    which = wanted(shop)

    def read(step: str | None, after: str | None):
        def work(db):
            if step is None:
                return flow_talks.behind_runs(db, EVERYBODY, which, "dropped", after)
            return flow_talks.behind_step(db, EVERYBODY, which, step, "left", after)

        return shop.store.read(work)

    for step in (None, "first"):
        first, after = read(step, None)
        second, after = read(step, after)
        third, end = read(step, after)
        found = [one.run_id for one in (*first, *second, *third)]
        assert (len(set(found)), end) == (5, None)
        assert [one.started_at for one in first] == sorted(
            (one.started_at for one in first), reverse=True
        )
    with pytest.raises(NotFound):
        read("first", "nonsense")


NESTED = {
    "a.yaml": """flow: a
title: a
start: [{keyword: 始め}]
cancel_words: [全部やめる]
steps:
  - call: b
    id: to_b
  - ask: aの問い
    id: ask_a
  - end: done
""",
    "b.yaml": """flow: b
title: b
start: [{keyword: もう一度}]
if_running: restart
stop_when: {tag: 停止}
steps:
  - ask: bの問い
    id: ask_b
  - call: c
    id: to_c
  - end: done
""",
    "c.yaml": """flow: c
title: c
steps:
  - ask: cの問い
    id: ask_c
    choices: [{止める: {tag: 停止}}, はい]
  - ask: cの次の問い
    id: next_c
  - end: done
""",
}


BOTH_OVER = {"to_b": "left", "ask_b": "on", "to_c": "left", "ask_c": "left"}
BEGUN_ANEW = {"to_b": "here", "ask_b": "here", "to_c": "cut", "ask_c": "cut"}
GONE_ON = {"to_b": "on", "ask_a": "here", "ask_b": "on", "to_c": "cut", "ask_c": "on"}


@pytest.mark.parametrize(
    ("said", "fates"),
    [
        ("全部やめる", BOTH_OVER),
        ("もう一度", BEGUN_ANEW),
        ("止める", GONE_ON | {"next_c": "cut"}),
    ],
)
def test_what_ends_a_calling_flow_ends_the_stays_in_all_that_it_called(
    store: Store, now: datetime, said: str, fates: dict[str, str]
) -> None:
    shop = a_shop(store, now, NESTED)
    say(shop, 1, "始め", "b", said)

    found = store.read(lambda db: db.exec(select(RunStep)).all())
    assert {one.step: one.fate for one in found} == fates


SAID = st.sampled_from(
    ["質問", "はい", "いいえ", "予約する", "やめます", "やめる", "予約をやめる", "2", "2026-12-01",
     "さくら", "駐車場はありますか", "ポイント", None]
)  # fmt: skip


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(talks=st.lists(st.tuples(st.integers(1, 3), SAID), min_size=5, max_size=20))
def test_the_figures_add_up_whatever_people_say(shop: Shop, talks) -> None:
    for number, text in talks:
        if text is None:
            shop.passes(timedelta(minutes=90))
        else:
            say(shop, number, text)

    for flow in ("visit", "faq"):
        whole, found = runs(shop, flow), steps(shop, flow).values()
        assert whole.begun == whole.running + whole.finished + whole.dropped + whole.cut_off
        assert sum(step.left for step in found) == whole.dropped
        assert sum(step.cut_off for step in found) == whole.cut_off
        assert sum(step.here for step in found) == whole.running
        first = max(step.reached for step in found) if found else 0
        assert first == whole.begun
        for step in found:
            assert step.reached == step.on + step.left + step.cut_off + step.here
            assert max(step.answered, step.retried, step.gave_up, step.timed_out) <= step.reached
            assert step.retried <= step.wrong
            for figure in flow_talks.STEP_FIGURES:
                count = getattr(step, figure)
                assert len(behind(shop, step.step, figure, flow)) == min(count, flow_talks.PAGE)
