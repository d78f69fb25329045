"""What a push and a message by LINE say of a journal entry."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.notice_words import say
from storage.letters import MOST_SIGNS

Row = Mapping[str, Any]


def push_payload(
    occasion: str, language: str, payload: Row | None, talk_id: str | None, *, count: int = 1
) -> dict[str, str]:
    """What a browser shows. payload: of the entry, for who wants the customer's words in it."""
    title = say(occasion, language, count=count)
    lines = [*_words_of(payload)]
    if count > 1 and occasion != "after_quiet":
        lines.append(say("more", language, count=count - 1))
    return {
        "title": title,
        "body": "\n".join(lines),
        "url": f"/talks/{talk_id}" if talk_id else ("/notices" if occasion == "test" else "/"),
        "tag": sha256((talk_id or occasion).encode()).hexdigest()[:32],
    }


def line_text(
    occasion: str,
    language: str,
    entry: Row | None,
    address: str,
    *,
    with_text: bool,
    count: int = 1,
) -> str:
    """What LINE shows: what happened, where, and the talk's address."""
    lines = [say(occasion, language, count=count)]
    talk = (entry or {}).get("conversation") or {}
    if talk.get("queue"):
        lines.append(say("queue", language, queue=talk["queue"]))
    if with_text:
        lines += _words_of(entry)
    return "\n".join([*lines, address])


def _words_of(payload: Row | None) -> list[str]:
    """Who it is, and what was written."""
    if payload is None:
        return []
    talk = payload.get("conversation") or {}
    last = talk.get("last_message") or {}
    note, message, notice = (payload.get(kind) for kind in ("note", "message", "notice"))
    if note is not None:
        message = last = None  # of a note that was deleted there are no words
    text = next(
        (
            one["text"]
            for one in (notice, note, message, last)
            if isinstance(one, Mapping) and one.get("text")
        ),
        "",
    )
    return [line for line in (talk.get("customer_name"), text[:MOST_SIGNS]) if line]
