"""What the commands that look after an install print, in Japanese and English."""

from collections.abc import Mapping

from flows.language.sayings.saying import Pair

UPKEEP_WORDS: Mapping[str, Pair] = {
    "database.damaged": (
        "データベースのファイルが壊れています($why)。`madoguchi serve` を止め、いちばん新しい"
        "バックアップを `madoguchi restore FILE` で戻してください。今のファイルは横に残ります。",
        "The database's file is damaged ($why). Stop `madoguchi serve`, and put the newest backup "
        "back by `madoguchi restore FILE`. The file that is there now is kept beside it.",
    ),
    "key.changed": (
        "秘密 $count個を新しい鍵でしまい直しました。",
        "$count secrets are sealed with the new key.",
    ),
    "key.before": (
        "前の鍵は $file です。これまでのバックアップを戻すのに要ります。"
        "それらがなくなったら消してください。",
        "The key before is $file. Backups that were made with it need it; delete it with them.",
    ),
    "key.served": (
        "このデータベースで `madoguchi serve` が動いています。使う鍵が途中で変わると、LINEからの"
        "知らせを読めなくなります。すべてのプロセスを止めてから、もう一度実行してください。",
        "`madoguchi serve` is at work on this database, and would not know LINE's events any more "
        "with a key that is not its own. Stop every process of it, and run this again.",
    ),
    "key.no_value": (
        "MADOGUCHI_SECRET_KEY が設定されています。新しい値(32文字以上)をファイルに書き、"
        "--new-key-file で指定してください。",
        "MADOGUCHI_SECRET_KEY is set. Write its new value (32 characters or more) into a file, "
        "and name that in --new-key-file.",
    ),
    "key.set_value": (
        "MADOGUCHI_SECRET_KEY を $file の値にしてから始めてください。",
        "Set MADOGUCHI_SECRET_KEY to the value of $file before you start again.",
    ),
    "key.set_first": (
        "これまでの値を MADOGUCHI_FIRST_SECRET_KEY に設定してください。お客様が持つリンクの印に"
        "使います。",
        "Set MADOGUCHI_FIRST_SECRET_KEY to the value that it had: links that customers hold are "
        "signed by it.",
    ),
    "key.foreign": (
        "$place は別の鍵でしまわれているため、何も変えていません。その値を登録し直してから、"
        "もう一度実行してください。",
        "$place was sealed with another key, so nothing was changed. Enter that secret anew, and "
        "run this again.",
    ),
    "backup.exists": (
        "$file はもうあります。ほかのファイルの代わりにはしません。別の名前を指定してください。",
        "$file is there already, and a backup takes no other file's place. Choose another name.",
    ),
    "backup.nothing": (
        "$file がありません。バックアップするデータベースを MADOGUCHI_DATA_DIR で"
        "指定してください。",
        "$file is not there. Name the data that is to be backed up in MADOGUCHI_DATA_DIR.",
    ),
    "backup.done": (
        "$file に書きました: $rows行・写真・ファイル$media・${size}MB",
        "Written to $file: $rows rows, $media media files, $size MB",
    ),
    "backup.without_media": ("なし", "no"),
    "backup.key": (
        "秘密の鍵($key)は入っていません。別の場所に保管してください。鍵がないと、"
        "LINEのトークンは読めません。",
        "The secret key ($key) is not in it. Keep it in another place: without it nobody can read "
        "LINE's tokens.",
    ),
    "postgres.no_tool": (
        "$tool がありません。PostgreSQLのクライアント(Debianでは postgresql-client)を"
        "入れてください。",
        "$tool is not installed. Install PostgreSQL's client (Debian: postgresql-client).",
    ),
    "postgres.failed": (
        "$tool が失敗しました: $why。$tool はサーバーと同じ版か、新しい版が要ります。",
        "$tool failed: $why. It has to be of the server's version or a newer one.",
    ),
    "restore.other_kind": (
        "このバックアップは $kind のものです。MADOGUCHI_DATABASE_URL を合わせてください。",
        "This is a backup of $kind. Set MADOGUCHI_DATABASE_URL to one.",
    ),
    "restore.too_new": (
        "このバックアップの版($revision)を、この版のMadoguchiは知りません。先に更新してください。",
        "This Madoguchi does not know the version of the backup ($revision). Update it first.",
    ),
    "restore.not_empty": (
        "PostgreSQLでは、空のデータベースにだけ戻せます。新しく作って"
        " MADOGUCHI_DATABASE_URL に指定してください。",
        "On PostgreSQL a backup goes into an empty database only. Make one, and name it in "
        "MADOGUCHI_DATABASE_URL.",
    ),
    "restore.done": (
        "$made_at のバックアップから戻しました: $rows行・写真・ファイル$media",
        "Restored from the backup of $made_at: $rows rows, $media media files",
    ),
    "restore.tested": (
        "$made_at のバックアップは戻せます: $rows行・写真・ファイル$media。何も変えていません。",
        "The backup of $made_at can be restored: $rows rows, $media media files. "
        "Nothing was changed.",
    ),
    "restore.before": (
        "前のデータベースは $before にあります。",
        "The database that was there is $before.",
    ),
    "restore.in_doubt": (
        "届いていない可能性がある送信: $count件。画面の「対応状況」で確かめてください。",
        "Sends that may not have arrived: $count. See the console’s Supervisor’s view.",
    ),
    "restore.aside": (
        "ボットが答えていないお客様のメッセージ: $count件。「要対応」に入れました。",
        "Customers' messages that the bot had not answered: $count. They wait for a person.",
    ),
    "restore.wrong_key": (
        "秘密の鍵が違うため、LINEのトークンが読めません。バックアップのときの secret.key を"
        "データフォルダーに戻すか、MADOGUCHI_SECRET_KEY を合わせてください。",
        "The secret key is another one, so LINE's tokens cannot be read. Put the secret.key of "
        "the backup's time into the data folder, or set MADOGUCHI_SECRET_KEY.",
    ),
    "restore.between": (
        "バックアップより後のことは失われています。予定されていた送信は、もう一度行われることが"
        "あります。",
        "What came after the backup is lost; what was planned for that time may be done again.",
    ),
}
