"""Of those in the middle when a flow changes, and of talks of the past that are done again."""

from collections.abc import Mapping

from flows.language.sayings.saying import Said

SAID: Mapping[str, Said] = {
    "stay.with_staff": Said(("スタッフが対応しています", "staff have the conversation")),
    "stay.aside": Said(
        ("ほかのやりとりの間、止まっています", "it is paused while another flow runs")
    ),
    "stay.unreadable": Said(("前の版が読めません", "the older version cannot be read")),
    "stay.withdrawn": Said(("フローが取り下げられました", "the flow was withdrawn")),
    "stay.step_gone": Said(("手順「$step」がなくなりました", "the step “$step” is gone")),
    "stay.other_repeat": Said(
        ("手順「$step」の repeat が変わりました", "the repeat around the step “$step” changed")
    ),
    "stay.other_verb": Said(
        (
            "手順「$step」は別の種類の手順になりました",
            "the step “$step” is of another kind now",
        )
    ),
    "stay.no_way_on": Said(
        (
            "手順「$step」から先への道がなくなりました",
            "there is no way on from the step “$step” any more",
        )
    ),
    "stay.other_type": Said(
        (
            "質問「$step」の答えの種類が変わりました",
            "the question “$step” asks for another type of answer",
        )
    ),
    "stay.choice_gone": Said(
        (
            "質問「$step」の選択肢「$choice」がなくなりました",
            "the question “$step” has lost its choice “$choice”",
        )
    ),
    "replay.not_begun": Said(("始まらない", "does not begin")),
    "replay.ended": Said(("終わり($end)", "ended ($end)")),
    "replay.parked": Said(("$steps(中断)", "$steps (paused)")),
    "replay.with_staff": Said(("$steps(スタッフ)", "$steps (staff)")),
}
