"""Of LINE's limits: how many, how long, how far."""

from collections.abc import Mapping

from flows.language.sayings.saying import Said

SAID: Mapping[str, Said] = {
    "many_bubbles": Said(
        (
            "一度に送れる吹き出しは5つまでです。",
            "At most 5 bubbles can be sent at once.",
        ),
        (
            "文をまとめるか、say を分けてください。",
            "Put texts together, or split the say.",
        ),
    ),
    "many_buttons": Said(
        (
            "ボタンが$count個あります(LINEでは$most個まで)。",
            "There are $count buttons (LINE has at most $most).",
        ),
        (
            "選択肢を減らすか、質問を2つに分けてください。",
            "Take choices out, or make two questions of it.",
        ),
    ),
    "long_label": Said(
        (
            "「$label」は$most文字を超えています。",
            "“$label” is longer than $most characters.",
        ),
        ("ボタンの言葉を短くしてください。", "Make the label shorter."),
    ),
    "same_label": Said(
        (
            "「$label」は「$other」と同じに読まれます。",
            "“$label” reads the same as “$other”.",
        ),
        ("違う言葉にしてください。", "Use another word."),
    ),
    "hard_to_type": Said(
        (
            "「$label」はパソコンでは打って答えるので、打ちにくい言葉です。",
            "On a computer “$label” has to be typed, and it is hard to type.",
        ),
        (
            "記号のない$most文字までの言い方を synonyms に加えてください。",
            "Add a way to say it to synonyms, without signs and of at most $most characters.",
        ),
    ),
    "long_text": Said(
        (
            "この文はいちばん長いとき$units文字になります(LINEでは$most文字まで)。",
            "At its longest this text has $units characters (LINE has at most $most).",
        ),
        (
            "文を2つの吹き出しに分けるか、{{…}} を減らしてください。",
            "Make two bubbles of it, or use fewer {{…}}.",
        ),
    ),
    "long_postback": Said(
        (
            "postback のデータが$units文字あります(LINEでは$most文字まで)。",
            "The data of the postback has $units characters (LINE has at most $most).",
        ),
        (
            "menu_booking のような短い名前にし、ボタンの側も合わせてください。",
            "Use a short name such as menu_booking, and the same one on the button.",
        ),
    ),
    "reversed_between": Said(
        (
            "between の始まり($low)が終わり($high)より後です。",
            "The beginning of between ($low) is later than its end ($high).",
        ),
        (
            "[早いほう, 遅いほう] の順に書いてください。",
            "Write [the earlier, the later].",
        ),
    ),
    "far_between": Said(
        (
            "between は$first年から$last年までです。",
            "between reaches from the year $first to $last.",
        ),
        (
            "[$first-01-01, today] のように書いてください。",
            "Write it like [$first-01-01, today].",
        ),
    ),
}
