"""Of names: what is not there, what nobody uses, what leads round in a circle."""

from collections.abc import Mapping

from flows.language.sayings.saying import Said

SAID: Mapping[str, Said] = {
    "no_such": Said(
        ("$what「$name」はありません。", "There is no $what “$name”."),
        ("あるもの: $known", "There are: $known"),
    ),
    "not_declared": Said(
        ("$what「$name」は $file にありません。", "The $what “$name” is not in $file."),
        (
            "$file の「$key:」の並びに「$name」を加えてください。",
            "Add “$name” to “$key:” in $file.",
        ),
    ),
    "no_link": Said(
        ("リンク「$name」はありません。", "There is no link “$name”."),
        (
            "links.yaml の「links:」に「$name: https://…」を加えてください。",
            "Add “$name: https://…” to “links:” in links.yaml.",
        ),
    ),
    "no_field": Said(
        (
            "項目「$name」は fields.yaml にありません。",
            "The custom field “$name” is not in fields.yaml.",
        ),
        (
            "fields.yaml の「fields:」に「$name: {title: $name, type: text}」を加えてください。",
            "Add “$name: {title: $name, type: text}” to “fields:” in fields.yaml.",
        ),
    ),
    "no_var": Said(
        ("「$path」は vars にありません。", "“$path” is not in vars."),
        (
            "フローに「vars: {$name: 0}」を加えてください。",
            "Add “vars: {$name: 0}” to the flow.",
        ),
    ),
    "no_path": Said(
        ("「$path」という値はありません。", "There is no value “$path”."),
        ("使えるもの: $known", "What can be used: $known"),
    ),
    "not_among_queues": Said(
        (
            "受付先「$name」は queues にありません。",
            "The queue “$name” is not among queues.",
        ),
        ("queues に加えるか、default を直してください。", "Add it to queues, or change default."),
    ),
    "inside_repeat": Said(
        (
            "手順「$name」は repeat の中にあり、外からは入れません。",
            "The step “$name” is inside a repeat and cannot be entered from outside.",
        ),
        (
            "repeat の手順そのものに進んでください。",
            "Go to the step with repeat itself.",
        ),
    ),
    "calls_itself": Said(
        ("フローが自分自身を呼んでいます。", "The flow calls itself."),
        ("goto を使ってください。", "Use goto."),
    ),
    "calls_in_circle": Said(
        (
            "「$one」と「$other」が互いに呼び合っています。",
            "“$one” and “$other” call each other.",
        ),
        ("どちらかの call をやめてください。", "Take one of the two calls out."),
    ),
    "segments_in_circle": Said(
        (
            "セグメント「$id」が、めぐって自分自身を条件にしています。",
            "The segment “$id” comes back to itself as its own condition.",
        ),
        (
            "どちらかの segment の条件をやめてください。",
            "Take one of the conditions on a segment out.",
        ),
    ),
    "same_trigger": Said(
        (
            "「$word」はフロー「$other」でも使われています。",
            "“$word” starts the flow “$other” too.",
        ),
        (
            "どちらかの言葉か priority を変えてください。",
            "Change the word, or the priority, of one of them.",
        ),
    ),
    "choice_is_keyword": Said(
        (
            "「$word」はフロー「$other」を始める言葉でもあります。"
            "この質問の間は、選択肢の答えになります。",
            "“$word” also starts the flow “$other”. While this question is open, it is the"
            " answer to it.",
        ),
        (
            "どちらかを違う言葉にすると、取り違えがありません。",
            "Another word for one of them keeps them apart.",
        ),
    ),
    "unused_answer": Said(
        (
            "「$name」の答えは、どこにも残らず、使われもしません。",
            "The answer to “$name” is neither kept nor used.",
        ),
        (
            "save で友だち情報に残すか、選択肢に tag を書くか、質問を消してください。",
            "Keep it in a custom field with save, put a tag on its choices, or take the"
            " question out.",
        ),
    ),
    "unused_tag": Said(
        (
            "タグ「$name」は、どのフローでも使われていません。",
            "No flow uses the tag “$name”.",
        ),
        (
            "消すか、手で付けるタグなら「名前: {note: いつ付けるか}」と書いてください。",
            "Delete it; or, if staff put it on by hand, write “name: {note: when to put it on}”.",
        ),
    ),
    "unused_var": Said(
        ("「var.$name」は、どこでも使われていません。", "“var.$name” is not used anywhere."),
        (
            "条件か文で使うか、消してください。",
            "Use it in a condition or a text, or delete it.",
        ),
    ),
    "never_asked": Said(
        (
            "ここでは「$name」をまだ聞いていないので、「answer.$name」は空です。",
            "“$name” has not been asked before here, so “answer.$name” is empty.",
        ),
        ("その質問を、ここより前に置いてください。", "Put that question before this place."),
    ),
    "not_always_asked": Said(
        (
            "「$name」を聞かずにここへ来る道があり、「answer.$name」が空のことがあります。",
            "Some ways come here without asking “$name”, so “answer.$name” may be empty.",
        ),
        (
            "文なら {{answer.…| default:言葉}}、条件なら empty の場合も書いてください。",
            "In a text write {{answer.…| default:words}}; in a condition say what happens when it"
            " is empty.",
        ),
    ),
    "steps_removed": Said(
        (
            "なくなる手順で待っている方がいます: $standing。",
            "Customers are waiting at steps that are removed: $standing.",
        ),
        (
            "id を元に戻すか、migrate に行き先を書きます。"
            "このまま公開すると、その方々は前の版で最後まで進みます。",
            "Bring the id back, or say in migrate where they go. Published as it is, they finish"
            " on the older version.",
        ),
    ),
    "standing_at": Said(("「$step」に$count人", "$count at “$step”")),
}
