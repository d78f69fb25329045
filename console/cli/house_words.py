"""What the commands about accounts, people, the history and the server print."""

from collections.abc import Mapping

from flows.language.sayings.saying import Pair

HOUSE_WORDS: Mapping[str, Pair] = {
    "change.nothing": (
        "変えるものを指定してください。`$command --help` に一覧があります。",
        "Say what is to change; see `$command --help`.",
    ),
    "account.added": (
        "アカウント $id を登録しました。Webhook: /line/$id/webhook",
        "Account $id is added. Webhook: /line/$id/webhook",
    ),
    "account.changed": ("アカウント $id を変えました。", "Account $id is changed."),
    "account.new_alone": (
        "アカウント $id: 新しい値だけを受け付けます。",
        "Account $id: only the new value is accepted.",
    ),
    "account.new_too": (
        "アカウント $id: 新しい値も受け付けます。",
        "Account $id: the new value is accepted too.",
    ),
    "operator.added": ("$email を登録しました。", "$email is added."),
    "operator.changed": ("$email を変えました。", "$email is changed."),
    "operator.disabled": ("停止中", "disabled"),
    "requeue.done": ("$count件をもう一度処理します。", "Done again: $count."),
    "requeue.nobody": ("(お客様なし)", "(no customer)"),
    "requeue.what_to_do": (
        "お客様のトークを読み、必要なら返信してください。"
        "原因が直ったら madoguchi requeue 番号 でもう一度処理します。",
        "Read the customers' talks, and answer where that is needed. "
        "Once the cause is mended, `madoguchi requeue NUMBER` does it again.",
    ),
    "audit.changed": (
        "$at 行目が、書かれたときの内容と違います。",
        "Row $at is not as it was written.",
    ),
    "audit.missing": (
        "$at 行目があるはずの所に、別の行があります。",
        "Where row $at should be there is another.",
    ),
    "audit.cut": (
        "$at 行目から後ろが、消されたか、書き足されています。",
        "From row $at on, rows were deleted or added.",
    ),
    "audit.broken": ("操作履歴が壊れています: $why", "The audit log is broken: $why"),
    "audit.bad_file": (
        "$file が、書かれたときの内容と違います: $error",
        "$file is not as it was written: $error",
    ),
    "audit.not_passed": (
        "操作履歴は控えた値を通りません。あとから作り直された疑いがあります。",
        "The audit log does not pass the noted head: it may have been made anew.",
    ),
    "audit.missed": (
        "操作履歴は $file に控えた $row 行目の値を通りません。\n"
        "あとから作り直されたか、古いバックアップから戻された疑いがあります。",
        "The audit log does not pass the head of row $row that $file has noted.\n"
        "It may have been made anew, or restored from an older backup.",
    ),
    "audit.fine": (
        "操作履歴 $rows 行に、書きかえられた行はありません。\n"
        "控えた値 $noted 個をすべて通ります。末尾: $head",
        "None of the audit log's $rows rows was rewritten.\n"
        "It passes all noted heads ($noted). Head: $head",
    ),
    "migrate.done": (
        "データベースはこの版に合っています。",
        "The database fits this version.",
    ),
    "migrate.went_back": (
        "データベースは$version版です。この版のMadoguchiを動かしてください。",
        "The database is at version $version. Run the Madoguchi of that version.",
    ),
    "serve.unpublished": (
        "フローに間違いがあるため公開していません。",
        "The flows have mistakes, so they are not published.",
    ),
    "demo.talking": ("見本のお客様が話しています…", "The sample customers are talking …"),
    "demo.title": ("Madoguchi のデモ", "Madoguchi's demo"),
    "demo.inbox": ("受信箱", "Inbox"),
    "demo.phone": ("お客様のスマホ", "A customer's phone"),
    "demo.flows": ("フローのファイル", "Files of the flows"),
    "demo.how_to_stop": ("止めるには Ctrl-C", "Ctrl-C stops it"),
    "demo.stopped": (
        "止めました。データは残っています。",
        "Stopped. Its data stays.",
    ),
}
