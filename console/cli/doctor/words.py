"""What the doctor says of the house, in Japanese and English; `.do` is the remedy."""

from collections.abc import Mapping

from flows.language.sayings.saying import Pair

DOCTOR_WORDS: Mapping[str, Pair] = {
    "doctor.ok": ("正常  ", "OK     "),
    "doctor.warning": ("注意  ", "NOTICE "),
    "doctor.error": ("異常  ", "ERROR  "),
    "doctor.counts": (
        "正常 $ok・注意 $warning・異常 $error",
        "OK $ok, notices $warning, errors $error",
    ),
    "doctor.database.none": ("データベースがありません: $place", "There is no database: $place"),
    "doctor.database.none.do": (
        "MADOGUCHI_DATA_DIR を確かめるか、`madoguchi serve` で始めます。",
        "Check MADOGUCHI_DATA_DIR, or begin with `madoguchi serve`.",
    ),
    "doctor.disk.free": ("空き容量 ${free}GB($folder)", "$free GB are free in $folder"),
    "doctor.disk.little": (
        "空き容量が ${free}GB しかありません($folder)",
        "Only $free GB are free in $folder",
    ),
    "doctor.disk.little.do": (
        "古いバックアップなどを別の場所に移します。",
        "Move old backups, for instance, to another place.",
    ),
    "doctor.fsync.fast": (
        "ディスクへの書き込み: 最も遅いとき ${ms}ミリ秒",
        "The disk takes a write within $ms ms",
    ),
    "doctor.fsync.slow": (
        "ディスクへの書き込みに ${ms}ミリ秒かかることがあります",
        "The disk takes up to $ms ms for a write",
    ),
    "doctor.fsync.slow.do": (
        "データフォルダーを速い内蔵ディスク(SSD)に移します。",
        "Move the data folder to a fast disk of this machine (SSD).",
    ),
    "doctor.local": (
        "データベースはこの機械のディスクにあります($kind)",
        "The database is on a disk of this machine ($kind)",
    ),
    "doctor.network": (
        "データベースがネットワークのディスクにあります($kind)",
        "The database is on a network's file system ($kind)",
    ),
    "doctor.network.do": (
        "MADOGUCHI_DATA_DIR をこの機械のディスクにするか、PostgreSQLを使います。",
        "Set MADOGUCHI_DATA_DIR to a disk of this machine, or use PostgreSQL.",
    ),
    "doctor.pin.good": ("$name $found", "$name $found"),
    "doctor.pin.old": ("$name $found には知られた弱点があります", "$name $found has known holes"),
    "doctor.pin.old.do": ("pip install -U '$name>=$least'", "pip install -U '$name>=$least'"),
    "doctor.unwanted": ("$name が入っています", "$name is installed"),
    "doctor.unwanted.do": (
        "pip uninstall $name(サーバーの代わりに動いてしまいます)",
        "pip uninstall $name (it would take the place of the server)",
    ),
    "doctor.key.good": ("秘密の鍵は守られています", "The secret key is well kept"),
    "doctor.key.none": ("秘密の鍵がまだありません($path)", "There is no secret key yet ($path)"),
    "doctor.key.none.do": (
        "別の機械から移したのなら、元の secret.key をここに置きます。初めてなら `madoguchi serve` が作ります。",
        "If this house came from another machine, put its secret.key here; else `madoguchi serve` makes one.",
    ),
    "doctor.key.open": (
        "秘密の鍵をほかの利用者も読めます",
        "Other users of this machine can read the secret key",
    ),
    "doctor.key.open.do": ("chmod 600 $path", "chmod 600 $path"),
    "doctor.key.weak": (
        "MADOGUCHI_SECRET_KEY は推測されやすい文字列です",
        "MADOGUCHI_SECRET_KEY is easy to guess",
    ),
    "doctor.key.weak.do": (
        "32文字以上の乱数にします(変えると、LINEのトークンは登録し直しです): openssl rand -base64 32",
        "Use 32 random characters or more (LINE's tokens then have to be entered again): openssl rand -base64 32",
    ),
    "doctor.address.good": (
        "公開アドレス $url(画面の通信はここからだけ)",
        "Public address $url, from which alone browsers may connect",
    ),
    "doctor.address.own": (
        "公開アドレスはこの機械の中だけです。ログインのCookieはhttpsのときより弱くなります",
        "The public address is this machine alone; cookies are weaker than with https",
    ),
    "doctor.address.own.do": (
        "LINEにつなぐときは MADOGUCHI_PUBLIC_URL を https のアドレスにします。",
        "For LINE, set MADOGUCHI_PUBLIC_URL to an https address.",
    ),
    "doctor.address.none": ("MADOGUCHI_PUBLIC_URL がありません", "MADOGUCHI_PUBLIC_URL is not set"),
    "doctor.address.none.do": (
        "LINEとスタッフが開く https のアドレスを指定します。",
        "Set it to the https address that LINE and staff reach.",
    ),
    "doctor.address.http": ("$url は暗号化されていません", "$url is not encrypted"),
    "doctor.address.http.do": (
        "https のアドレスにします(LINEはhttpsにしか送りません)。",
        "Use an https address (LINE calls no other).",
    ),
    "doctor.address.bad": (
        "MADOGUCHI_PUBLIC_URL が使えません: $url",
        "MADOGUCHI_PUBLIC_URL cannot be used: $url",
    ),
    "doctor.address.bad.do": (
        "https://例.example.com のように、パスや * のないアドレスにします。",
        "Write an address without a path and without *, like https://madoguchi.example.com.",
    ),
    "doctor.backup.new": ("最後のバックアップは $days日前", "The last backup is $days days old"),
    "doctor.backup.never": ("バックアップがまだありません", "There never was a backup"),
    "doctor.backup.never.do": (
        "MADOGUCHI_BACKUP_DIR にフォルダーを指定すると、毎時間バックアップします。",
        "Set MADOGUCHI_BACKUP_DIR to a folder: serve then makes one every hour.",
    ),
    "doctor.backup.old": (
        "最後のバックアップは $days日前です",
        "The last backup is $days days old",
    ),
    "doctor.backup.old.do": (
        "ログの backup … failed を確かめ、madoguchi backup FILE を実行します。",
        'Look for "backup … failed" in the log, and run madoguchi backup FILE.',
    ),
    "doctor.restore_test.new": (
        "最後に戻せるか確かめたのは $days日前",
        "The last restore test was $days days ago",
    ),
    "doctor.restore_test.never": (
        "バックアップから戻せるか、まだ確かめていません",
        "Nobody has tried yet whether a backup can be restored",
    ),
    "doctor.restore_test.never.do": (
        "madoguchi restore-test FILE(MADOGUCHI_BACKUP_DIR があれば毎週行われます)",
        "madoguchi restore-test FILE (with MADOGUCHI_BACKUP_DIR it is done every week)",
    ),
    "doctor.restore_test.old": (
        "最後に戻せるか確かめたのは $days日前です",
        "The last restore test was $days days ago",
    ),
    "doctor.restore_test.old.do": ("madoguchi restore-test FILE", "madoguchi restore-test FILE"),
    "doctor.damage.none": (
        "データベースのファイルに壊れたところはありません",
        "The database's file is whole",
    ),
    "doctor.damage.found": (
        "データベースのファイルが壊れています($why)",
        "The database's file is damaged ($why)",
    ),
    "doctor.damage.found.do": (
        "`madoguchi serve` を止め、いちばん新しいバックアップを戻します: madoguchi restore FILE",
        "Stop `madoguchi serve`, and put the newest backup back: madoguchi restore FILE",
    ),
    "doctor.version.same": (
        "データベースはこの版です($found)",
        "The database is of this version ($found)",
    ),
    "doctor.version.other": (
        "データベースの版が違います($found、この版は $wanted)",
        "The database is of version $found, this Madoguchi of $wanted",
    ),
    "doctor.version.other.do": (
        "`madoguchi migrate` を実行するか、新しいMadoguchiに更新します。",
        "Run `madoguchi migrate`, or update Madoguchi.",
    ),
    "doctor.durable.good": (
        "書いたものは停電でも残る設定です",
        "What was committed outlasts a power cut",
    ),
    "doctor.durable.not": (
        "停電で失われる設定です: $wrong",
        "A power cut loses what was committed: $wrong",
    ),
    "doctor.durable.not.do": (
        "PostgreSQLなら fsync と synchronous_commit を on に、SQLiteなら最新のMadoguchiで動かし直します。",
        "On PostgreSQL set fsync, full_page_writes and synchronous_commit to on; on SQLite start Madoguchi again.",
    ),
    "doctor.audit.good": (
        "操作履歴 $rows行に、書きかえはありません",
        "The audit log of $rows rows is as it was written",
    ),
    "doctor.audit.broken": (
        "操作履歴の $row行目が書きかえられています",
        "Row $row of the audit log was changed",
    ),
    "doctor.audit.broken.do": (
        "`madoguchi audit verify` の結果と、その前のバックアップを保存し、だれがデータベースに触れたか調べます。",
        "Keep what `madoguchi audit verify` says and a backup from before, and find out who had the database.",
    ),
    "doctor.broadcasts.good": (
        "止まった一斉配信も、送れたか不明なものもありません",
        "No broadcast was stopped, and no outcome is unknown",
    ),
    "doctor.broadcasts.stopped": (
        "止まったままの一斉配信: $count件",
        "Broadcasts that were stopped: $count",
    ),
    "doctor.broadcasts.stopped.do": (
        "コンソールの一斉配信で理由を見て、再開するか取りやめます。",
        "See why in the console, under Broadcasts, then resume or cancel them.",
    ),
    "doctor.broadcasts.unknown": (
        "送れたか不明な一斉配信の送信: $count件",
        "Calls of broadcasts that nobody knows whether LINE took: $count",
    ),
    "doctor.broadcasts.unknown.do": (
        "コンソールの一斉配信で、もう一度送るか、そのままにするかを決めます。",
        "Decide in the console, under Broadcasts, to send them again or to let them be.",
    ),
    "doctor.aside.none": ("失敗して止まったメッセージはありません", "No event was set aside"),
    "doctor.aside.some": (
        "失敗して止まったメッセージが $count件あります",
        "Events that failed and were set aside: $count",
    ),
    "doctor.aside.some.do": (
        "「要対応」のトークに理由が出ています。ログの arrival … failed も見ます。",
        'Their talks wait for a person and say why; see also "arrival … failed" in the log.',
    ),
}
