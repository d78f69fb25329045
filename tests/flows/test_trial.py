"""A talk that is tried out: the whole of it goes in, the phone comes out."""

from typing import Any

from flows.language.book import book_of
from flows.language.loader import load_files
from flows.language.talk_trial import read_lines, try_talk

FLOW = """flow: visit
title: 見本
start: [follow, {keyword: 相談}]
vars: {score: 0}
steps:
  - ask: 初めてですか?
    id: first
    choices:
      - はい: {tag: 新規, add: {var.score: 1}}
      - いいえ
    remind: {after: 1h, say: いかがですか}
    timeout: {after: 3h}
  - ask: いつですか?
    id: day
    type: date
    save: field.day
    skip: 未定
    timeout: {after: 3h}
  - handoff: おつなぎします
    id: person
    note: 新しい方
    tag: 相談
    notify: 店長
    timeout: {after: 1d}
  - end: done
"""
LOOP = """flow: a
title: 回り続ける
start: [{tag_added: x}, follow]
steps:
  - {untag: x}
  - {tag: y}
  - end: done
"""
GIVEN = {"name": "花子", "now": "2026-11-21 10:00"}


def tried(talk: list[dict[str, Any]], *texts: str) -> dict[str, Any]:
    files = {f"{n}.yaml": text.encode() for n, text in enumerate(texts or (FLOW,))}
    given, lines, problems = read_lines(GIVEN, talk)
    assert problems == ()
    return try_talk(book_of(load_files(files)), given, lines).to_json()


def test_a_talk_shows_what_was_said_when_and_what_is_known() -> None:
    talk = [{"event": "follow"}, {"wait": "1h"}, {"tap": "はい"}, {"user": "12月1日"}]

    phone = tried(talk)

    said = [(i["who"], i["kind"], i["text"], i["at"][11:16]) for i in phone["items"]]
    assert said == [
        ("", "event", "follow", "01:00"),
        ("bot", "say", "初めてですか?", "01:00"),
        ("", "wait", "1h", "01:00"),
        ("bot", "say", "いかがですか", "02:00"),
        ("friend", "tap", "はい", "02:00"),
        ("bot", "say", "いつですか?", "02:00"),
        ("friend", "user", "12月1日", "02:00"),
        ("bot", "say", "おつなぎします", "02:00"),
    ]
    (run,) = phone["runs"]
    frame = run["frames"][0]
    assert (frame["step"], frame["phase"], frame["vars"]) == ("person", "handoff", {"score": "1"})
    assert frame["answers"][0] == {"step": "first", "value": "はい", "status": None}
    assert (phone["tags"], phone["fields"]) == (["新規", "相談"], {"day": "2026-12-01"})
    assert (phone["people"], phone["note"], phone["notified"]) == ("asked", "新しい方", ["店長"])
    assert phone["stop"] is None


def test_pickers_statuses_and_people_have_their_place() -> None:
    asked = tried([{"user": "相談"}, {"tap": "いいえ"}])
    picked = tried([{"user": "相談"}, {"tap": "いいえ"}, {"pick": {"date": "2026-12-24"}}])
    skipped = tried([{"user": "相談"}, {"tap": "いいえ"}, {"tap": "未定"}, {"operator": "take"},
                     {"operator": {"says": "担当です"}}, {"operator": "done"}])  # fmt: skip

    assert asked["picker"]["kind"] == "date"
    assert "data" not in asked["picker"]
    assert [t["name"] for t in asked["runs"][0]["timers"]] == ["timeout"]
    assert picked["fields"] == {"day": "2026-12-24"}
    assert picked["items"][-2]["text"] == "2026-12-24"
    answers = {a["step"]: a["status"] for a in skipped["runs"][0]["frames"][0]["answers"]}
    assert answers == {"first": None, "day": "skipped"}
    assert skipped["items"][-2:][0]["who"] == "staff"
    assert (skipped["status"], skipped["runs"][0]["end"]) == ("done", "done")
    assert skipped["runs"][0]["timers"] == []


def test_a_line_that_cannot_be_done_any_more_stops_the_talk_there() -> None:
    gone = tried([{"event": "follow"}, {"tap": "たぶん"}, {"tap": "はい"}])
    far = tried([{"event": "follow"}, {"wait": "400d"}, {"wait": "9999999w"}])

    assert (gone["stop"]["line"], gone["quick_replies"]) == (1, ["はい", "いいえ"])
    assert [i["kind"] for i in gone["items"]] == ["event", "say"]
    assert (far["stop"]["line"], far["items"][-1]["text"]) == (2, "いかがですか")
    until = tried([{"event": "follow"}, {"wait": {"until": "2126-11-21 10:00"}}])
    soon = tried([{"event": "follow"}, {"wait": {"until": "2026-11-21 11:00"}}])
    assert (until["stop"]["line"], soon["stop"]) == (1, None)


def test_flows_that_start_each_other_for_ever_stop_the_talk() -> None:
    other = LOOP.replace("flow: a", "flow: b").replace("x}", "y}").replace("tag: y", "tag: x")
    other = other.replace("untag: x", "untag: y").replace(", follow", "")

    phone = tried([{"event": "follow"}], LOOP, other)

    assert phone["stop"]["line"] == 0


def test_what_is_no_talk_is_told_with_its_reason() -> None:
    _, lines, problems = read_lines({"now": "いつか"}, [{"dance": "x"}, {"user": "はい"}])

    assert len(lines) == 1
    assert len(problems) == 2
