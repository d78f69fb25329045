"""What an operator is about to send, checked whole before it is written down.

Only kinds that a person may send, within LINE's limits; files of ours only by addresses that we
signed, for the same account; a quote only of what stands in the same talk.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlmodel import Session, col

from console.door import House, Row
from console.refusals import NotReachable, QuoteGone, StickerNotSendable, UploadGone
from console.sent_media import read_address, root_of
from flows.line.messages import find_wrong_part
from flows.line.stickers import is_sendable
from storage import uploads
from storage.models.talks import Conversation, Message
from storage.models.uploads import Upload
from storage.refusals import NotFound
from storage.rows import moment

Origins = list[Row | None]


def check_messages(house: House, messages: Sequence[Mapping[str, Any]]) -> None:
    """Raises ValueError for what LINE would refuse, and what a person may not send;
    StickerNotSendable for a sticker that is not on LINE's list.
    """
    own = f"{root_of(house)}/media/"
    for number, message in enumerate(messages):
        is_last = number == len(messages) - 1
        wrong = find_wrong_part(_as_https(message, own))
        if wrong is None and "quickReply" in message and not is_last:
            wrong = "quickReply"  # phones show only the last message's
        if wrong is not None:
            raise ValueError(f"messages[{number}].{wrong} is not as LINE takes it")
        if message["type"] == "sticker" and not is_sendable(message):
            raise StickerNotSendable


def check_reach(house: House) -> None:
    """Raises NotReachable where neither LINE nor a phone could fetch a file from here."""
    if not can_send_files(house):
        raise NotReachable


def can_send_files(house: House) -> bool:
    """LINE fetches over https alone; a simulator beside us takes what is at hand."""
    return root_of(house).startswith("https://") or _is_loopback(house.settings.line_api_url)


def use_media(
    house: House,
    db: Session,
    talk: Conversation,
    messages: Sequence[Mapping[str, Any]],
    now: datetime,
) -> Origins:
    """Our own files in these messages are spoken for; what each line tells of its file.

    Call it in the unit that writes the messages down, also when they go out later.
    Raises UploadGone, NotReachable, ValueError (a quote of another talk).
    """
    found = []
    for message in messages:
        _check_quote(db, talk, message)
        ids = _own_uploads(house, message)
        if ids:
            check_reach(house)
        try:
            used = uploads.use(db, talk.account_id, ids, now)
        except NotFound as error:
            raise UploadGone from error
        found.append(_told(next(iter(used.values()), None)))
    return found


def with_quote(
    db: Session, talk: Conversation, messages: Sequence[dict[str, Any]], quoted_seq: int | None
) -> list[dict[str, Any]]:
    """The messages, of which the first text quotes a line of the talk; a sticker without words does
    so itself. Raises QuoteGone.
    """
    if quoted_seq is None:
        return list(messages)
    query = select(Message).where(
        col(Message.conversation_id) == talk.id, col(Message.seq) == quoted_seq
    )
    quoted = db.scalars(query).first()
    if quoted is None or quoted.quote_token is None or quoted.unsent_at is not None:
        raise QuoteGone
    kinds = [message["type"] for message in messages]
    able = [kind for kind in ("text", "sticker") if kind in kinds]
    if not able:
        raise ValueError("quoted_seq: only a text or a sticker can quote")
    at = kinds.index(able[0])
    quoting = {**messages[at], "quoteToken": quoted.quote_token}
    return [*messages[:at], quoting, *messages[at + 1 :]]


def _told(upload: Upload | None) -> Row | None:
    if upload is None:
        return None
    told: Row = {
        "id": upload.id, "name": upload.name, "kind": upload.kind, "size_bytes": upload.size_bytes,
    }  # fmt: skip
    if upload.duration_ms is not None:
        told["duration_ms"] = upload.duration_ms
    if upload.expires_at is not None:
        told["until"] = moment(upload.expires_at)
    return {"upload": told}


def _own_uploads(house: House, message: Mapping[str, Any]) -> list[str]:
    """Raises UploadGone for an address that looks like ours and is not."""
    own, ids = f"{root_of(house)}/media/", list[str]()
    for text in _texts(message):
        if text.startswith(own):
            upload_id = read_address(house, text)
            if upload_id is None:
                raise UploadGone
            ids.append(upload_id)
    return list(dict.fromkeys(ids))


def _texts(tree: Any) -> Iterator[str]:
    match tree:
        case str():
            yield tree
        case Mapping():
            for part in tree.values():
                yield from _texts(part)
        case list():
            for part in tree:
                yield from _texts(part)


def _as_https(message: Mapping[str, Any], own: str) -> dict[str, Any]:
    """Our own addresses pass as what they are in a house that LINE can reach."""

    def passing(value: Any) -> Any:
        is_own = isinstance(value, str) and value.startswith(own)
        return f"https://{value.partition('://')[2]}" if is_own else value

    return {key: passing(value) for key, value in message.items()}


def _check_quote(db: Session, talk: Conversation, message: Mapping[str, Any]) -> None:
    token = message.get("quoteToken")
    if token is None:
        return
    quoted = select(col(Message.id)).where(
        col(Message.conversation_id) == talk.id,
        col(Message.quote_token) == token,
    )
    if db.scalars(quoted.limit(1)).first() is None:
        raise ValueError("quoteToken: nothing in this talk has it")


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
