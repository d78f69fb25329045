"""Of a talk that is tried in a terminal: what was said and done, and where everything stands."""

from collections.abc import Mapping

from flows.language.sayings.saying import Said

SAID: Mapping[str, Said] = {
    "try.help": Said(
        (
            """\
文をそのまま打つとお客様の発言、番号を打つとボタンを押したことになります。
  :1            1番のボタンを押す(数字で答える質問のとき)
  :wait 3h      時間を進める(10m 3h 2d 1w)
  :state        今の状態・答え・タグ・タイマーを見る
  :undo         1つ前に戻る
  :pick 日時    日時のボタンで選ぶ(:pick 2026-12-01 や :pick 2026-12-01T14:00)
  :send 種類    スタンプや写真を送る(sticker image location video audio file)
  :follow  :event 名前  :postback データ  :click リンク  :start フロー
  :tag タグ  :untag タグ
  :take  :done  スタッフが担当になる・対応を終える
  :quit         終わる""",
            """\
A plain line is what the customer says; a number taps that button.
  :1            tap button 1 (where the question is answered by digits)
  :wait 3h      let time pass (10m 3h 2d 1w)
  :state        where it stands: answers, tags, timers
  :undo         one back
  :pick WHEN    choose with the button for dates (:pick 2026-12-01, :pick 2026-12-01T14:00)
  :send KIND    send a sticker, a picture … (sticker image location video audio file)
  :follow  :event NAME  :postback DATA  :click LINK  :start FLOW
  :tag TAG  :untag TAG
  :take  :done  staff take the conversation, or finish it
  :quit         leave""",
        )
    ),
    "try.prompt": Said(("あなた> ", "You> ")),
    "try.type_first": Said(
        (
            "お客様の言葉を打ってください(:help で使い方)。",
            "Type what the customer says (:help shows how).",
        )
    ),
    "try.begins": Said(("  ※ $by始めます", "  * It begins: $by")),
    "try.by_follow": Said(("友だち追加で", "added as a friend")),
    "try.by_word": Said(("「$word」で", "“$word”")),
    "try.by_event": Said(("出来事 $name で", "the event $name")),
    "try.by_staff": Said(("スタッフが手で", "started by staff")),
    "try.refused": Said(("  ! $why", "  ! $why")),
    "try.nothing_before": Said(("これより前はありません。", "There is nothing before this.")),
    "try.undone": Said(("  1つ戻りました。", "  One back.")),
    "try.over": Said(("  終わります。", "  Bye.")),
    "try.no_command": Said(("「$word」はありません。$hint", "There is no “$word”. $hint")),
    "try.see_help": Said((":help で使い方を見られます。", ":help shows what there is.")),
    "try.no_button": Said(
        (
            "$number番のボタンはありません(1〜$count)。",
            "There is no button $number (1 to $count).",
        )
    ),
    "try.no_buttons": Said(("ボタンは出ていません。", "There are no buttons.")),
    "try.how_to_wait": Said(
        (
            "長さは 10m(10分)、3h、2d、1w のように書きます。例: :wait 3h",
            "Write a length of time like 10m (10 minutes), 3h, 2d, 1w. Example: :wait 3h",
        )
    ),
    "try.how_to_pick": Said(
        (
            "例: :pick 2026-12-01 や :pick 2026-12-01T14:00",
            "Example: :pick 2026-12-01, or :pick 2026-12-01T14:00",
        )
    ),
    "try.how_to_send": Said(("送れるもの: $kinds", "What can be sent: $kinds")),
    "try.no_flow": Said(("フロー「$name」はありません。$hint", "There is no flow “$name”. $hint")),
    "try.known": Said(("あるもの: $known", "There are: $known")),
    # What the last doing brought.
    "try.bubble": Said(("  $at ボット: $text", "  $at Bot: $text")),
    "try.notified": Said(("  ※ スタッフへの通知: $name", "  * Staff are told: $name")),
    "try.stopped": Said(("  ※ 止まりました: $why", "  * It stopped: $why")),
    "try.unhandled": Said(
        (
            "  ※ どのフローも受け取りませんでした(要対応になります)",
            "  * No flow took it (the conversation needs a reply)",
        )
    ),
    # Where everything stands.
    "try.time": Said(("  時刻: $at", "  Time: $at")),
    "try.no_runs": Said(("  状態: 動いているフローはありません", "  State: no flow is running")),
    "try.to_begin": Said(("  予定: $at に始まります", "  To begin: $at")),
    "try.taken": Said(("  対応: スタッフが対応中", "  Staff: in progress")),
    "try.waiting": Said(("  対応: $queueで待機中", "  Staff: waiting in $queue")),
    "try.tags": Said(("  タグ: $tags", "  Tags: $tags")),
    "try.fields": Said(("  項目: $fields", "  Custom fields: $fields")),
    "try.ended": Said(
        ("  状態: $flow は終わりました($end)", "  State: $flow has ended ($end)"),
    ),
    "try.state": Said(("  状態: $where", "  State: $where")),
    "try.state_phase": Said(("  状態: $where($phase)", "  State: $where ($phase)")),
    "try.answers": Said(("  答え: $answers", "  Answers: $answers")),
    "try.vars": Said(("  変数: $vars", "  Vars: $vars")),
    "try.timers": Said(("  タイマー: $timers", "  Timers: $timers")),
    "try.timer": Said(("$at $name", "$at $name")),
    "try.value": Said(("$name=$value", "$name=$value")),
    "phase.parked": Said(("中断中", "paused")),
    "phase.question": Said(("質問中", "asking")),
    "phase.unsure": Said(("もしかして", "did you mean")),
    "phase.handoff": Said(("スタッフ待ち", "waiting for staff")),
    "phase.wait": Said(("待機中", "waiting")),
    "phase.wait_for": Said(("きっかけ待ち", "waiting for a trigger")),
    "timer.remind": Said(("催促", "reminder")),
    "timer.timeout": Said(("時間切れ", "timeout")),
    "timer.expiry": Said(("30日で終了", "ends after 30 days")),
    "timer.matched": Said(("きっかけの続き", "goes on, now that what it waited for has come")),
    "timer.stopped": Said(("中止", "is stopped")),
    "timer.wake": Said(("再開", "goes on")),
    "timer.begin": Said(("開始", "begins")),
    "answer.skipped": Said(("(答えない)", "(skipped)")),
    "answer.no_reply": Said(("(返事なし)", "(no reply)")),
    "answer.gave_up": Said(("(あきらめた)", "(gave up)")),
    "answer.not_asked": Said(("(未回答)", "(not asked)")),
}
