"""Of keys, verbs and ids: what stands where it may not, and what is missing."""

from collections.abc import Mapping

from flows.language.sayings.saying import Said

_ONE_OF_TWO = ("どちらか1つにしてください。", "Keep one of the two.")

SAID: Mapping[str, Said] = {
    "step_not_table": Said(
        ("手順は「動詞: …」で書きます。", "Write a step as “verb: …”."),
        ("使える動詞: $verbs", "Verbs: $verbs"),
    ),
    "many_verbs": Said(
        (
            "1つの手順に動詞が$countつあります($verbs)。",
            "One step has $count verbs ($verbs).",
        ),
        (
            "手順を「- 」で分けてください。",
            "Make them steps of their own, each beginning with “- ”.",
        ),
    ),
    "no_verb": Said(
        ("動詞がありません。", "There is no verb."),
        ("使える動詞: $verbs", "Verbs: $verbs"),
    ),
    "unknown_key": Said(
        ("「$key」は$whatでは使えません。", "“$key” cannot be used in $what."),
        ("使えるキー: $known", "Keys that can: $known"),
    ),
    "not_of_type": Said(
        (
            "「$key」は type: $type の質問では使えません。",
            "“$key” cannot be used in a question of type: $type.",
        ),
        ("使える type: $types", "Types that have it: $types"),
    ),
    "only_beside": Said(
        ("「$key」は $of と一緒に使います。", "“$key” only goes with “$of”."),
        (
            "$of を加えるか、「$key」を消してください。",
            "Add “$of”, or delete “$key”.",
        ),
    ),
    "not_on_a_page": Said(
        (
            "form: yes のフローでは「$verb」は使えません。",
            "“$verb” cannot be used in a flow with form: yes.",
        ),
        (
            "使える動詞は $verbs です。ほかは別のフローに分けます。",
            "Use only $verbs here; put the rest into another flow.",
        ),
    ),
    "key_missing": Said(
        ("$whatに「$key」がありません。", "“$key” is missing: $what needs it."),
        ("「$key: …」を加えてください。", "Add “$key: …”."),
    ),
    "no_timeout": Said(
        ("wait_for に「timeout」がありません。", "“timeout” is missing: wait_for needs it."),
        (
            "「timeout: {after: 3d, goto: …}」を加えてください。",
            "Add “timeout: {after: 3d, goto: …}”.",
        ),
    ),
    "day_without_at": Said(
        ("wait の day には「at」が要ります。", "“at” is missing: the day of a wait needs it."),
        ("例: {day: 1, at: 10:00}", "Example: {day: 1, at: 10:00}"),
    ),
    "no_unknown": Said(
        ("faq に「unknown」がありません。", "“unknown” is missing: faq needs it."),
        (
            "「unknown: {handoff: 受付}」を加えてください。",
            "Add “unknown: {handoff: 受付}” (受付 is the name of a queue).",
        ),
    ),
    "no_choices": Said(
        ("choices がありません。", "“choices” is missing."),
        ("「choices: [はい, いいえ]」を加えてください。", "Add “choices: [はい, いいえ]”."),
    ),
    "no_cases": Said(
        ("cases がありません。", "“cases” is missing."),
        (
            "「cases:」を加え、その下に「- words: [予約]」のように書いてください。",
            "Add “cases:”, and below it lines such as “- words: [予約]”.",
        ),
    ),
    "no_then": Said(
        ("if に「then」がありません。", "“then” is missing: if needs it."),
        ("「then: {goto: …}」を加えてください。", "Add “then: {goto: …}”."),
    ),
    "no_id": Said(
        ("$verb の手順には id が要ります。", "A step with $verb needs an id."),
        (
            "「id: ${verb}_1」のように名前を付けてください。",
            "Give it a name such as “id: ${verb}_1”.",
        ),
    ),
    "stay_and_goto": Said(
        (
            "stay と goto は一緒に使えません。",
            "stay and goto cannot be used together.",
        ),
        _ONE_OF_TWO,
    ),
    "other_and_any_answer": Said(
        (
            "other と any_answer は一緒に使えません。",
            "other and any_answer cannot be used together.",
        ),
        _ONE_OF_TWO,
    ),
    "else_not_last": Said(
        (
            "else は場合分けの最後に、それだけで書きます。",
            "else comes last among the cases, and by itself.",
        ),
        ("最後の行に移してください。", "Move it to the last line."),
    ),
    "bad_id": Said(
        ("「$name」は id に使えません。", "“$name” cannot be an id."),
        (
            "英小文字で始め、英小文字・数字・_ を40字まで。",
            "Begin with a small letter; then small letters, digits and _, up to 40.",
        ),
    ),
    "bad_var_name": Said(
        (
            "「$name」は vars の名前に使えません。",
            "“$name” cannot be a name in vars.",
        ),
        (
            "英小文字で始め、英小文字・数字・_ で書いてください。",
            "Begin with a small letter; then small letters, digits and _.",
        ),
    ),
    "bad_name": Said(
        ("「$name」は名前に使えません。", "“$name” cannot be a name."),
        (
            "英小文字で始め、英小文字・数字・_ だけで書きます。",
            "Begin with a small letter; then small letters, digits and _.",
        ),
    ),
    "id_twice": Said(
        ("id「$id」が2回あります。", "The id “$id” is here twice."),
        ("別の名前にしてください。", "Give one of them another name."),
    ),
    "flow_twice": Said(
        (
            "フローのid「$id」は2回使われています。",
            "Two flows have the id “$id”.",
        ),
        ("別のidにしてください。", "Give one of them another id."),
    ),
    "faq_twice": Said(
        ("FAQのid「$id」は2回使われています。", "Two FAQ files have the id “$id”."),
        ("別のidにしてください。", "Give one of them another id."),
    ),
    "entry_twice": Said(
        ("id「$id」の項目が2つあります。", "Two entries have the id “$id”."),
        ("別の id にしてください。", "Give one of them another id."),
    ),
}
