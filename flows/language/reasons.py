"""Why each kind of problem is one: what would happen to customers, or what LINE allows."""

from collections.abc import Mapping

from flows.language.sayings.saying import LANGUAGES, Language, Pair

GUIDE: Mapping[Language, str] = {
    "ja": "flows/README.md#間違いの番号",
    "en": "flows/README.md#the-numbers-of-problems",
}

WHY: Mapping[str, Pair] = {
    "F001": (
        "手順は、ちょうど1つの動詞で何をするかが決まります。",
        "A step does what its one verb says.",
    ),
    "F002": (
        "知らないキーを読み飛ばすと、書いた人の思いと違う動きになります。",
        "A key that was skipped in silence would do something else than its writer meant.",
    ),
    "F003": (
        "値の種類が合わないと、この手順をどう動かすか決められません。",
        "With a value of the wrong kind nobody can tell what this step should do.",
    ),
    "F004": (
        "同じキーが2つあると、どちらを使うかわかりません。",
        "With the same key twice nobody can tell which of them counts.",
    ),
    "F005": (
        "YAMLの区切りになるのは、半角の「: 」と半角の空白だけです。",
        "Only a half-width “: ” and half-width spaces divide YAML.",
    ),
    "F006": (
        "YAMLとして読めないと、このファイルのフローは動きません。",
        "The flows of a file that cannot be read as YAML do not run.",
    ),
    "F007": (
        "別名や型の指定があると、書いた文字と違う値になることがあります。",
        "With aliases or tags a value may become another than the letters that stand there.",
    ),
    "F008": (
        "大きすぎるもの、深すぎるもの、UTF-8でないものは、安全に読めません。",
        "What is too large, too deep, or not UTF-8 cannot be read safely.",
    ),
    "F009": (
        "これがないと、何をするか決められません。",
        "Without it nobody can tell what to do.",
    ),
    "F010": (
        "待っている方がどこにいるかは、id で覚えます。版が変わっても見つけるためです。",
        "The id is how the place where a customer waits is remembered, from version to version.",
    ),
    "F011": (
        "同じ id が2つあると、どちらのことかわかりません。",
        "With the same id twice nobody can tell which one is meant.",
    ),
    "F012": (
        "id はボタンやテストの中でも使うため、使える文字を決めています。",
        "Ids are used in buttons and tests too, so the signs that they may have are limited.",
    ),
    "F020": (
        "ない名前へは進めず、会話がそこで止まります。",
        "Nobody can go on to a name that is not there, and the conversation would stop.",
    ),
    "F021": (
        "ない値は、お客様にはいつも空に見えます。",
        "To customers a value that is not there is always empty.",
    ),
    "F022": (
        "読めない {{…}} は、そのままお客様に送られてしまいます。",
        "A {{…}} that cannot be read would be sent to customers as it stands.",
    ),
    "F030": (
        "終わりがないと、この先で会話が止まります。",
        "Without an end the conversation stops after it.",
    ),
    "F031": (
        "誰も来ない手順は、goto の書き間違いが多く、書いた文が送られません。",
        "A step that nobody gets to is mostly a misspelt goto, and its text is never sent.",
    ),
    "F032": (
        "終わりへの道がないと、お客様はこのフローから出られません。",
        "Without a way to an end, customers cannot get out of this flow.",
    ),
    "F040": (
        "返事を待たずに回り続けると、100手順で打ち切られ、スタッフに回ります。",
        "What goes round without waiting is cut off after 100 steps and given to staff.",
    ),
    "F041": (
        "互いに呼び合うと、いつまでも終わりません。",
        "What calls each other never ends.",
    ),
    "F050": (
        "1つの言葉で始まるフローは1つだけなので、もう一方は始まりません。",
        "One word starts one flow, so the other would never start.",
    ),
    "F060": (
        "一覧にない名前は、打ち間違いと見分けられません。",
        "A name that is not in the list cannot be told from a slip of the keyboard.",
    ),
    "L101": (
        "LINEのクイックリプライは13個までです。",
        "LINE has at most 13 quick replies.",
    ),
    "L102": (
        "LINEのボタンの言葉は20文字までです。",
        "The label of a button on LINE has at most 20 characters.",
    ),
    "L103": (
        "同じに読まれる言葉は、打たれたときにどちらかわかりません。",
        "When typed, words that read the same cannot be told apart.",
    ),
    "L104": (
        "LINEの1つの吹き出しは5,000文字(UTF-16)までです。",
        "A bubble on LINE has at most 5,000 characters (UTF-16).",
    ),
    "L105": (
        "LINEのボタンのデータは300文字までです。",
        "The data of a button on LINE has at most 300 characters.",
    ),
    "L106": (
        "LINEで一度に送れる吹き出しは5つまでです。",
        "LINE sends at most 5 bubbles at once.",
    ),
    "L107": (
        "この範囲に入る日時はなく、LINEの日時選択も開けません。",
        "No date or time lies in this range, and LINE's picker cannot open on it.",
    ),
    "L108": (
        "LINEが受け付けるアドレスは https だけです。",
        "LINE only takes addresses with https.",
    ),
    "W201": (
        "返事がないと、この質問は30日のあいだ開いたままになります。",
        "Without an answer this question stays open for 30 days.",
    ),
    "W202": (
        "合う答えを書けないお客様は、ここから先へ進めません。",
        "A customer who cannot write an answer that fits gets no further.",
    ),
    "W203": (
        "パソコンのLINEではボタンが出ないため、打って答えることになります。",
        "LINE on a computer shows no quick replies, so the answer is typed.",
    ),
    "W204": (
        "質問の途中ではこの選択肢になり、ほかのフローは始まりません。",
        "While a question is open, the word is its choice and starts no other flow.",
    ),
    "W205": (
        "種類の違う値は、条件や絞り込みで比べられません。",
        "Values of different kinds cannot be compared in conditions and segments.",
    ),
    "W206": (
        "いつも同じになる条件は、書いた人の思いと違うことがほとんどです。",
        "A condition that always comes out the same is hardly ever what was meant.",
    ),
    "W207": (
        "どう答えても聞き直しになります。",
        "Whatever the answer is, it is asked again.",
    ),
    "W208": (
        "時間切れのほうが先に来るため、催促は送られません。",
        "The timeout comes first, so the reminder is never sent.",
    ),
    "W209": (
        "送ってよい時間の外のものは開くまで待ち、ボットから送る1通ずつが月の通数に数えられます。",
        "What falls outside the hours waits until they begin, and every message of the bot's own "
        "accord counts against the monthly quota.",
    ),
    "W210": (
        "個人情報をうかがうときは、何に使うかを伝える必要があります(個人情報保護法)。",
        "Who asks for personal data has to say what for (Japan's law on personal information).",
    ),
    "W211": (
        "使われない答えは、お客様に余計な手間をかけます。",
        "An answer that nobody uses is work for customers and nothing else.",
    ),
    "W212": (
        "配信を止めてほしい方にも、何日かあとに送られてしまいます。",
        "It would be sent days later, even to those who asked to stop.",
    ),
    "W213": (
        "その手順で待っている方がいます。",
        "Customers are waiting at that step.",
    ),
    "W214": (
        "聞かれずに来た方には、ここが空になります。",
        "For those who come without having been asked, it is empty here.",
    ),
    "W215": (
        "聞き方が少ないと、正しく答えられる割合が下がります。",
        "With few ways to ask, fewer questions are answered rightly.",
    ),
    "W216": (
        "YAMLでは「空白と #」から後ろが覚え書きになり、送られません。",
        "In YAML everything after a space and # is a remark, and is not sent.",
    ),
    "W217": (
        "まぎらわしいと、お客様の質問が別の答えに行くことがあります。",
        "What is easily mixed up sends a customer's question to another answer.",
    ),
    "I301": (
        "答えられないお客様は、時間切れか中止の言葉でしか抜けられません。",
        "A customer who cannot answer gets out only by the timeout or a cancel word.",
    ),
    "I302": (
        "長いアンケートほど、途中でやめる方が増えます。",
        "The longer a survey, the more customers stop half-way.",
    ),
    "I303": (
        "続けて何通も届くと、読み飛ばされやすくなります。",
        "Of many messages in a row, some are skipped.",
    ),
}


def why(code: str, language: Language = "ja") -> str:
    """The reason; empty for what is no problem of the checker, such as a test that failed."""
    return WHY[code][LANGUAGES.index(language)] if code in WHY else ""
