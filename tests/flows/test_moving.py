"""A new version is published while somebody is in the middle: nobody is thrown out."""

from datetime import timedelta

import pytest

from flows.language.events import Due, Happened, Released, Republished, Said, Tapped
from flows.language.fates import fate_of
from flows.language.sayings.catalogue import say
from tests.flows.versions import in_the_middle, texts_of

HEAD = "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\n"
SIZE = "  - ask: 大きさは?\n    id: size\n    choices: [大, 小]\n    timeout: {after: 1h}\n"
COUNT = "  - ask: 何個ですか?\n    id: n\n    type: number\n    timeout: {after: 1h}\n"
END = '  - say: "{{answer.size}}を{{answer.n}}個ですね。"\n  - end: done\n'
TALK = HEAD + "steps:\n" + SIZE + COUNT + END


def files(text: str, **others: str) -> dict[str, str]:
    return {"f.yaml": text, **{f"{name}.yaml": other for name, other in others.items()}}


def test_who_is_in_the_middle_finishes_on_their_version() -> None:
    middle = in_the_middle(files(TALK), "始め")
    old = middle.run.hash

    turn = middle.publish(files(TALK.replace("大, 小", "大, 小, 中")), "finish")

    assert (turn.runs, texts_of(turn)) == ((), [])
    assert middle.run.hash == old
    assert texts_of(middle.says("小", "2")) == ["小を2個ですね。"]


@pytest.mark.parametrize("how", ["finish", "move"])
def test_where_only_texts_differ_the_talk_goes_on_in_the_new_one_by_itself(how: str) -> None:
    middle = in_the_middle(files(TALK), "始め", "小")
    before = middle.run.to_json()

    reworded = TALK.replace("何個ですか?", "いくつご入用ですか?").replace(
        "ですね。", "承りました。"
    )
    turn = middle.publish(files(reworded.replace("題", "新しい題")), how)

    assert texts_of(turn) == []
    assert middle.run.hash == middle.heads["f"]
    after = middle.run.to_json()
    assert (after["timers"], after["entries"]) == (before["timers"], before["entries"])
    assert texts_of(middle.says("さくら"))[0] != ""
    assert texts_of(middle.says("2")) == ["小を2個承りました。"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("大, 小", "大, 小, 中"),
        ("after: 1h", "after: 2h"),
        ("type: number", "type: text"),
        ("keyword: 始め", "keyword: 開始"),
        ("id: n\n", "id: n\n    save: field.n\n"),
        ("id: n\n", "id: n\n    tag: 数えた\n"),
        ("steps:", "repeat: once\nsteps:"),
    ],
)
def test_what_is_more_than_text_is_another_shape(old: str, new: str) -> None:
    middle = in_the_middle(files(TALK), "始め")
    pinned = middle.run.hash

    middle.publish(files(TALK.replace(old, new)), "finish")

    assert middle.run.hash == pinned


def test_moved_talks_keep_their_place_and_their_answers() -> None:
    middle = in_the_middle(files(TALK), "始め", "小")

    more = "  - say: 確かめています。\n" + END
    turn = middle.publish(files(TALK.replace(END, more)), "move")

    assert texts_of(turn) == []
    assert (middle.run.hash, middle.run.step) == (middle.heads["f"], "n")
    assert texts_of(middle.says("2")) == ["確かめています。", "小を2個ですね。"]


def test_clocks_count_from_where_they_counted() -> None:
    middle = in_the_middle(files(TALK), "始め")
    (timeout,) = middle.run.timers
    longer = TALK.replace("after: 1h", "after: 3h", 1)
    longer = longer.replace("[大, 小]", "[大, 小]\n    remind: {after: 2h, say: いかがですか}", 1)

    middle.now += timedelta(minutes=30)
    middle.publish(files(longer), "move")

    moments = {timer.name: timer.at - timeout.at for timer in middle.run.timers}
    assert moments == {"timeout": timedelta(hours=2), "remind:0": timedelta(hours=1)}
    assert middle.does(Due(middle.run.id, "remind:0", middle.run.top.entry)).runs


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("大, 小", "大, 中", "選択肢「小」がなくなりました"),
        ("id: size", "id: wanted", "「size」がなくなりました"),
        ("choices: [大, 小]", "type: text", "種類が変わりました"),
    ],
)
def test_who_cannot_move_finishes_on_their_version(old: str, new: str, why: str) -> None:
    middle = in_the_middle(files(TALK), "始め")
    pinned = middle.run.hash
    changed = TALK.replace(old, new).replace("answer.size", "message")

    middle.publish(files(changed), "move")
    event = Republished(middle.run.id, "f", middle.heads["f"], "move")
    fate = fate_of(middle.book(), middle.run, event, "free")

    assert middle.run.hash == pinned
    assert fate.kind == "stay"
    assert fate.why is not None
    assert why in say(fate.why)
    assert texts_of(middle.says("小", "2")) == ["小を2個ですね。"]


