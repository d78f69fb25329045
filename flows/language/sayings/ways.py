"""Of the way through a flow: ends, circles, patience, conditions that decide nothing."""

from collections.abc import Mapping

from flows.language.sayings.saying import Said

SAID: Mapping[str, Said] = {
    "falls_off": Said(
        ("最後の手順のあとに何もありません。", "Nothing comes after the last step."),
        ("最後に「- end: done」を加えてください。", "Add “- end: done” at the end."),
    ),
    "unreachable": Said(
        ("この手順には誰もたどり着きません。", "Nobody gets to this step."),
        ("goto でつなぐか、消してください。", "Lead to it with goto, or delete it."),
    ),
    "endless": Said(
        ("ここからは終わりにたどり着けません。", "From here no end can be reached."),
        (
            "どこかに「end: done」への道を作ってください。",
            "Make a way to “end: done” somewhere.",
        ),
    ),
    "loop": Said(
        (
            "入力待ちのない無限ループです: $way",
            "This goes round for ever without waiting: $way",
        ),
        (
            "途中に質問(ask)か end を入れてください。",
            "Put a question (ask) or an end in between.",
        ),
    ),
    "never_true": Said(
        ("この条件は、決して成り立ちません。", "This condition is never true."),
        (
            "選択肢や項目の値と同じ言葉か、数の範囲が合っているかを確かめてください。",
            "Check that the words are those of the choices or the field, and that the numbers"
            " can be reached.",
        ),
    ),
    "always_true": Said(
        ("この条件は、いつも成り立ちます。", "This condition is always true."),
        (
            "条件を消すか、比べる値を直してください。",
            "Delete the condition, or change what it compares with.",
        ),
    ),
    "shadowed": Said(
        (
            "ここへは誰も来ません。前の場合分けが先に当てはまります。",
            "Nobody comes here: an earlier case matches first.",
        ),
        (
            "こちらを前に移すか、前の条件を狭くしてください。",
            "Move this one up, or make the earlier condition narrower.",
        ),
    ),
    "no_answer_fits": Said(
        ("$key に合う答えがありません。", "No answer fits $key."),
        (
            "小さいほうを先に、届く範囲で書いてください。",
            "Write the lower bound first, and a range that can be reached.",
        ),
    ),
    "no_answer_passes": Said(
        (
            "check に合う答えがないので、誰も答えられません。",
            "No answer passes check, so nobody can answer.",
        ),
        (
            "range や between と食い違わないように、check を直してください。",
            "Change check so that it agrees with range and between.",
        ),
    ),
    "no_answer_planned": Said(
        (
            "返事がないときのことが決まっていません。",
            "It is not said what happens when nobody answers.",
        ),
        (
            "「timeout: {after: 3d, goto: …}」を加えてください(なければ30日で終わります)。",
            "Add “timeout: {after: 3d, goto: …}” (without it, it ends after 30 days).",
        ),
    ),
    "no_way_out": Said(
        (
            "条件に合う答えを書くまで抜けられません。",
            "Nobody gets on without an answer that fits.",
        ),
        (
            "「skip: スキップ」か「give_up: {handoff: 受付}」を加えてください。",
            "Add “skip: スキップ” or “give_up: {handoff: 受付}”.",
        ),
    ),
    "asked_again": Said(
        (
            "正しく答えるまで何度でも聞き直します。",
            "It asks again and again until the answer is right.",
        ),
        (
            "やめられるようにするには「give_up: {handoff: 受付}」を加えます。",
            "Add “give_up: {handoff: 受付}” to let customers get on.",
        ),
    ),
    "late_remind": Said(
        (
            "催促が時間切れより後になっています。",
            "The reminder comes after the timeout.",
        ),
        (
            "remind の after を、timeout の after より短くしてください。",
            "Make the reminder's after shorter than the timeout's.",
        ),
    ),
    "many_questions": Said(
        ("質問が$count個あります。", "There are $count questions."),
        (
            "10個を超えると途中でやめる方が増えます。なくてもよい質問を減らしてください。",
            "With more than 10, more customers stop half-way. Leave out what you can do without.",
        ),
    ),
    "many_in_a_row": Said(
        (
            "返事を待たずに、吹き出しが$mostつより多く続きます。",
            "More than $most bubbles come in a row, without waiting for an answer.",
        ),
        (
            "文をまとめるか、間に質問(ask)を入れると読みやすくなります。",
            "Put texts together, or a question (ask) in between.",
        ),
    ),
    "many_pushes": Said(
        (
            "お返事のない方にも、$most通より多く送ります(1通ずつ、月の通数に数えられます)。",
            "Somebody who never answers is sent more than $most messages, and each counts against "
            "the monthly quota.",
        ),
        (
            "remind か待つ回数を減らすか、返事のないときに終わる timeout を書いてください。",
            "Remind or wait less often, or write a timeout that ends it when nobody answers.",
        ),
    ),
    "outside_window": Said(
        (
            "$time は send_window の外なので、次に開く時刻まで送られません。",
            "$time is outside send_window, so nothing is sent until it opens again.",
        ),
        ("時刻か send_window を直してください。", "Change the time, or send_window."),
    ),
    "unstoppable": Said(
        (
            "何日も待つフローなのに、途中でやめる条件(stop_when)がありません。",
            "This flow waits for days, and no condition (stop_when) ends it on the way.",
        ),
        (
            "「stop_when: {tag: 配信停止}」のように、もう送らない条件を加えてください。",
            "Add when to send no more, such as “stop_when: {tag: 配信停止}”.",
        ),
    ),
    "wrong_type": Said(
        (
            "答えの種類は $type ですが、項目「$title」の種類は $field_type です。",
            "The answer is of the type $type, but the custom field “$title” of $field_type.",
        ),
        (
            "質問の type と、fields.yaml の $key の type(と options)をそろえてください。",
            "Make the question's type agree with the type (and options) of $key in fields.yaml.",
        ),
    ),
    "free_text": Said(("text(自由な文)", "text (any words)")),
    "no_consent": Said(
        (
            "個人情報の「$title」を、何に使うかを伝えずに聞いています。",
            "“$title” is personal, and it is asked without saying what it is used for.",
        ),
        (
            "質問の文に「ご予約の確認のご連絡に使います。」のような一言を加えてください。",
            "Add a sentence to the question, such as 「ご予約の確認のご連絡に使います。」 (“We use"
            " it to confirm your booking.”).",
        ),
    ),
    "few_ways_to_ask": Said(
        (
            "「$id」の聞き方が$count通りしかありません。",
            "There are too few ways to ask for “$id”: $count.",
        ),
        (
            "ask に、ほかの言い方を足して3通り以上にしてください。",
            "Add other ways to say it to ask, until there are 3 or more.",
        ),
    ),
    "stolen": Said(
        (
            "「$ask」は、項目「$thief」の聞き方とまぎらわしくなっています。",
            "“$ask” is easily taken for the entry “$thief”.",
        ),
        (
            "2つを1つの項目にまとめるか、「$id」らしい言葉を足してください。",
            "Make one entry of the two, or add words that only “$id” would have.",
        ),
    ),
    "explored_endless": Said(
        (
            "ここからは終わりにたどり着けません($trail)。",
            "From here no end can be reached ($trail).",
        ),
        (
            "$states から end への道を作ってください。",
            "Make a way to end from $states.",
        ),
    ),
    "explored_loop": Said(
        ("会話がここで止まります: $trouble($trail)", "The talk stops here: $trouble ($trail)"),
        ("間に質問か end を入れてください。", "Put a question or an end in between."),
    ),
    "explored_stop": Said(
        ("会話がここで止まります: $trouble($trail)", "The talk stops here: $trouble ($trail)"),
        ("この道のとおりに試してみてください。", "Try it out along this way."),
    ),
}
