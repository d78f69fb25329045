"""Published flows, and the walks through them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from storage import flow_health, flow_versions, journal, rows, runs
from storage.conversations import Scope
from storage.desk import HandoffRequest, hand_off
from storage.flow_health import Health
from storage.flow_versions import FOLDER
from storage.models.flows import Run, RunEvent
from storage.refusals import NotFound
from storage.runs import RunState, Turn
from storage.talks import lock
from storage.unit import Store
from tests import given


def publish(store: Store, now: datetime, *versions: flow_versions.NewVersion) -> list[str]:
    return store.write(lambda db: flow_versions.publish(db, versions, "説明", now))


def test_a_publish_moves_the_pointer_of_what_changed(store: Store, now: datetime) -> None:
    assert not store.read(flow_versions.has_any)
    welcome, faq = given.a_version("h1"), given.a_version("h2", "faq", "質問")
    folder = given.a_version("h3", FOLDER, "folder")

    assert publish(store, now, welcome, faq, folder) == ["welcome", "faq", FOLDER]
    assert publish(store, now, welcome, faq, folder) == []
    first = store.read(flow_versions.last_change)
    assert publish(store, now, given.a_version("h4"), folder) == ["welcome", "faq"]
    assert publish(store, now, welcome, folder) == ["welcome"]  # back to what it was

    assert store.read(flow_versions.heads) == {"welcome": "h1", FOLDER: "h3"}
    assert store.read(flow_versions.has_any)
    assert store.read(flow_versions.last_change) > first
    moves = [(p.flow_id, p.number, p.hash) for p in store.read(flow_versions.history)]
    assert moves == [
        ("welcome", 1, "h1"),
        ("faq", None, None),
        ("welcome", 2, "h4"),
        ("faq", 1, "h2"),
        ("welcome", 1, "h1"),
    ]
    assert store.read(lambda db: flow_versions.get_version(db, "h4").number) == 2
    with pytest.raises(NotFound):
        store.read(lambda db: flow_versions.get_version(db, "unknown"))


def test_a_run_begins_goes_on_and_ends_and_all_is_written_down(store: Store, now: datetime) -> None:
    publish(store, now, given.a_version("h1"))

    def begin(db) -> str:
        return given.a_talk(db, given.an_account(db, now), now).id

    talk = store.write(begin)

    def step(status: str, step: str | None, end: str | None = None) -> None:
        def work(db) -> None:
            state = RunState("r1", "welcome", "h1", status, {"step": step}, now, step, end)
            runs.save_run(db, lock(db, talk), state, now)
            turn = Turn("r1", "message", {"text": "M"}, "h1", None, {"step": step}, [], {"n": 1})
            runs.log_turn(db, turn, now)

        store.write(work)

    step("going", "ask_size")
    (run,) = store.read(lambda db: runs.live_runs(db, talk))
    assert (run.step, run.ended_at, run.version) == ("ask_size", None, 1)
    step("ended", None, "done")

    assert store.read(lambda db: runs.live_runs(db, talk)) == []
    (past,) = store.read(lambda db: runs.past_runs(db, talk))
    assert past == runs.PastRuns("welcome", "done", now)
    row = store.read(lambda db: rows.run_row(db, db.exec(select(Run)).one()))
    assert (row["title"], row["version"], row["end"], row["row_version"]) == (
        "ようこそ",
        1,
        "done",
        2,
    )
    events = store.read(lambda db: db.exec(select(RunEvent).order_by(RunEvent.seq)).all())
    assert [(e.seq, e.state_after) for e in events] == [
        (1, {"step": "ask_size"}),
        (2, {"step": None}),
    ]
    assert (events[0].state_before, events[0].context) == (None, {"n": 1})
    kinds = [e.kind for e in store.read(lambda db: journal.tail(db, "main", 0)).entries]
    assert kinds == ["run.changed", "run.changed"]


def test_how_flows_fare_is_counted_over_the_talks_that_one_may_see(
    store: Store, now: datetime
) -> None:
    publish(store, now, given.a_version("h1"))
    before = now - timedelta(days=40)

    def begin(db) -> None:
        main = given.a_talk(db, given.an_account(db, now), now)
        other = given.an_account(db, now, "other", provider="別の見本")
        elsewhere = given.a_talk(db, other, now, "U" + "2" * 32)
        walks = [
            (main, "going", None, now), (main, "parked", None, before),
            (main, "ended", "done", now), (main, "ended", "timed_out", now),
            (main, "ended", "cancelled", now),
            (main, "ended", "restarted", now), (main, "ended", "done", before),
            (elsewhere, "ended", "thanks", now),
        ]  # fmt: skip
        for number, (talk, status, end, at) in enumerate(walks):
            state = {"frames": [{"state": "menu"}, {"state": "inner"}]}
            run = RunState(f"r{number}", "welcome", "h1", status, state, at, "inner", end)
            runs.save_run(db, lock(db, talk.id), run, now)
        hand_off(db, main, HandoffRequest("受付", {"kind": "step"}, run_id="r0"), now)

    store.write(begin)
    since = now - timedelta(days=30)

    def seen(scope: Scope) -> Health:
        return store.read(lambda db: flow_health.health_of_flows(db, scope, since))["welcome"]

    everywhere, inside = Scope("a"), Scope("b", frozenset({"main"}))
    assert seen(everywhere) == Health(running=2, finished=2, dropped=2, handed_off=1)
    assert seen(inside) == Health(running=2, finished=1, dropped=2, handed_off=1)
    assert store.read(lambda db: flow_health.standing(db, inside, "welcome")) == {"menu": 2}
    outside = Scope("c", frozenset({"other"}))
    assert store.read(lambda db: flow_health.standing(db, outside, "welcome")) == {}


def test_of_processes_that_start_together_one_publishes(store: Store, now: datetime) -> None:
    versions = [given.a_version("h1"), given.a_version("h2", "faq", "質問")]

    def start(_number: int) -> list[str]:
        return store.write(lambda db: flow_versions.publish_first(db, versions, "はじめて", now))

    with ThreadPoolExecutor(4) as pool:
        changed = list(pool.map(start, range(4)))

    assert sorted(changed, key=len) == [[], [], [], ["welcome", "faq"]]
    assert len(store.read(flow_versions.history)) == 2