def test_a_button_that_would_mean_something_else_now_is_an_old_button() -> None:
    middle = in_the_middle(files(TALK), "始め")
    small = f"f={middle.run.id}&s={middle.run.top.entry}&v=1"

    middle.publish(files(TALK.replace("大, 小", "特大, 大, 小")), "move")
    turn = middle.does(Tapped(small))

    assert middle.run.step == "size"
    assert "前のご案内" in texts_of(turn)[0]
    assert middle.says("小").runs[0].top.answers["size"] == "小"


def test_a_button_that_means_the_same_still_answers() -> None:
    middle = in_the_middle(files(TALK), "始め")
    small = f"f={middle.run.id}&s={middle.run.top.entry}&v=1"

    middle.publish(files(TALK.replace("大, 小", "大, 小, 中")), "move")
    middle.does(Tapped(small))

    assert (middle.run.step, middle.run.top.answers["size"]) == ("n", "小")


RENAMED = (
    TALK.replace("id: size", "id: wanted")
    .replace("answer.size", "answer.wanted")
    .replace("steps:", "migrate: {any: {size: wanted}}\nsteps:")
)


def test_a_renamed_question_takes_its_people_and_answers_along() -> None:
    asked, past = (in_the_middle(files(TALK), "始め"), in_the_middle(files(TALK), "始め", "小"))

    silent = asked.publish(files(RENAMED), "move")
    past.publish(files(RENAMED), "move")

    assert (texts_of(silent), asked.run.step) == ([], "wanted")
    assert texts_of(asked.says("大", "1")) == ["大を1個ですね。"]
    assert texts_of(past.says("2")) == ["小を2個ですね。"]


def test_a_question_of_another_kind_is_asked_where_migrate_says_so() -> None:
    other = TALK.replace("id: size\n    choices: [大, 小]", "id: cm\n    type: number")
    other = other.replace("大きさは?", "何センチですか?").replace("answer.size", "answer.cm")
    middle = in_the_middle(files(TALK), "始め")

    turn = middle.publish(
        files(other.replace("steps:", "migrate: {any: {size: cm}}\nsteps:")), "move"
    )

    assert texts_of(turn) == ["何センチですか?"]
    assert texts_of(middle.says("10", "1")) == ["10を1個ですね。"]


def test_the_longest_beginning_of_a_hash_has_the_last_word() -> None:
    middle = in_the_middle(files(TALK), "始め")
    since = middle.run.hash[:8]
    both = f"migrate: {{any: {{size: wanted}}, '{since}': {{size: restart}}}}\nsteps:"
    gone = TALK.replace("id: size", "id: wanted").replace("answer.size", "answer.wanted")

    middle.publish(files(gone.replace("steps:", both)), "move")

    assert [run.end for run in middle.runs] == ["restarted", None]


def test_restart_begins_anew_and_says_so_in_the_log() -> None:
    middle = in_the_middle(files(TALK), "始め", "小")

    turn = middle.publish(files(TALK.replace("大きさは?", "サイズは?") + "\n"), "restart")

    assert [run.end for run in middle.runs] == ["restarted", None]
    assert texts_of(turn) == ["サイズは?"]
    assert [entry.kind for entry in turn.log()] == ["Republished", "Republished"]


def test_stop_says_a_word_to_whom_it_was_asking() -> None:
    middle = in_the_middle(files(TALK), "始め")

    turn = middle.publish(files(TALK), "stop")
    assert turn.runs == ()  # this version is what they walk through: nothing has changed

    turn = middle.publish(files(TALK.replace("大, 小", "大")), "stop")

    assert middle.run.end == "stopped"
    assert len(texts_of(turn)) == 1


def test_who_is_with_staff_is_not_asked_anything_by_a_restart() -> None:
    help_ = (
        HEAD
        + "steps:\n  - handoff: 担当者がお答えします。\n    id: h\n  - say: 済\n  - end: done\n"
    )
    middle = in_the_middle(files(help_), "始め")
    middle.people = "taken"

    turn = middle.publish(files(help_.replace("済", "終") + "\n"), "restart")
    moved = middle.publish(files(help_.replace("済", "終") + "  - end: done\n"), "move")
    middle.people = "free"
    released = middle.does(Released("resolved", middle.run.id))

    assert (texts_of(turn), texts_of(moved)) == ([], [])
    assert texts_of(released) == ["終"]


CHILD = "flow: g\ntitle: 子\nstart: []\nsteps:\n" + COUNT + "  - end: done\n"
CALLER = HEAD + 'steps:\n  - call: g\n    id: c\n  - say: "{{answer.c}}"\n  - end: done\n'


