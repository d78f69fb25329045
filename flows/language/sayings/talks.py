"""Of talks that are tried, tested or walked: what could not be done, what came instead."""

from collections.abc import Mapping

from flows.language.sayings.saying import Said

SAID: Mapping[str, Said] = {
    "as_is": Said(("$text", "$text")),
    "quoted": Said(("「$text」", "“$text”")),
    "then": Said(("$before → $after", "$before → $after")),
    # What exploring does.
    "do.help": Said(("担当者が対応して終える", "staff take it and finish")),
    "do.other_hours": Said(("開店か閉店まで待つ", "wait for opening or closing")),
    "do.sticker": Said(("スタンプ", "a sticker")),
    "do.tap": Said(("「$label」を押す", "tap “$label”")),
    "do.send": Said(("写真か場所を送る", "send a picture or a place")),
    "do.choose": Said(("「$label」「$done」", "“$label”, “$done”")),
    "do.choose_some": Said(("$count個選んで「$done」", "choose $count, then “$done”")),
    "do.tag": Said(("タグ $tag", "tag $tag")),
    "do.wait": Said(("$until まで待つ", "wait until $until")),
    "do.by_hand": Said(("手で始める", "start by hand")),
    "do.by_hand_then_card": Said(
        ("手で始めたあと、カルテが変わる", "start by hand, then the card changes")
    ),
    "do.schedule": Said(("予定の時刻", "the time of the schedule")),
    "do.follow": Said(("友だち追加", "add as a friend")),
    "do.postback": Said(("メニュー $name", "menu $name")),
    "do.event": Said(("イベント $name", "event $name")),
    "do.url_click": Said(("リンク $name", "link $name")),
    "do.qr": Said(("QR $name", "QR $name")),
    "case": Said(("$name", "$name")),
    "expected": Said(
        (
            "$key: $expected のはずが $actual でした。",
            "$key: expected $expected, but it was $actual.",
        ),
    ),
    "not_saying": Said(("「$text」を言わない", "not to say “$text”")),
    "without_tags": Said(("$tags がない", "without $tags")),
    "not_starting": Said(("$flows が始まらない", "$flows not to start")),
    "listed": Said(("[$items]", "[$items]")),
    "not_offered": Said(
        (
            "「$label」のボタンは出ていません(出ているもの: $offered)。",
            "There is no button “$label” (there are: $offered).",
        ),
    ),
    "not_offered_then": Said(
        (
            "「$step」の質問に「$label」のボタンは出ていませんでした。",
            "The question “$step” had no button “$label”.",
        ),
    ),
    "no_picker": Said(
        ("日時を選ぶボタンは出ていません。", "There is no button that picks a date or time."),
    ),
    "other_picker": Said(
        (
            "出ているのは $kind を選ぶボタンです。",
            "The button that is there picks a $kind.",
        ),
    ),
    "not_scheduled": Said(
        (
            "「$flow」は、時計で始まるフローではありません。",
            "“$flow” is not a flow that the clock starts.",
        ),
    ),
    "lacks": Said(("「$key」がありません。", "“$key” is missing.")),
    "clock_too_far": Said(
        (
            "時計は$days日先まで進められます。",
            "The clock can be moved on by at most $days days.",
        ),
    ),
    "endless_starts": Said(
        (
            "フローが互いに始め合って終わりません。",
            "Flows start each other without end.",
        ),
    ),
    "raised": Said(("$kind: $why", "$kind: $why")),
    "version_unreadable": Said(
        (
            "フロー「$flow」の版 $hash が読めなくなったため、この会話をスタッフに渡しました。",
            "Version $hash of the flow “$flow” cannot be read any more, so staff were given this"
            " conversation.",
        ),
    ),
    "no_way_on": Said(
        ("$at: 「$way」で進む先がありません", "$at: there is no way on for “$way”"),
    ),
    "no_call_here": Said(
        ("フロー $flow をここから呼べません", "The flow $flow cannot be called from here"),
    ),
    "too_many_steps": Said(
        (
            "$most手順を超えました(ループ): $flow",
            "More than $most steps (a loop): $flow",
        ),
    ),
}
