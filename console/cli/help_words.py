"""What `--help` says of each command and option, in Japanese and English."""

from collections.abc import Mapping

from flows.language.sayings.saying import Pair

HELP_WORDS: Mapping[str, Pair] = {
    "account": (
        "LINE公式アカウントを登録する・変える・一覧する",
        "add, change and list LINE official accounts",
    ),
    "account.add": ("登録する(秘密の値はファイルで渡す)", "add one (secrets are given as files)"),
    "account.add_file": (
        "新しい値も受け付ける(古い値もそのまま)",
        "accept a new value too, beside the old one",
    ),
    "account.loading": (
        "答えを探している間、お客様の画面に「…」を出す",
        "three dots on the customer's screen while an answer is sought",
    ),
    "account.mark_read": (
        "読んだことをLINEに伝える(LINEのチャットがオンのとき)",
        "tell LINE what was read (with Chat on at LINE)",
    ),
    "account.provider": (
        "同じプロバイダーの友だちは1人のお客様になる",
        "friends of one provider are one customer",
    ),
    "account.reserve": (
        "月の通数のうち、スタッフの送信に残しておく割合(0から100)",
        "percent of the month's messages kept for staff (0 to 100)",
    ),
    "account.retire": ("古い値をやめ、新しい値だけにする", "end the old value"),
    "account.secret": ("チャネルシークレットを入れ替える", "exchange the channel secret"),
    "account.token": ("新しいチャネルアクセストークン", "the new channel access token"),
    "add": ("登録する", "add one"),
    "audit": ("操作履歴を確かめる", "check the audit log"),
    "audit.anchor": (
        "前に控えた末尾の値。いまの履歴がそこを通るかも確かめる",
        "a head that was noted before: does the log pass it?",
    ),
    "audit.anchors": (
        "毎日控えた値のファイル(はじめはデータフォルダーの audit-anchors.txt)",
        "the file of the heads noted each day (audit-anchors.txt in the data folder)",
    ),
    "audit.verify": (
        "操作履歴のつながりを最初からたどり、書きかえられた行がないか確かめる",
        "follow the audit log from its beginning: was any row rewritten?",
    ),
    "backup": (
        "動かしたまま、1つのファイルにバックアップする",
        "back up into one file while it runs",
    ),
    "backup.without_media": (
        "写真やファイルを入れない(データベースだけ)",
        "without photos and files (the database alone)",
    ),
    "check": ("間違いを行番号と直し方つきで知らせる", "tell mistakes with their line and remedy"),
    "demo": (
        "LINEなしで試す(シミュレーターと見本のお客様つき)",
        "try it without LINE (with a simulator and sample customers)",
    ),
    "doctor": (
        "すべてが正しく動く状態かを調べ、直し方を教える",
        "see whether all is fit to run, and how to mend it",
    ),
    "doctor.offline": ("LINEには聞かない", "ask nothing of LINE"),
    "doctor.redelivery": (
        "このアカウントの「Webhookの再送」がオンだと確かめた",
        "webhook redelivery of this account is on: it was looked at",
    ),
    "draw": ("フローの図を Mermaid か SVG で書き出す", "draw a flow as Mermaid or SVG"),
    "evaluate": (
        "FAQが質問にどれだけ正しく答えるかを数える",
        "count how rightly the FAQ answers questions",
    ),
    "evaluate.encoder": (
        "設定したエンコーダー(MADOGUCHI_ENCODER_URL)も使い、並べて比べる",
        "also with the encoder that is set (MADOGUCHI_ENCODER_URL), side by side",
    ),
    "evaluate.faq": ("このFAQだけ", "this FAQ alone"),
    "evaluate.grams": (
        "文字の並びだけを見る内蔵のエンコーダーとも比べる(サーバー不要)",
        "also with a built-in encoder that sees letters alone (no server)",
    ),
    "evaluate.questions": (
        "CSV: 質問,正しい項目のid(人が答えるなら空)",
        "CSV: question, id of the right entry (empty: for a person)",
    ),
    "explore": (
        "すべての道を自動で歩き、止まる所を知らせる",
        "walk every way and tell where it stops",
    ),
    "flows": ("フローを調べる・試す・公開する", "check, try and publish flows"),
    "folder": ("フローのフォルダー", "the folder of the flows"),
    "format": ("間違いの書き方", "how mistakes are written"),
    "key": ("秘密の鍵を取り替える", "change the secret key"),
    "key.change": (
        "すべての秘密を新しい鍵でしまい直す(止めてから)",
        "seal every secret by a new key (stop it first)",
    ),
    "key.new_value": ("MADOGUCHI_SECRET_KEY の新しい値", "the new value of MADOGUCHI_SECRET_KEY"),
    "lang": ("表示する言葉", "the language that is printed"),
    "learn": (
        "FAQが答えられなかった質問をまとめ、書き足す案を出す",
        "gather what the FAQ could not answer, as drafts to add",
    ),
    "learn.days": ("さかのぼる日数", "how many days back"),
    "list": ("一覧", "list them"),
    "madoguchi": (
        "LINEのお客様の窓口: ボットと受信箱",
        "a counter for LINE's customers: bot and inbox",
    ),
    "migrate": ("データベースをこの版に合わせる", "bring the database to this version"),
    "migrate.to": (
        "この古い版に戻す(古いMadoguchiを動かす前に、止めてから)",
        "back to this older version (stop it first, then run the older Madoguchi)",
    ),
    "operator": ("スタッフを登録する・変える・一覧する", "add, change and list staff"),
    "publish": (
        "公開する(間違いが1つでもあれば何も変えない)",
        "publish (a single mistake, and nothing is changed)",
    ),
    "publish.dry_run": ("どうなるかだけを表示する", "only tell what would happen"),
    "publish.note": ("変更の覚え書き", "a note about the change"),
    "publish.running": (
        "途中の方: 前の版で最後まで(finish)・移す・初めから・終わりにする",
        "who is in the middle: finish on the older version, move, restart, or stop",
    ),
    "publish.yes": ("警告(W)があっても公開する", "also with warnings (W)"),
    "record": (
        "実際の会話を、個人情報を伏せたテストにする",
        "make a test of a real talk, without personal data",
    ),
    "record.out": ("書き込むファイル(なければ表示)", "the file to write (else it is printed)"),
    "record.talk": (
        "会話のid(画面のアドレス /talks/… の…)",
        "the talk's id (the … of the address /talks/…)",
    ),
    "replay": (
        "実際の会話を、下書きでもう一度動かして比べる",
        "do real talks again with a draft, and compare",
    ),
    "replay.against": (
        "下書き(draft)か、版(flows versions の記号の初め、ファイルを指定したときは番号も)",
        "draft, or a version (its sign in flows versions, begun; with a file its number too)",
    ),
    "replay.last": ("新しいほうからN件", "the newest N"),
    "requeue": (
        "処理できず取り分けられた出来事を一覧する・もう一度処理する",
        "list the events that were set aside, or do them again",
    ),
    "requeue.all": ("すべてもう一度処理する", "do all of them again"),
    "requeue.id": (
        "もう一度処理する番号。なければ一覧",
        "the numbers to do again; none lists them",
    ),
    "restore": ("バックアップから戻す(止めてから)", "restore a backup (stop it first)"),
    "restore_test": (
        "バックアップから戻せるかを別の場所で確かめる",
        "try elsewhere whether a backup can be restored",
    ),
    "rollback": ("フローを前の版に戻す", "bring a flow back to an older version"),
    "rollback.flow": ("フローのid", "the flow's id"),
    "rollback.to": ("版の番号(なければ1つ前の版)", "the version's number (else the one before)"),
    "schema": (
        "エディタの補完と説明に使う JSON Schema を書き出す",
        "write the JSON Schema for editors",
    ),
    "schema.path": (
        "このファイルの種類だけの JSON Schema",
        "the JSON Schema of this kind of file alone",
    ),
    "serve": ("動かす", "serve"),
    "serve.only": (
        "この役だけを動かす(PostgreSQLのときだけ)",
        "play this role alone (PostgreSQL only)",
    ),
    "serve.share_port": (
        "同じ役のほかのプロセスと、ひとつのポートを分け合う(PostgreSQLのときだけ)",
        "share one port with processes of the same role (PostgreSQL only)",
    ),
    "set": ("変える", "change one"),
    "simulator": ("LINEのシミュレーターだけを動かす", "LINE's simulator alone"),
    "test": ("会話のテストを動かす", "run the tests of talks"),
    "test.coverage": ("どのテストも通らない道を挙げる", "list the ways that no test takes"),
    "try": (
        "端末でボットと話してみる(時計は :wait で進める)",
        "talk to the bot in the terminal (:wait moves the clock)",
    ),
    "try.flow": ("フローのid、ファイル、またはフォルダー", "a flow's id, a file or a folder"),
    "try.name": ("お客様の名前", "the customer's name"),
    "try.now": ("始まりの日時(2026-11-21 10:00 の形)", "when it begins (as 2026-11-21 10:00)"),
    "versions": (
        "公開の記録と、途中の方の人数",
        "what was published, and how many are in the middle",
    ),
}