@pytest.mark.parametrize(
    ("how", "said", "after"),
    [("move", [], ["2"]), ("stop", 2, []), ("restart", ["何個ですか?"], ["2"])],
)
def test_a_called_flow_is_moved_alone(how: str, said: object, after: list[str]) -> None:
    middle = in_the_middle(files(CALLER, g=CHILD), "始め")

    more = CHILD.replace("after: 1h", "after: 2h")
    turn = middle.publish(files(CALLER, g=more), how, "g")

    if how == "stop":
        assert texts_of(turn)[1:] == ["stopped"]
        assert middle.run.end == "done"
        return
    assert texts_of(turn) == said
    assert [frame.hash for frame in middle.run.frames] == [middle.heads["f"], middle.heads["g"]]
    assert texts_of(middle.says(*after)) == ["done"]


def test_a_caller_moves_while_its_child_goes_on() -> None:
    middle = in_the_middle(files(CALLER, g=CHILD), "始め")

    middle.publish(files(CALLER.replace("answer.c}}", "answer.c}}です"), g=CHILD), "finish")
    assert texts_of(middle.says("3")) == ["doneです"]


def test_a_flow_that_was_taken_out_lets_its_people_finish() -> None:
    middle = in_the_middle(files(TALK), "始め")
    del middle.heads["f"]

    turn = middle.does(Republished(middle.run.id, "f", None, "move"))

    assert turn.runs == ()
    assert middle.says("小").runs[0].step == "n"
    assert middle.does(Republished(middle.run.id, "f", None, "stop")).runs[0].end == "stopped"


def test_a_run_that_is_over_is_left_alone() -> None:
    middle = in_the_middle(files(TALK), "始め", "小", "2")
    other = Republished(middle.run.id, "f", None, "stop")

    assert middle.does(other).runs == ()
    assert middle.does(Said("始め")).runs


DAYS = HEAD.replace("keyword: 始め", "event: bought") + (
    "steps:\n  - wait: 2d\n    id: w\n  - say: 二日後です。\n"
    "  - wait: {day: 7, at: 10:00}\n    id: d\n  - say: 七日後です。\n  - end: done\n"
)


def test_a_wait_of_days_counts_from_its_entry_and_a_day_from_the_start() -> None:
    middle = in_the_middle(files(DAYS))
    middle.does(Happened("bought"))
    began = middle.now

    middle.publish(files(DAYS.replace("wait: 2d", "wait: 3d")), "move")
    longer = middle.run.timers
    middle.now += timedelta(days=3)
    middle.does(Due(middle.run.id, "wake", middle.run.top.entry))
    middle.publish(files(DAYS.replace("day: 7", "day: 9").replace("2d", "3d")), "move")

    assert [timer.at - began for timer in longer] == [timedelta(days=3)]
    (wake,) = middle.run.timers
    assert wake.at.date() - began.date() == timedelta(days=9)
    assert wake.at.strftime("%H:%M") == "01:00"  # 10:00 in Tokyo


def test_who_waits_for_something_goes_on_waiting() -> None:
    paid = (
        HEAD + "steps:\n  - wait_for: {event: paid}\n    id: p\n    timeout: {after: 1d}\n"
        "  - say: 済\n  - end: done\n"
    )
    middle = in_the_middle(files(paid), "始め")

    middle.publish(files(paid.replace("after: 1d", "after: 2d")), "move")

    assert [timer.at - middle.now for timer in middle.run.timers] == [timedelta(days=2)]
    assert texts_of(middle.does(Happened("paid"))) == ["済"]


ROUNDS = HEAD + (
    "steps:\n  - repeat:\n      over: [赤, 青]\n      as: c\n      steps:\n"
    "        - ask: '{{var.c}}は好きですか?'\n          id: q\n          choices: [はい, いいえ]\n"
    "          timeout: {after: 1h}\n    id: r\n  - end: done\n"
)


def test_a_round_goes_on_in_the_new_version_and_not_outside_of_it() -> None:
    inside = in_the_middle(files(ROUNDS), "始め")
    outside = in_the_middle(files(ROUNDS), "始め")
    flat = HEAD + (
        "steps:\n  - ask: 好きですか?\n    id: q\n    choices: [はい, いいえ]\n"
        "    timeout: {after: 1h}\n  - end: done\n"
    )

    inside.publish(files(ROUNDS.replace("after: 1h", "after: 2h")), "move")
    outside.publish(files(flat), "move")

    assert inside.run.hash == inside.heads["f"]
    assert texts_of(inside.says("はい")) == ["青は好きですか?"]
    assert outside.run.hash != outside.heads["f"]


