"""What the doctor says of LINE, in Japanese and English; `.do` is the remedy."""

from collections.abc import Mapping

from flows.language.sayings.saying import Pair

LINE_WORDS: Mapping[str, Pair] = {
    "doctor.signature.good": (
        "LINEの署名を正しく確かめています",
        "LINE's example signature is told from a false one",
    ),
    "doctor.signature.bad": (
        "LINEの署名を確かめられません",
        "LINE's example signature is not told from a false one",
    ),
    "doctor.signature.bad.do": ("Madoguchiを入れ直します。", "Install Madoguchi again."),
    "doctor.account.none": ("LINE公式アカウントがまだありません", "There is no LINE account yet"),
    "doctor.account.none.do": (
        "madoguchi account add(READMEの「Connect a real LINE account」)",
        "madoguchi account add (README, “Connect a real LINE account”)",
    ),
    "doctor.account.sealed": (
        "$account: 秘密の鍵が違うため、トークンを読めません",
        "$account: the secret key is another one, so its token cannot be read",
    ),
    "doctor.account.sealed.do": (
        "元の secret.key をデータフォルダーに戻します。",
        "Put the former secret.key back into the data folder.",
    ),
    "doctor.token.good": ("$account: LINEのトークンは有効です", "$account: the token is valid"),
    "doctor.token.bad": (
        "$account: LINEがトークンを受け付けません",
        "$account: LINE does not accept the token",
    ),
    "doctor.token.bad.do": (
        "LINE Developersでチャネルアクセストークン(長期)を発行し直して登録します。",
        "Issue a new long-lived channel access token in the LINE Developers Console, and enter it.",
    ),
    "doctor.line.silent": (
        "$account: LINEから答えがありません($why)",
        "$account: LINE does not answer ($why)",
    ),
    "doctor.line.silent.do": (
        "この機械から api.line.me にhttpsでつながるか確かめます。",
        "Check that this machine reaches api.line.me by https.",
    ),
    "doctor.clock.good": (
        "この機械の時計とLINEの時計の差は $seconds秒",
        "This machine's clock is $seconds s off LINE's",
    ),
    "doctor.clock.off": (
        "この機械の時計がLINEと $seconds秒ずれています",
        "This machine's clock is $seconds s off LINE's",
    ),
    "doctor.clock.off.do": (
        "時刻の自動合わせ(chrony、systemd-timesyncd)を動かします。",
        "Run chrony or systemd-timesyncd.",
    ),
    "doctor.webhook.answers": (
        "$account: LINEから $url につながります",
        "$account: LINE reaches $url",
    ),
    "doctor.webhook.none": (
        "$account: Webhook URLが登録されていません",
        "$account: no webhook URL was entered",
    ),
    "doctor.webhook.none.do": (
        "LINE Developers → Messaging API → Webhook URL に $wanted",
        "LINE Developers Console → Messaging API → Webhook URL: $wanted",
    ),
    "doctor.webhook.other": (
        "$account: Webhook URLが $found です",
        "$account: the webhook URL is $found",
    ),
    "doctor.webhook.other.do": (
        "$wanted に直すか、MADOGUCHI_PUBLIC_URL を合わせます。",
        "Change it to $wanted, or set MADOGUCHI_PUBLIC_URL.",
    ),
    "doctor.webhook.off": (
        "$account: 「Webhookの利用」がオフです",
        "$account: “Use webhook” is off",
    ),
    "doctor.webhook.off.do": (
        "LINE Developers → Messaging API → Webhookの利用 をオンにします。",
        "LINE Developers Console → Messaging API → Use webhook: on.",
    ),
    "doctor.webhook.fails": (
        "$account: LINEから呼ぶと失敗します($reason $detail)",
        "$account: LINE calls the webhook in vain ($reason $detail)",
    ),
    "doctor.webhook.fails.do": (
        "`madoguchi serve` が動いているか、リバースプロキシとTLS証明書を確かめます。",
        "Check that `madoguchi serve` runs, the reverse proxy, and its TLS certificate.",
    ),
    "doctor.quota.none": ("$account: 通数の上限はありません", "$account: the plan has no limit"),
    "doctor.quota.good": (
        "$account: 今月の残り $left通(全$most通)",
        "$account: $left of $most messages of the month are left",
    ),
    "doctor.quota.low": (
        "$account: 今月の残りは $left通です(全$most通)",
        "$account: only $left of $most messages of the month are left",
    ),
    "doctor.quota.low.do": (
        "無料の返信は続けられます。足りなければLINEのプランを上げます。",
        "Free replies go on; raise the plan with LINE if that is not enough.",
    ),
    "doctor.redelivery.on": (
        "$account: Webhookの再送はオン(確認済み)",
        "$account: webhook redelivery is on, as somebody has confirmed",
    ),
    "doctor.redelivery.unknown": (
        "$account: Webhookの再送がオンか、まだ確かめていません",
        "$account: nobody has confirmed that webhook redelivery is on",
    ),
    "doctor.redelivery.unknown.do": (
        "LINE Developers → Messaging API → Webhookの再送 をオンにして、madoguchi doctor --redelivery-is-on $account",
        "LINE Developers Console → Messaging API → Webhook redelivery: on; then madoguchi doctor --redelivery-is-on $account",
    ),
}
