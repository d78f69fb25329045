"""What only asks: profiles, files, the bot itself, the quota; and what is only shown."""

from datetime import UTC, datetime

from bot.simulator.calls import Answer, Call, find_shape_errors, refuse
from bot.simulator.content import sample_content
from bot.simulator.webhooks import Webhooks

PREPARING_S = 1.0
OK = 200
LOADING_S = range(5, 61)
LOADING_STEP_S = 5


def profile(call: Call, user_id: str) -> Answer:
    """404 for a stranger, and for whoever has blocked the account."""
    friend = call.simulator.friends.get(user_id)
    if friend is None or friend.account != call.account.id or not friend.is_known:
        return refuse("Not found", 404)
    return Answer({"displayName": friend.name, "userId": user_id, "language": "ja"})


def content(call: Call, message_id: str) -> Answer:
    """A file: 202 while LINE prepares it, 410 once it was taken back."""
    simulator = call.simulator
    found = simulator.contents.get(message_id)
    if found is None or simulator.friends[found[0]].account != call.account.id:
        return refuse("Not found", 404)
    _, kind, at = found
    if kind == "gone":
        return refuse("The content is gone", 410)
    if simulator.now() - at < PREPARING_S and kind in {"video", "audio"}:
        return Answer({}, 202)
    known = simulator.uploads.get(message_id)
    data, mime = known if known is not None else sample_content(kind, message_id)
    return Answer(data, mime=mime)


def info(call: Call) -> Answer:
    """The bot itself."""
    return Answer(
        {
            "userId": call.account.bot_user_id,
            "basicId": "@simulator",
            "displayName": call.account.id,
            "chatMode": "bot",
            "markAsReadMode": "auto",
        }
    )


def webhook(call: Call) -> Answer:
    """Where events go, and whether they do."""
    account = call.account
    if not account.webhook_url:
        return refuse("Not found", 404)
    return Answer({"endpoint": account.webhook_url, "active": account.is_webhook_on})


def try_webhook(call: Call) -> Answer:
    """A signed delivery without events, and what came back."""
    status = Webhooks(call.simulator).deliver(call.account, [])
    at = datetime.fromtimestamp(call.simulator.now(), UTC).isoformat(timespec="milliseconds")
    reason = (
        "OK" if status == OK else "COULD_NOT_CONNECT" if status is None else "ERROR_STATUS_CODE"
    )
    return find_shape_errors(call) or Answer(
        {
            "success": status == OK,
            "timestamp": at.replace("+00:00", "Z"),
            "statusCode": status or 0,
            "reason": reason,
            "detail": str(status or "no answer in time"),
        }
    )


def quota(call: Call) -> Answer:
    """How many messages the plan has in a month."""
    if call.account.plan_limit is None:
        return Answer({"type": "none"})
    return Answer({"type": "limited", "value": call.account.plan_limit})


def consumption(call: Call) -> Answer:
    """How many people were sent something this month, replies not counted."""
    return Answer({"totalUsage": call.account.pushed})


def loading(call: Call) -> Answer:
    """202, whether anybody sees it or not."""
    seconds = call.given.get("loadingSeconds", 20)
    if not isinstance(seconds, int) or seconds not in LOADING_S:
        return refuse("Must be between 5 and 60")
    if seconds % LOADING_STEP_S:
        return refuse("must be a multiple of five")
    return find_shape_errors(call) or Answer({}, 202)


def mark_read(call: Call) -> Answer:
    """The message of a token and all of theirs before it were read."""
    wrong = find_shape_errors(call)
    if wrong is not None:
        return wrong
    for friend in call.simulator.friends.values():
        own = [item for item in friend.screen if item["from"] == "friend"]
        tokens = [call.simulator.read_token(item["id"]) for item in own]
        if friend.account == call.account.id and call.given.get("markAsReadToken") in tokens:
            for item in own[: tokens.index(call.given["markAsReadToken"]) + 1]:
                item["is_read"] = True
            call.simulator.changed()
            return Answer({})
    return refuse("The markAsReadToken is invalid")
