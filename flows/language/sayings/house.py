"""Of the files beside the flows: calendars, tests of talks, questions that measure a FAQ."""

from collections.abc import Mapping

from flows.language.sayings.saying import Said

SAID: Mapping[str, Said] = {
    "no_zone": Said(
        ("「$name」という時間帯はありません。", "There is no time zone “$name”."),
        ("例: Asia/Tokyo", "Example: Asia/Tokyo"),
    ),
    "not_weekly": Said(
        (
            "weekly は「mon: closed」「tue-fri: 10:00-19:00」のように書きます。",
            "Write weekly like “mon: closed”, “tue-fri: 10:00-19:00”.",
        ),
        ("例: tue-fri: 10:00-19:00", "Example: tue-fri: 10:00-19:00"),
    ),
    "day_twice": Said(
        ("$day が2回あります。", "$day is here twice."),
        ("1回だけ書いてください。", "Write it once."),
    ),
    "not_a_day": Said(
        ("「$text」は曜日ではありません。", "“$text” is not a day of the week."),
        ("使える曜日: $days", "Days: $days"),
    ),
    "not_hours": Said(
        ("「$text」は時間ではありません。", "“$text” is no span of hours."),
        ("closed か 10:00-19:00 と書きます。", "Write closed, or 10:00-19:00."),
    ),
    "not_exceptions": Said(
        (
            "exceptions は「2026-12-31: closed」のように書きます。",
            "Write exceptions like “2026-12-31: closed”.",
        ),
        ("例: 2026-12-31: closed", "Example: 2026-12-31: closed"),
    ),
    "not_a_date": Said(
        ("「$text」は日付ではありません。", "“$text” is not a date."),
        ("例: 2026-12-31", "Example: 2026-12-31"),
    ),
    "not_values": Said(
        ("「名前: 値」の形で書きます。", "Write this as “name: value”."),
        ("例: {member_id: A-100}", "Example: {member_id: A-100}"),
    ),
    "questions.unreadable": Said(
        (
            "CSVとして読めません。文字コードをUTF-8にして保存し直してください"
            "(Excelでは「CSV UTF-8」)。",
            "This cannot be read as CSV. Save it again as UTF-8 (in Excel, “CSV UTF-8”).",
        ),
    ),
    "questions.two_columns": Said(
        (
            "$number行目: 「質問,項目のid」の2列で書きます。",
            "Line $number: write two columns, the question and the id of its entry.",
        ),
    ),
    "questions.no_entry": Said(
        (
            "$number行目: FAQに「$entry」という項目はありません。",
            "Line $number: the FAQ has no entry “$entry”.",
        ),
    ),
    "not_a_line": Said(
        ("talk は1行に1つ書きます。", "Each line of talk does one thing."),
        ("例: - user: はい", "Example: - user: はい"),
    ),
    "not_expect": Said(
        (
            "expect は「expect: {state: menu}」の形で書きます。",
            "Write expect as “expect: {state: menu}”.",
        ),
        ("例: - expect: {state: menu}", "Example: - expect: {state: menu}"),
    ),
    "not_texts": Said(
        ("ここには文字か、その並びを書きます。", "A text, or a list of texts, belongs here."),
        ("例: [カット, カラー]", "Example: [カット, カラー]"),
    ),
    "not_sendable": Said(
        ("これは send では送れません。", "send cannot send this."),
        ("送れるもの: $kinds", "It can send: $kinds"),
    ),
    "not_set_fields": Said(
        (
            "set は「set: {field.memo: 値}」の形で書きます。",
            "Write set as “set: {field.memo: some text}”.",
        ),
        ("例: - set: {field.memo: 値}", "Example: - set: {field.memo: some text}"),
    ),
    "not_operator": Said(
        (
            "operator は take、done、return、{says: 文} のどれかです。",
            "operator is take, done, return, or {says: some text}.",
        ),
        ("例: - operator: take", "Example: - operator: take"),
    ),
    "event_without_name": Said(
        ("event には name が要ります。", "“name” is missing: event needs it."),
        (
            "例: {name: purchase, item: シャンプー}",
            "Example: {name: purchase, item: シャンプー}",
        ),
    ),
}
