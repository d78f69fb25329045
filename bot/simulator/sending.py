"""What puts messages on phones: replies, pushes, multicasts, broadcasts; and the check of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bot.simulator.calls import Answer, Call, find_message_errors, refuse
from bot.simulator.faults import MONTHLY
from bot.simulator.lengths import find_wrong_size
from bot.simulator.rules import error_body
from bot.simulator.state import (
    REPLY_LIFE_S,
    RETRY_KEY_LIFE_S,
    TOKEN_DEAD_AFTER_S,
    Friend,
    ReplyToken,
    RetryKey,
)

MOST_RECIPIENTS = 500
QUOTABLE = frozenset({"text", "textV2", "sticker", "image", "video", "template", "flex"})
KINDS = frozenset({"reply", "push", "multicast", "narrowcast", "broadcast"})


def reply(call: Call) -> Answer:
    """Free, once for each token, and only for a while."""
    if call.retry_key is not None:
        return refuse("The retry key is not supported for this request")
    wrong = find_message_errors(call)
    if wrong is not None:
        return wrong
    token = call.simulator.tokens.get(str(call.given.get("replyToken")))
    if token is None or token.account != call.account.id or not _is_alive(token, call):
        return refuse("Invalid reply token")
    friend = call.simulator.friends[token.user_id]
    if _has_strange_quote(call, friend):
        return refuse("Invalid quote token")
    token.is_used = True
    return Answer({"sentMessages": _deliver(call, [friend])})


def push(call: Call) -> Answer:
    """To one friend; 200 also when they have blocked the account, and then nothing is shown."""
    friend = call.simulator.friends.get(str(call.given.get("to")))
    is_ours = friend is not None and friend.account == call.account.id
    wrong = find_message_errors(call) or _known(call)
    if wrong is not None:
        return wrong
    if friend is None or not is_ours:
        return refuse("Failed to send messages")
    if _has_strange_quote(call, friend):
        return refuse("Invalid quote token")
    return _send(call, [friend], is_push=True)


def multicast(call: Call) -> Answer:
    """To many; whoever is no friend is passed over in silence."""
    to = call.given.get("to")
    details = find_wrong_size(to, 1, MOST_RECIPIENTS, "to")
    if details or not isinstance(to, list):
        return Answer(error_body(details), 400)
    wrong = find_message_errors(call) or _known(call)
    if wrong is not None:
        return wrong
    friends = [call.simulator.friends.get(str(user_id)) for user_id in to]
    ours = [f for f in friends if f is not None and f.account == call.account.id]
    return _send(call, ours, is_push=False)


def find_strangers(call: Call) -> Answer | None:
    """LINE's other answer to ids that nobody has: it names them, and nobody gets it."""
    to = call.given.get("to")
    known = call.simulator.friends
    places = [place for place, one in enumerate(to) if one not in known] if to else []
    if not places or (call.retry_key is not None and _known(call) is not None):
        return None
    names = ", ".join(f"to[{place}]" for place in places)
    return refuse(f"The property, {names}, in the request body is invalid (line: -, column: -)")


def broadcast(call: Call) -> Answer:
    """To every friend."""
    wrong = find_message_errors(call) or _known(call)
    if wrong is not None:
        return wrong
    friends = call.simulator.friends.values()
    ours = [f for f in friends if f.account == call.account.id and f.is_friend]
    return _send(call, ours, is_push=False)


def validate(call: Call, kind: str) -> Answer:
    """Would LINE take these messages?"""
    return (
        refuse("Not found", 404) if kind not in KINDS else find_message_errors(call) or Answer({})
    )


def note_retry_key(call: Call) -> bool | None:
    """Keep a new retry key: its 24 hours run from the first request, accepted or not.

    Whether the body is another than the first time; None without a key.
    """
    if call.retry_key is None:
        return None
    keys, name, now = call.simulator.retry_keys, (call.account.id, call.retry_key), _now(call)
    known = keys.get(name)
    if known is None or now - known.first_at > RETRY_KEY_LIFE_S:
        keys[name] = RetryKey(call.raw, now)
        return False
    return known.body != call.raw


def _known(call: Call) -> Answer | None:
    """The refusal of a retry key that is none, or that has been accepted before.

    LINE takes a key once, whatever the body is then: another body under an accepted key is not
    sent either. That is a bot's mistake, and the log tells it (`is_other_body`).
    """
    if call.retry_key is None:
        return None
    try:
        UUID(call.retry_key)
    except ValueError:
        return refuse("The retry key must be a UUID")
    known = call.simulator.retry_keys[call.account.id, call.retry_key]
    if known.request_id is None:
        return None
    body: dict[str, object] = {"message": "The retry key is already accepted"}
    if known.sent is not None:
        body["sentMessages"] = known.sent
    return Answer(body, 409, {"x-line-accepted-request-id": known.request_id})


def _send(call: Call, friends: Sequence[Friend], *, is_push: bool) -> Answer:
    account, now = call.account, _now(call)
    reached = [friend for friend in friends if friend.is_reached(now)]
    if account.plan_limit is not None and account.pushed + len(reached) > account.plan_limit:
        return Answer(MONTHLY, 429)
    account.pushed += len(reached)
    sent = _deliver(call, reached)
    if call.retry_key is not None:
        known = call.simulator.retry_keys[account.id, call.retry_key]
        known.request_id, known.sent = call.request_id, sent if is_push else None
    return Answer({"sentMessages": sent} if is_push else {})


def _deliver(call: Call, friends: Sequence[Friend]) -> list[dict[str, str]]:
    """Show the messages on phones that are not blocked; ids are given also where nothing is."""
    messages = call.given["messages"]
    ids = [call.simulator.next_id() for _ in messages]
    for friend in friends:
        if not friend.is_blocked:
            ids = [
                call.simulator.show(friend, _item(call, friend, message))["id"]
                for message in messages
            ]
    return [_sent(call, id_, message) for id_, message in zip(ids, messages, strict=True)]


def _sent(call: Call, message_id: str, message: dict[str, Any]) -> dict[str, str]:
    """As LINE answers: what can be quoted has a token for it."""
    if message["type"] not in QUOTABLE:
        return {"id": message_id}
    return {"id": message_id, "quoteToken": call.simulator.quote_token(message_id)}


def _item(call: Call, friend: Friend, message: dict[str, Any]) -> dict[str, Any]:
    """What the phone shows. quoted: the id of the message that this one answers."""
    item = {"from": "account", "message": message}
    token = message.get("quoteToken")
    quoted = call.simulator.quoted(friend, token) if isinstance(token, str) else None
    return item if quoted is None else {**item, "quoted": quoted["id"]}


def _has_strange_quote(call: Call, friend: Friend) -> bool:
    """Whether a message quotes what does not stand in this friend's talk."""
    tokens = [message.get("quoteToken") for message in call.given["messages"]]
    named = [token for token in tokens if isinstance(token, str)]  # what is no text is no token
    return any(call.simulator.quoted(friend, token) is None for token in named)


def _is_alive(token: ReplyToken, call: Call) -> bool:
    now = _now(call)
    if token.is_used or token.received_at is None or now - token.event_at > TOKEN_DEAD_AFTER_S:
        return False
    return now - token.received_at <= REPLY_LIFE_S


def _now(call: Call) -> float:
    return call.simulator.now()
