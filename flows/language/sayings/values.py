"""Of values (F003 and what is like it): written in a way that nothing can be made of."""

from collections.abc import Mapping

from flows.language.sayings.saying import Said

_DATES = (
    "2026-12-01、today、today+30d のように書きます。",
    "Write it like 2026-12-01, today, today+30d.",
)
_MOMENTS = (
    "2026-12-01T10:00、now、now+2h のように書きます。",
    "Write it like 2026-12-01T10:00, now, now+2h.",
)
_MIGRATE = ("例: migrate: {any: {old_id: new_id}}", "Example: migrate: {any: {old_id: new_id}}")
_NOT_IN_BETWEEN = ("「$bound」は between に書けません。", "“$bound” cannot stand in between.")
_PATH_TO_SET = ("例: set: {field.memo: 値}", "Example: set: {field.memo: some text}")

SAID: Mapping[str, Said] = {
    "not_table": Said(
        ("$whatは「キー: 値」の形で書きます。", "Write $what as “key: value”."),
        (
            "1行に1つ、「キー: 値」を字下げして書いてください。",
            "Write one indented “key: value” on each line.",
        ),
    ),
    "not_named_table": Said(
        ("$whatは「名前: …」の形で書きます。", "Write $what as “name: …”."),
        (
            "1行に1つ、「名前: …」を字下げして書いてください。",
            "Write one indented “name: …” on each line.",
        ),
    ),
    "not_list": Said(
        (
            "$whatは「- 」で始まる行の並びで書きます。",
            "Write $what as lines that begin with “- ”.",
        ),
        ("それぞれの行の前に「- 」を付けてください。", "Put “- ” in front of each line."),
    ),
    "not_one_text": Said(
        ("ここには文字を1つ書きます。", "One text belongs here."),
        (
            "空にせず、並びにもせずに書いてください。",
            "Write it out, neither empty nor as a list.",
        ),
    ),
    "not_text": Said(
        ("ここには文を書きます。", "A text belongs here."),
        ('「: 」を含む文は"…"で囲んでください。', 'Put a text that has “: ” in it in "…".'),
    ),
    "empty_bubble": Said(
        ("ここには文を書きます。", "A text belongs here."),
        ("例: - say: こんにちは", "Example: - say: こんにちは"),
    ),
    "empty_answer": Said(
        ("答えが空です。", "The answer is empty."),
        ("お客様に送る文を書いてください。", "Write what customers are sent."),
    ),
    "no_way_to_ask": Said(
        ("聞き方がありません。", "There is no way to ask for it."),
        ("ask に3通り以上書いてください。", "Write three or more ways to ask under ask."),
    ),
    "not_allowed": Said(
        ("「$text」は使えません。", "“$text” cannot be used."),
        ("使える値: $allowed", "Values that can: $allowed"),
    ),
    "not_whole": Said(
        (
            "ここには$lowから$highまでの整数を書きます。",
            "A whole number from $low to $high belongs here.",
        ),
        (
            "小数や単位を付けずに、数字だけで書いてください。",
            "Write digits alone, without a fraction or a unit.",
        ),
    ),
    "not_number": Said(
        ("ここには数を書きます。", "A number belongs here."),
        ("10 や 1.5 のように、数字だけで書いてください。", "Write digits alone: 10, or 1.5."),
    ),
    "not_yes_no": Said(
        ("ここには yes か no を書きます。", "yes or no belongs here."),
        ("はいなら yes、いいえなら no です。", "Write yes, or no."),
    ),
    "not_duration": Said(
        ("長さの書き方が違います。", "This is not how a length of time is written."),
        (
            "10m(10分)、3h、2d、1w のように書きます。",
            "Write it like 10m (10 minutes), 3h, 2d, 1w.",
        ),
    ),
    "not_clock": Said(
        (
            "時刻は 10:00 の形(2桁ずつ)で書きます。",
            "Write a time like 10:00, with two digits each.",
        ),
        ("例: 09:00", "Example: 09:00"),
    ),
    "not_moment": Said(
        ("日時は 2026-11-21 10:00 の形で書きます。", "Write a moment like 2026-11-21 10:00."),
        ("例: 2026-11-21 10:00", "Example: 2026-11-21 10:00"),
    ),
    "not_pattern": Said(
        ("この正規表現は使えません。", "This regular expression cannot be used."),
        (
            "かっこの閉じ忘れを確かめてください。"
            "後方参照、先読み、合わせて1000回を超えるくり返しは使えません。",
            "Check for brackets left open; back references, look-aheads, "
            "and over 1000 repetitions in all cannot be used.",
        ),
    ),
    "not_https": Said(
        ("アドレスは https:// で始めます。", "An address begins with https://."),
        (
            "https:// で始まるアドレスに直してください。http のページは送れません。",
            "Change it to one with https://; pages with http cannot be sent.",
        ),
    ),
    "not_pair": Said(
        ("ここは [下限, 上限] の形で書きます。", "Write this as [lowest, highest]."),
        ("例: [1, 10]", "Example: [1, 10]"),
    ),
    "not_a_choice": Said(
        (
            "選択肢は「- はい」か「- はい: {tag: 新規}」の形で書きます。",
            "Write a choice as “- はい”, or as “- はい: {tag: 新規}”.",
        ),
        ("例: - はい: {tag: 新規}", "Example: - はい: {tag: 新規}"),
    ),
    "give_up_ways": Said(
        (
            "give_up には goto、handoff、skip: yes のどれか1つを書きます。",
            "give_up has exactly one of goto, handoff and skip: yes.",
        ),
        ("例: give_up: {handoff: 受付}", "Example: give_up: {handoff: 受付}"),
    ),
    "not_a_switch": Said(
        (
            "switch には message か、場合分けの並びを書きます。",
            "switch has the word message, or a list of cases.",
        ),
        ("例: switch: message", "Example: switch: message"),
    ),
    "empty_switch": Said(
        ("場合分けが1つもありません。", "There is not a single case."),
        ("例: - when: {tag: 新規}", "Example: - when: {tag: 新規}"),
    ),
    "not_a_case": Said(
        (
            "場合分けには when か words のどちらか1つを書きます。",
            "A case has either when or words.",
        ),
        ("例: - when: {tag: 新規}", "Example: - when: {tag: 新規}"),
    ),
    "few_draws": Said(
        (
            "random には2つ以上の行き先を書きます。",
            "random needs two ways or more.",
        ),
        ("例: - {weight: 1, say: A}", "Example: - {weight: 1, say: A}"),
    ),
    "not_a_repeat": Said(
        (
            "repeat は always、once、after 8h のどれかです。",
            "repeat is always, once, or after 8h.",
        ),
        ("例: repeat: once", "Example: repeat: once"),
    ),
    "not_a_window": Said(
        ("send_window は 10:00-20:00 の形で書きます。", "Write send_window like 10:00-20:00."),
        ("例: send_window: 10:00-20:00", "Example: send_window: 10:00-20:00"),
    ),
    "not_vars": Said(
        ("vars は「vars: {score: 0}」の形で書きます。", "Write vars as “vars: {score: 0}”."),
        ("例: vars: {score: 0}", "Example: vars: {score: 0}"),
    ),
    "not_var_value": Said(
        ("vars の値には文字を1つ書きます。", "The value of a var is one text."),
        ("例: vars: {score: 0}", "Example: vars: {score: 0}"),
    ),
    "not_set": Said(
        (
            "set は「set: {field.memo: 値}」の形で書きます。",
            "Write set as “set: {field.memo: some text}”.",
        ),
        _PATH_TO_SET,
    ),
    "not_add": Said(
        ("add は「add: {var.score: 1}」の形で書きます。", "Write add as “add: {var.score: 1}”."),
        ("例: add: {var.score: 1}", "Example: add: {var.score: 1}"),
    ),
    "not_settable": Said(
        ("「$path」には書き込めません。", "“$path” cannot be written to."),
        ("field.名前 か var.名前 と書きます。", "Write field.NAME or var.NAME."),
    ),
    "loop_over_or_times": Said(
        (
            "repeat には over か times のどちらか1つを書きます。",
            "repeat has either over or times.",
        ),
        ("例: repeat: {times: 3, steps: […]}", "Example: repeat: {times: 3, steps: […]}"),
    ),
    "not_over": Said(
        (
            "over には [値, 値] か answer.質問のid を書きます。",
            "over has a list [one, two], or answer.ID of a question.",
        ),
        ("例: over: [カット, カラー]", "Example: over: [カット, カラー]"),
    ),
    "many_rounds": Said(
        ("繰り返しは$most回までです。", "At most $most rounds are possible."),
        ("値を減らしてください。", "Leave some of the values out."),
    ),
    "bad_loop_name": Said(
        ("「$name」は名前に使えません。", "“$name” cannot be a name."),
        ("英小文字・数字・_ で書きます。", "Write small letters, digits and _."),
    ),
    "not_a_wait": Said(
        (
            "wait は 2d、{day: 1, at: 10:00}、{until: field.X, before: 1d} です。",
            "wait is 2d, or {day: 1, at: 10:00}, or {until: field.X, before: 1d}.",
        ),
        ("例: wait: 2d", "Example: wait: 2d"),
    ),
    "not_until": Said(
        ("until には field.項目 を書きます。", "until has field.NAME."),
        ("例: until: field.birthday", "Example: until: field.birthday"),
    ),
    "not_a_source": Said(
        (
            "faq には message か answer.質問のid を書きます。",
            "faq has the word message, or answer.ID of a question.",
        ),
        ("例: faq: message", "Example: faq: message"),
    ),
    "not_a_trigger": Said(
        ("きっかけは1行に1つ書きます。", "Write one trigger on each line."),
        ("例: {keyword: 予約}", "Example: {keyword: 予約}"),
    ),
    "not_a_schedule": Said(
        (
            "「$text」という時の書き方はありません。",
            "“$text” is not a way to write when.",
        ),
        (
            "毎日 10:00、毎週月曜 10:00、毎月1日 10:00、毎月末日 10:00、2026-12-01 10:00",
            "Write 毎日 10:00 (each day), 毎週月曜 10:00 (each Monday), 毎月1日 10:00 (the 1st of"
            " each month), 毎月末日 10:00 (its last day), or 2026-12-01 10:00.",
        ),
    ),
    "not_migrate": Said(
        (
            "migrate は「版: {前のid: 新しいid}」の形で書きます。",
            "Write migrate as “version: {old_id: new_id}”.",
        ),
        _MIGRATE,
    ),
    "not_moves": Said(
        ("「前のid: 新しいid」の形で書きます。", "Write this as “old_id: new_id”."),
        _MIGRATE,
    ),
    "not_a_version": Said(
        ("「$text」は版ではありません。", "“$text” is not a version."),
        (
            "any か、flows versions に出る版の記号の初めの4字以上を書きます。",
            "Write any, or at least the first 4 signs of a hash that flows versions shows.",
        ),
    ),
    "not_a_comparison": Said(
        ("比べ方の書き方が違います。", "This is not how a comparison is written."),
        ('"within 30d" のように書きます。', 'Write it like "within 30d".'),
    ),
    "not_a_condition": Said(
        (
            "条件は「tag: 新規」のような形で書きます。",
            "Write a condition like “tag: 新規”.",
        ),
        ("例: {tag: 新規}", "Example: {tag: 新規}"),
    ),
    "not_a_tag_condition": Said(
        (
            "タグの条件は 名前、[名前, 名前]、{all: [名前, 名前]} です。",
            "A condition on tags is a name, [name, name], or {all: [name, name]}.",
        ),
        ("例: {tag: [新規, 常連]}", "Example: {tag: [新規, 常連]}"),
    ),
    "not_open_closed": Said(
        ("business_hours は open か closed です。", "business_hours is open or closed."),
        ("例: {business_hours: closed}", "Example: {business_hours: closed}"),
    ),
    "not_a_date_bound": Said(_NOT_IN_BETWEEN, _DATES),
    "not_a_time_bound": Said(_NOT_IN_BETWEEN, ("10:00 のように書きます。", "Write it like 10:00.")),
    "not_a_moment_bound": Said(_NOT_IN_BETWEEN, _MOMENTS),
    "not_a_field_to_save": Said(
        ("save には field.項目 を書きます。", "save has field.NAME."),
        ("例: save: field.memo", "Example: save: field.memo"),
    ),
}
