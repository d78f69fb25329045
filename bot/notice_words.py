"""What notices say outside the console, in Japanese and English: pushes, and messages by LINE.

By themselves they name no customer and repeat no word of theirs.
"""

WORDS: dict[str, tuple[str, str]] = {
    "reply": ("お客様から返信がありました", "A customer replied"),
    "unassigned": (
        "担当なしの要対応のトークがあります",
        "A conversation needs a reply and nobody holds it",
    ),
    "handoff": ("有人対応を待っているお客様がいます", "A customer is waiting for a person"),
    "mention": ("ノートであなたが呼ばれています", "A note mentions you"),
    "assigned": ("あなたが担当になりました", "A conversation was given to you"),
    "woken": ("「後で対応」の時刻になりました", "A snoozed conversation is due"),
    "at_risk": ("返信の期限が近づいています", "A reply is nearly late"),
    "breached": ("返信の期限を過ぎました", "A reply is late"),
    "failed": ("メッセージを送れませんでした", "A message could not be sent"),
    "notice": ("フローからのお知らせがあります", "There is a notice from a flow"),
    "test": ("テストのお知らせです。届いています。", "This is a test notice. It has arrived."),
    "after_quiet": (
        "通知しない時間のあいだに {count} 件のお知らせがありました",
        "{count} things happened in your quiet hours",
    ),
    "more": ("ほかに {count} 件", "and {count} more"),
    "queue": ("受付先: {queue}", "Queue: {queue}"),
    "linked": (
        "{name}さんの通知とつながりました。このトークはお客様の受信箱には出ません。\n"
        "やめるときは「解除」と送ってください。",
        "Linked with the notices of {name}. This conversation is in no customer's inbox.\n"
        'Send "unlink" to stop.',
    ),
    "wrong": (
        "コードが違うか、期限が切れています。通知の画面で新しいコードを出してください。",
        "The code is wrong or has expired. Get a new one on the notifications page.",
    ),
    "unlinked": (
        "通知とのつながりを解除しました。",
        "The link with your notices has ended.",
    ),
    "own_talk": (
        "このトークはスタッフへの通知用です。やめるときは「解除」と送ってください。",
        'This conversation is for notices to staff. Send "unlink" to stop.',
    ),
}


def say(word: str, language: str, **params: str | int) -> str:
    """A sentence in the reader's language."""
    japanese, english = WORDS[word]
    return (english if language == "en" else japanese).format(**params)
