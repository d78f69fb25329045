"""The parts of a folder as sentences call them: where a key stands, and what a name is of."""

from collections.abc import Mapping

from flows.language.sayings.saying import Said

SAID: Mapping[str, Said] = {
    "did_you_mean": Said(("「$near」の間違いではありませんか?", "Did you mean “$near”?")),
    # Where a key stands: "“x” cannot be used in …", "Write … as".
    "in.flow": Said(("フロー", "a flow")),
    "in.say": Said(("say の中", "say")),
    "in.way": Said(("行き先", "a way out")),
    "in.saving_way": Said(("other と any_answer", "other and any_answer")),
    "in.choice": Said(("選択肢", "a choice")),
    "in.multi_choice": Said(("multi の選択肢", "a choice of a multi question")),
    "in.case": Said(("場合分け", "a case")),
    "in.draw": Said(("random の行き先", "a way of random")),
    "in.trigger": Said(("きっかけ", "a trigger")),
    "in.condition": Said(("条件", "a condition")),
    "in.step": Said(("手順", "a step")),
    "in.this_step": Said(("この手順", "this step")),
    "in.calendar": Said(("calendars のファイル", "a file of calendars")),
    "in.segment": Said(("segments のファイル", "a file of segments")),
    "in.faq": Said(("faq のファイル", "a file of faq")),
    "in.faq_entry": Said(("faq の項目", "an entry of faq")),
    "in.flex": Said(("flex のファイル", "a file of flex")),
    "in.card": Said(("カード", "a card")),
    "in.tag": Said(("タグ", "a tag")),
    "in.queue": Said(("受付先", "a queue")),
    "in.field": Said(("項目", "a custom field")),
    "in.link": Said(("リンク", "a link")),
    "in.talk_test": Said(("テストのファイル", "a test file")),
    "in.talk_case": Said(("テストの会話", "a talk of a test")),
    # What a name is of: "There is no … “x”.".
    "a.flow": Said(("フロー", "flow")),
    "a.step": Said(("手順", "step")),
    "a.segment": Said(("セグメント", "segment")),
    "a.link": Said(("リンク", "link")),
    "a.calendar": Said(("カレンダー", "calendar")),
    "a.faq": Said(("FAQ", "FAQ")),
    "a.queue": Said(("受付先", "queue")),
    "a.tag": Said(("タグ", "tag")),
    "a.notice": Said(("知らせる相手", "name to notify")),
    # In place of an empty list.
    "none": Said(("なし", "none")),
    "none_asked": Said(("なし(先に質問してください)", "none (ask a question first)")),
    "path.answer": Said(("answer.質問のid", "answer.ID of a question")),
    "path.field": Said(("field.項目", "field.NAME")),
}
