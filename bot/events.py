"""What LINE's events say: the line that each gets in the talk, and what it means to the flows.

Read from the raw JSON, one by one, so that a kind that nobody knows yet is kept whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flows.language.events import Event, Followed, Said, Sent, Tapped
from storage.arrivals import LONGEST_ID, user_of
from storage.editing import Edit
from storage.incoming import Incoming

SENT_KINDS = frozenset({"sticker", "image", "video", "audio", "file", "location"})


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as the talk shows it, and as the flows take it (None: they do not)."""

    incoming: Incoming
    event: Event | None


def has_talk(event: Mapping[str, Any]) -> bool:
    """Whether the event belongs to a talk with one friend that we may answer."""
    return user_of(event) is not None and event.get("mode") != "standby"


def hear(event: Mapping[str, Any], now: datetime) -> Heard:
    """Read one event of a friend."""
    at = _moment(event, now)
    match event.get("type"):
        case "message":
            return _message(_table(event, "message"), at)
        case "postback":
            return _postback(_table(event, "postback"), at)
        case "follow":
            content = _table(event, "follow")
            is_unblocked = bool(content.get("isUnblocked"))
            return Heard(Incoming("follow", dict(content), at), Followed(is_unblocked))
        case kind:
            plain = {k: v for k, v in event.items() if k != "replyToken"}
            return Heard(Incoming(str(kind or "unknown")[:40], plain, at), None)


def unsent_id(event: Mapping[str, Any]) -> str:
    """The message that was taken back."""
    return str(_table(event, "unsend").get("messageId", ""))


def read_edit(event: Mapping[str, Any], now: datetime) -> Edit:
    """What a message says since its customer changed it."""
    message = _table(event, "message")
    text = message.get("text")
    shown = text if isinstance(text, str) else None
    return Edit(str(message.get("id", "")), dict(message), shown, _moment(event, now))


def _message(message: Mapping[str, Any], at: datetime) -> Heard:
    kind = str(message.get("type", "unknown"))[:40]
    id_ = str(message["id"])[:LONGEST_ID] if "id" in message else None
    text = message.get("text") if kind == "text" else None
    media = {"file_name": message["fileName"]} if "fileName" in message else {}
    incoming = Incoming(kind, dict(message), at, _shown(message), id_, media)
    if isinstance(text, str):
        return Heard(incoming, Said(text))
    return Heard(incoming, Sent(kind, id_ or "")) if kind in SENT_KINDS else Heard(incoming, None)


def _shown(message: Mapping[str, Any]) -> str | None:
    """The words of a message, where it has any."""
    for key in ("text", "fileName", "address", "title"):
        if isinstance(message.get(key), str):
            return str(message[key])
    keywords = message.get("keywords")
    return "、".join(map(str, keywords[:3])) if isinstance(keywords, list) else None


def _postback(postback: Mapping[str, Any], at: datetime) -> Heard:
    params = _table(postback, "params")
    picked = {key: str(value) for key, value in params.items()}
    shown = next(iter(picked.values()), None)
    incoming = Incoming("postback", dict(postback), at, shown)
    return Heard(incoming, Tapped(str(postback.get("data", "")), picked))


def _table(tree: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = tree.get(key)
    return found if isinstance(found, Mapping) else {}


def _moment(event: Mapping[str, Any], now: datetime) -> datetime:
    sent_ms = event.get("timestamp")
    if not isinstance(sent_ms, int | float):
        return now
    try:
        return datetime.fromtimestamp(sent_ms / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return now
