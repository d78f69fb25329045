"""Publishing while people are in the middle: counted before, done in each talk's own turn."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from console.publishing import (
    Wish,
    find_removed,
    foresee_publish,
    foresee_rollback,
    list_versions,
    roll_back,
)
from flows.language.book import DoesNotLoad
from flows.language.sayings.catalogue import say
from storage import flow_versions, journal
from storage.models.flows import FlowVersion, RunEvent
from storage.unit import Store
from tests import given
from tests.shop import a_shop, folder_of

TALK = """flow: f
title: 見本
start: [{keyword: 始め}]
steps:
  - ask: 大きさは?
    id: size
    choices: [大, 小]
    timeout: {after: 1h}
  - ask: 何個ですか?
    id: n
    type: number
    timeout: {after: 1h}
  - say: "{{answer.size}}を{{answer.n}}個ですね。"
  - end: done
"""
FILES = {"f.yaml": TALK}
SECOND, THIRD = ("U" + sign * 32 for sign in "23")


def test_those_in_the_middle_are_counted_before_and_moved_one_by_one(
    store: Store, now: datetime
) -> None:
    shop = a_shop(store, now, FILES)
    shop.says("始め")
    shop.says("始め", SECOND)
    shop.says("小", SECOND)
    fewer = {"f.yaml": TALK.replace("大, 小", "小, 中").replace("ですね。", "ですね!")}

    foreseen = foresee_publish(store, folder_of(fewer), Wish("move"))
    untouched = store.read(list_versions)
    outcome = shop.publish(fewer, "move", "大をやめる")

    assert foreseen == outcome
    (middle,) = outcome.middles
    assert (middle.flow_id, dict(middle.fates)) == ("f", {"stay": 1, "move": 1})
    assert {say(why): n for why, n in middle.whys.items()} == {
        "質問「size」の選択肢「大」がなくなりました": 1
    }
    assert [version.running for version in untouched] == [2]
    versions = store.read(list_versions)
    assert [(v.move.number, v.running, v.is_head, v.move.note) for v in versions] == [
        (2, 1, True, "大をやめる"),
        (1, 1, False, ""),
    ]
    shop.says("大")
    shop.says("1")
    shop.says("1", SECOND)
    assert (shop.texts()[-1], shop.texts(SECOND)[-1]) == ("大を1個ですね。", "小を1個ですね!")


def test_a_change_of_words_reaches_who_is_in_the_middle_by_itself(
    store: Store, now: datetime
) -> None:
    shop = a_shop(store, now, FILES)
    shop.says("始め")

    outcome = shop.publish({"f.yaml": TALK.replace("何個ですか?", "いくつですか?")})
    shop.says("大")

    assert [dict(middle.fates) for middle in outcome.middles] == [{"same": 1}]
    assert shop.texts() == ["大きさは?", "いくつですか?"]
    kinds = store.read(lambda db: [e.kind for e in db.exec(select(RunEvent))])
    assert kinds == ["Said", "Republished", "Said"]


@pytest.mark.parametrize(
    ("how", "ends", "last"),
    [("restart", ["restarted", None], "大きさは?"), ("stop", ["stopped"], "このやりとりは")],
)
def test_everybody_can_begin_anew_or_be_let_go(
    how: str, ends: list[str | None], last: str, store: Store, now: datetime
) -> None:
    shop = a_shop(store, now, FILES)
    shop.says("始め")
    shop.says("大")

    shop.publish({"f.yaml": TALK.replace("大, 小", "大")}, how)

    assert [run.end for run in shop.runs()] == ends
    assert last in shop.texts()[-1]


def test_a_second_publish_can_still_move_those_whom_the_first_let_finish(
    store: Store, now: datetime
) -> None:
    shop = a_shop(store, now, FILES)
    shop.says("始め")
    more = {"f.yaml": TALK.replace("大, 小", "大, 小, 中")}

    first, second = shop.publish(more), shop.publish(more, "move")
    shop.says("中")

    assert (first.changed, second.changed) == (("f",), ())
    assert dict(second.middles[0].fates) == {"move": 1}
    assert shop.runs()[0].step == "n"


def test_a_rollback_is_a_move_of_its_own_with_its_note_and_who_did_it(
    store: Store, now: datetime
) -> None:
    shop = a_shop(store, now, FILES)
    manager = store.write(lambda db: given.an_operator(db, now, role="manager"))
    shop.publish({"f.yaml": TALK.replace("大, 小", "大, 小, 中")})
    first = store.read(list_versions)[-1].move.hash or ""

    shop.says("始め")
    foreseen = foresee_rollback(store, first, Wish())
    outcome = roll_back(store, first, Wish(note="v1 に戻す", by=manager.id), now)

    assert foreseen == outcome
    assert store.read(flow_versions.heads)["f"] == first
    newest = store.read(list_versions)[0]
    assert (newest.move.number, newest.move.by, newest.move.note, newest.running) == (
        1, manager.name, "v1 に戻す", 0,
    )  # fmt: skip
    entries = store.read(lambda db: journal.tail(db, "main", 0)).entries
    told = [(e.payload, e.actor) for e in entries if e.kind == "flows.published"]
    assert told[-1] == ({"flows": {"ids": ["f"]}}, journal.actor_of(manager))
    assert len(told) == 3
    shop.says("始め", SECOND)
    assert shop.runs(SECOND)[0].hash == first


def test_a_step_that_migrate_maps_is_not_missed(store: Store, now: datetime) -> None:
    shop = a_shop(store, now, FILES)
    shop.says("始め")
    renamed = TALK.replace("id: size", "id: wanted").replace("answer.size", "answer.wanted")
    mapped = renamed.replace("steps:", "migrate: {any: {size: wanted}}\nsteps:")

    (missed,) = find_removed(store, folder_of({"f.yaml": renamed}), Wish())
    silent = find_removed(store, folder_of({"f.yaml": mapped}), Wish())
    shop.publish({"f.yaml": mapped}, "move")

    assert (missed.code, silent) == ("W213", ())
    assert "migrate" in missed.hint
    assert shop.runs()[0].step == "wanted"


def _spoil(store: Store, hash_: str) -> None:
    def work(db) -> None:
        version = db.get_one(FlowVersion, hash_)
        version.bundle = {"grammar": 99, "flow": {}}
        db.add(version)

    store.write(work)


def test_a_version_that_cannot_be_read_leaves_its_talks_with_staff_and_drops_none(
    store: Store, now: datetime
) -> None:
    shop = a_shop(store, now, FILES)
    shop.says("始め")
    whole = store.read(lambda db: flow_versions.get_version(db, shop.runs()[0].hash).bundle)
    _spoil(store, shop.runs()[0].hash)

    shop.says("小")
    shop.passes(timedelta(hours=2))
    shop.says("もしもし")

    talk = shop.talk()
    assert (talk.status, talk.queue) == ("waiting", "受付")
    assert "読めなくなった" in (talk.trouble or "")
    (run,) = shop.runs()
    assert (run.ended_at, run.step) == (None, "size")
    assert shop.texts() == ["大きさは?"]
    with pytest.raises(DoesNotLoad):
        foresee_rollback(store, run.hash, Wish())

    def repair(db) -> None:
        db.get_one(FlowVersion, run.hash).bundle = whole

    store.write(repair)
    staff = store.write(lambda db: given.an_operator(db, now))
    shop.takes(staff)
    shop.resolves(staff)
    shop.says("始め")
    assert shop.texts()[-1] == "大きさは?"


def test_a_publish_meets_those_whom_staff_answer_as_they_are(store: Store, now: datetime) -> None:
    help_ = (
        "flow: f\ntitle: 見本\nstart: [{keyword: 始め}]\nsteps:\n"
        "  - handoff: 担当者がお答えします。\n    id: h\n  - say: 済\n  - end: done\n"
    )
    shop = a_shop(store, now, {"f.yaml": help_})
    staff = store.write(lambda db: given.an_operator(db, now))
    shop.says("始め")
    shop.says("始め", SECOND)
    shop.takes(staff, SECOND)
    more = {"f.yaml": help_.replace("済", "終").replace("end: done", "end: finished")}

    restart = foresee_publish(store, folder_of(more), Wish("restart"))
    shop.publish(more, "move")
    shop.takes(staff)
    shop.resolves(staff)

    assert {say(why): n for why, n in restart.middles[0].whys.items()} == {
        "スタッフが対応しています": 2
    }
    assert shop.texts()[-1] == "終"
    assert shop.texts(SECOND) == ["担当者がお答えします。"]
    assert shop.runs()[0].end == "finished"
