"""Talks of the past: done again in a draft, and kept as tests without personal data."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from console.replaying import draft_of, find_version, published_with, record, replay_last
from flows.language.checker import check
from flows.language.loader import load_files
from flows.language.past_talks.replay import Verdict
from flows.language.sayings.catalogue import say_param
from flows.language.talk_tests import run_tests
from storage import customers, journal
from storage.models.flows import RunEvent
from storage.models.people import Customer
from storage.refusals import NotFound
from storage.unit import Store
from tests import given
from tests.shop import Shop, a_shop, folder_of

FLOWS = Path(__file__).parent.parent.parent / "flows"
TALK = """flow: f
title: 見本
start: [{keyword: 始め}]
steps:
  - ask: 大きさは?
    id: size
    choices:
      - 大: {tag: 大}
      - 小: {tag: 小}
    timeout: {after: 1h}
  - ask: 何個ですか?
    id: n
    type: number
    timeout: {after: 1h, goto: late}
  - say: "{{answer.size}}を{{answer.n}}個ですね。"
  - end: done
  - end: timed_out
    id: late
"""
SECOND = "U" + "2" * 32


@pytest.fixture
def shop(store: Store, now: datetime) -> Shop:
    """Somebody ordered with buttons and words, somebody was never heard of again."""
    shop = a_shop(store, now, {"f.yaml": TALK})
    shop.says("始め")
    shop.taps("小")
    shop.says("2")
    shop.says("始め", SECOND)
    shop.says("大", SECOND)
    shop.passes(timedelta(hours=2))
    return shop


def sides(verdict: Verdict) -> tuple[str, str]:
    """As people read them."""
    return say_param(verdict.before), say_param(verdict.after)


def replayed(shop: Shop, text: str) -> list[Verdict]:
    """What a draft makes of the two runs, the newer one first."""
    draft = draft_of(folder_of({"f.yaml": text}))
    report = replay_last(shop.store, draft, 500, {"f"})
    assert report.to_json()["summary"]["runs"] == 2
    return report.verdicts


def groups(shop: Shop, text: str) -> list[str]:
    return [verdict.group for verdict in replayed(shop, text)]


def test_the_same_flow_makes_the_same_of_every_talk(shop: Shop) -> None:
    assert groups(shop, TALK) == ["same", "same"]
    assert groups(shop, TALK.replace("大: {tag: 大}", "大:\n          tag: 大")) == ["same", "same"]


def test_other_words_are_told_with_both(shop: Shop) -> None:
    late, done = replayed(shop, TALK.replace("ですね。", "承りました。"))

    assert (late.group, done.group) == ("same", "other_text")
    assert sides(done) == ("小を2個ですね。", "小を2個承りました。")


def test_choices_in_another_order_are_met_by_their_words(shop: Shop) -> None:
    order = "      - 大: {tag: 大}\n      - 小: {tag: 小}\n"
    other = "      - 小: {tag: 小}\n      - 大: {tag: 大}\n"
    first, second = replayed(shop, TALK.replace(order, other))

    assert (first.group, second.group) == ("other_text", "other_text")  # the buttons' order
    assert {first.turn, second.turn} == {1}
    assert sides(first) == ("大・小", "小・大")


def test_other_tags_are_told(shop: Shop) -> None:
    late, done = replayed(shop, TALK.replace("小: {tag: 小}", "小: {tag: 少}"))

    assert (late.group, done.group) == ("same", "other_tags")
    assert sides(done) == ("+小", "+少")


def test_what_follows_from_another_tag_is_seen_with_it(shop: Shop) -> None:
    then = TALK.replace("小: {tag: 小}", "小: {tag: 少}").replace(
        "  - ask: 何個", "  - if: {tag: 少}\n    then: {goto: end_}\n  - ask: 何個"
    )
    late, done = replayed(shop, then.replace("  - end: done", "  - end: done\n    id: end_"))

    assert (late.group, done.group) == ("same", "diverged")


def test_another_end_is_told(shop: Shop) -> None:
    late, done = replayed(shop, TALK.replace("end: done", "end: ordered"))

    assert (late.group, done.group) == ("same", "other_end")
    assert sides(done) == ("終わり(done)", "終わり(ordered)")


def test_an_answer_that_is_not_taken_any_more_is_told_and_nothing_after_is_guessed(
    shop: Shop,
) -> None:
    late, done = replayed(shop, TALK.replace("      - 小: {tag: 小}\n", "      - 中\n"))

    assert (late.group, done.group) == ("other_text", "not_accepted")
    assert (done.turn, done.step, done.before) == (2, "size", "小")
    assert done.unknown_inputs == 1


def test_a_typed_answer_out_of_the_new_bounds_is_one_that_is_not_taken(shop: Shop) -> None:
    late, done = replayed(shop, TALK.replace("type: number", "type: number\n    range: [3, 9]"))

    assert (late.group, done.group) == ("same", "not_accepted")
    assert done.before == "見本の文1"  # what somebody typed is not shown
    once = "type: number\n    range: [3, 9]\n    retry: 0\n    give_up: {goto: late}"
    assert groups(shop, TALK.replace("type: number", once)) == ["same", "other_end"]


def test_a_question_more_sends_the_talk_elsewhere_from_its_step_on(shop: Shop) -> None:
    more = (
        "  - ask: 何色ですか?\n    id: colour\n    timeout: {after: 1h, goto: late}\n  - ask: 何個"
    )
    late, done = replayed(shop, TALK.replace("  - ask: 何個", more))

    assert (late.group, done.group) == ("diverged", "diverged")
    assert (done.turn, done.before, done.after) == (2, "n", "colour")
    assert (late.unknown_inputs, done.unknown_inputs) == (0, 1)


def test_a_flow_that_nobody_would_start_any_more_is_told(shop: Shop) -> None:
    assert groups(shop, TALK.replace("keyword: 始め", "keyword: 開始")) == ["diverged", "diverged"]


def test_the_answer_to_a_question_of_another_kind_is_not_guessed(shop: Shop) -> None:
    assert groups(shop, TALK.replace("type: number", "type: text")) == ["same", "unknown"]


def test_clocks_are_the_drafts_own(shop: Shop) -> None:
    sooner = TALK.replace(
        "{after: 1h, goto: late}", "{after: 30s, goto: late}".replace("30s", "5m")
    )
    longer = TALK.replace("{after: 1h, goto: late}", "{after: 3d, goto: late}")
    reminded = TALK.replace(
        "type: number", "type: number\n    remind: {after: 10m, say: まだですか?}"
    )

    assert groups(shop, sooner) == ["same", "same"]
    assert groups(shop, longer) == ["diverged", "same"]
    assert groups(shop, reminded) == ["other_text", "same"]


def test_a_moved_talk_is_replayed_from_its_beginning(shop: Shop) -> None:
    third = "U" + "3" * 32
    shop.says("始め", third)
    shop.publish({"f.yaml": TALK.replace("何個ですか?", "いくつですか?")})
    shop.says("小", third)
    shop.says("4", third)

    report = replay_last(shop.store, draft_of(folder_of({"f.yaml": TALK})), 1, {"f"})

    assert [verdict.group for verdict in report.verdicts] == ["other_text"]


def test_what_a_record_does_not_tell_is_unknown(shop: Shop) -> None:
    def forget(db) -> None:
        first, *_ = db.exec(select(RunEvent).order_by(RunEvent.run_id, RunEvent.seq)).all()
        db.delete(first)

    shop.store.write(forget)
    assert sorted(groups(shop, TALK)) == ["same", "unknown"]


def test_a_version_that_was_published_is_compared_by_its_hash_or_number(shop: Shop) -> None:
    shop.publish({"f.yaml": TALK.replace("ですね。", "ですね!")})
    flow_id, first = shop.store.read(lambda db: find_version(db, "v1", "f"))
    by_hash = shop.store.read(lambda db: find_version(db, first[:10], None))
    now_, before = (
        shop.store.read(lambda db, heads=heads: published_with(db, heads))
        for heads in ({}, {flow_id: first})
    )

    assert by_hash == ("f", first)
    with pytest.raises(NotFound):
        shop.store.read(lambda db: find_version(db, "v9", "f"))
    assert [v.group for v in replay_last(shop.store, now_, 9, {"f"}).verdicts] == [
        "same",
        "other_text",
    ]
    assert {v.group for v in replay_last(shop.store, before, 9, {"f"}).verdicts} == {"same"}


def salon(store: Store, now: datetime) -> tuple[Shop, Mapping[str, str]]:
    files = {
        path.relative_to(FLOWS).as_posix(): path.read_text()
        for path in FLOWS.rglob("*.yaml")
        if "tests" not in path.parts
    }
    return a_shop(store, now, files), files


def named(store: Store, name: str) -> None:
    def work(db) -> None:
        for customer in db.exec(select(Customer)):
            customer.name = name
            db.add(customer)

    store.write(work)


def results_of(files: Mapping[str, str], text: str) -> list[object]:
    folder = load_files({n: t.encode() for n, t in {**files, "tests/recorded.yaml": text}.items()})
    assert [p for p in folder.loading_problems() if p.file.startswith("tests/")] == []
    problems = [problem for problem in check(folder) if problem.severity == "E"]
    report = run_tests(folder, problems, frozenset({"tests/recorded.yaml"}))
    assert report.cases
    return [failure for case in report.cases for failure in case.failures]


def test_a_talk_becomes_a_test_that_passes_and_tells_nobodys_data(
    store: Store, now: datetime
) -> None:
    shop, files = salon(store, now)
    shop.now = datetime.fromisoformat("2026-11-24T02:00:37+00:00")
    staff = store.write(lambda db: given.an_operator(db, now))
    shop.talk()
    named(store, "山野井 さくら子")
    shop.says("予約")
    shop.taps("カット")
    shop.says("山野井です。土曜の午後で")
    shop.says("11月28日 14時")
    shop.says("０９０－９８７６－５４３２")
    shop.taps("送る")
    shop.takes(staff)
    shop.says("山野井さくら子です、よろしく")
    shop.resolves(staff)

    recording = record(store, shop.talk().id)

    assert recording is not None
    assert (recording.kept, recording.strays) == ((), ())
    assert results_of(files, recording.text) == []
    for personal in ("山野井", "さくら子", "9876", "５４３２", "5432"):
        assert personal not in recording.text
    assert "test: booking\n" in recording.text
    assert "- tap: カット\n" in recording.text
    assert "handoff: 予約担当" in recording.text
    assert "- operator: take\n" in recording.text
    assert "ended: done" in recording.text


def test_silence_and_the_end_of_a_talk_are_recorded_too(store: Store, now: datetime) -> None:
    shop, files = salon(store, now)
    shop.says("アンケート")
    shop.says("はじめて")
    shop.passes(timedelta(days=4))

    recording = record(store, shop.talk().id)

    assert recording is not None
    assert results_of(files, recording.text) == []
    assert "ended: timed_out" in recording.text
    assert "アンケート途中" in recording.text


def test_a_question_to_the_faq_keeps_only_the_words_that_choose_the_way(
    store: Store, now: datetime
) -> None:
    shop, files = salon(store, now)
    shop.now = datetime.fromisoformat("2026-11-24T02:00:00+00:00")
    shop.says("mihon@example.org の者ですが、駐車場はありますか")

    recording = record(store, shop.talk().id)

    assert recording is not None
    assert "example.org" not in recording.text
    assert results_of(files, recording.text) == []


def test_the_card_and_what_staff_did_to_it_come_along(store: Store, now: datetime) -> None:
    shop = a_shop(
        store,
        now,
        {
            "f.yaml": "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\nsteps:\n"
            "  - ask: お名前は?\n    id: who\n    save: field.memo\n    timeout: {after: 9h}\n"
            "  - ask: では?\n    id: go\n    choices: [はい]\n    timeout: {after: 9h}\n"
            "  - if: {tag: 常連}\n    then: {goto: known}\n  - end: done\n"
            "  - end: known\n    id: known\n",
        },
    )
    shop.says("始め")
    shop.says("見知らぬ人")
    talk = shop.talk()
    store.write(
        lambda db: customers.put_tag(db, talk.customer_id, "常連", {}, journal.SYSTEM, shop.now)
    )
    shop.work()
    shop.says("はい")

    recording = record(store, talk.id)

    assert recording is not None
    assert "見知らぬ" not in recording.text
    assert "- tag: 常連\n" in recording.text
    assert "ended: known" in recording.text


def test_a_talk_without_flows_has_nothing_to_record(store: Store, now: datetime) -> None:
    shop = a_shop(store, now, {"f.yaml": TALK})
    shop.says("もしもし")

    assert record(store, shop.talk().id) is None
    with pytest.raises(NotFound):
        record(store, "nobody")