def test_a_parked_talk_moves_too_and_is_asked_in_the_new_words() -> None:
    other = "flow: g\ntitle: 別\nstart: [{keyword: 別}]\nsteps:\n" + COUNT + "  - end: done\n"
    middle = in_the_middle(files(TALK, g=other), "始め", "小", "別")
    run = middle.runs[0]
    changed = TALK.replace("何個ですか?", "いくつですか?").replace("after: 1h", "after: 2h")

    event = middle.publish(files(changed, g=other), "finish")
    assert event.runs == ()
    moved = middle.does(Republished(run.id, "f", middle.heads["f"], "move"))
    back = middle.says("1")

    assert (texts_of(moved), middle.runs[0].hash) == ([], middle.heads["f"])
    assert texts_of(back) == ["いくつですか?"]


def test_whoever_is_aside_begins_anew_once_nothing_else_is_asked() -> None:
    other = "flow: g\ntitle: 別\nstart: [{keyword: 別}]\nsteps:\n" + COUNT + "  - end: done\n"
    middle = in_the_middle(files(TALK, g=other), "始め", "別")
    run = middle.runs[0]
    middle.publish(files(TALK.replace("大, 小", "大, 中"), g=other), "finish")

    restarted = middle.does(Republished(run.id, "f", middle.heads["f"], "restart"))
    back = middle.says("1")

    assert texts_of(restarted) == []
    assert texts_of(back) == ["大きさは?"]


def test_a_called_flow_that_is_aside_is_not_cut_out() -> None:
    other = "flow: h\ntitle: 別\nstart: [{keyword: 別}]\nsteps:\n" + COUNT + "  - end: done\n"
    middle = in_the_middle(files(CALLER, g=CHILD, h=other), "始め", "別")
    run = middle.runs[0]
    middle.publish(files(CALLER, g=CHILD.replace("after: 1h", "after: 2h"), h=other), "finish", "g")

    stopped = middle.does(Republished(run.id, "g", middle.heads["g"], "stop"))

    assert (stopped.runs, texts_of(middle.says("1"))) == ((), ["何個ですか?"])


def test_several_choices_that_are_chosen_already_stay_chosen() -> None:
    colours = HEAD + (
        "steps:\n  - ask: 色は?\n    id: c\n    type: multi\n"
        "    choices:\n      - 赤: {value: r}\n      - 青: {value: b}\n"
        "    timeout: {after: 1h}\n  - say: '{{answer.c}}'\n  - end: done\n"
    )
    middle = in_the_middle(files(colours), "始め", "青")

    middle.publish(files(colours.replace("- 青", "- 空の青")), "move")

    assert middle.run.top.chosen == ("空の青",)
    assert texts_of(middle.says("決定")) == ["b"]


def test_what_migrate_stops_is_stopped_and_a_step_that_lost_its_kind_is_not_entered() -> None:
    stopping = TALK.replace("id: size", "id: cm").replace("answer.size", "answer.cm")
    asked = in_the_middle(files(TALK), "始め")
    asked.publish(files(stopping.replace("steps:", "migrate: {any: {size: stop}}\nsteps:")), "move")

    help_ = HEAD + "steps:\n  - handoff: 担当者がお答えします。\n    id: size\n  - end: done\n"
    other = in_the_middle(files(TALK), "始め")
    other.publish(files(help_), "move")

    assert asked.run.end == "stopped"
    assert other.run.hash != other.heads["f"]


def test_who_was_called_from_a_way_that_is_gone_finishes_on_their_version() -> None:
    caller = HEAD + (
        "steps:\n  - ask: 要りますか?\n    id: c\n    choices:\n      - はい: {call: g}\n"
        "      - いいえ\n    timeout: {after: 1h}\n  - end: done\n"
    )
    middle = in_the_middle(files(caller, g=CHILD), "始め", "はい")
    pinned = middle.run.hash

    middle.publish(
        files(caller.replace("      - はい: {call: g}", "      - はい"), g=CHILD), "move"
    )

    assert middle.run.hash == pinned
    assert middle.says("2").runs[0].end == "done"


def test_a_run_that_has_not_begun_begins_in_the_new_version() -> None:
    by_event = TALK.replace("keyword: 始め", "event: bought")
    other = "flow: g\ntitle: 別\nstart: [{keyword: 別}]\nsteps:\n" + COUNT + "  - end: done\n"
    middle = in_the_middle(files(by_event, g=other), "別")
    middle.does(Happened("bought"))
    held = middle.run

    middle.publish(files(by_event.replace("大, 小", "大, 中"), g=other), "move")
    back = middle.says("1")

    assert held.top.state == ""
    assert [option.label for e in back.effects for b in e.bubbles for option in b.options] == [
        "大",
        "中",
    ]
