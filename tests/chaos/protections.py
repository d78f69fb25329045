"""The seven protections, and how each is taken out of a process of the product.

Nothing in the product can switch one off: here its code is replaced. Each names the kinds of
findings by which a storm without it is known, and the places at which it is needed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

SENDS = ("/message/reply", "/message/push")


@dataclass(frozen=True)
class Protection:
    """needed_at: the places of death that show its lack. seen_as: what the checker then says."""

    take_out: Callable[[], None]
    needed_at: Sequence[str]
    seen_as: frozenset[str]
    kinds: Sequence[str] = ("count",)
    sends: Sequence[str] = SENDS
    hits: tuple[int, int] = (1, 2)


def _no_dedupe() -> None:
    """Every event is new, also when LINE delivers it again."""
    import storage.arrivals
    from storage.models.columns import new_id

    storage.arrivals.event_id_of = lambda _: new_id()


def _no_commit_before_ack() -> None:
    """LINE gets its 200 first."""
    import gevent

    import bot.webhook

    keep = bot.webhook._keep
    bot.webhook._keep = lambda *given: gevent.spawn_later(0.3, keep, *given)


def _no_retry_key() -> None:
    """Each push has a key of its own, so that LINE cannot know it again."""
    from uuid import uuid4

    from bot.line_client import LineClient

    send = LineClient.send
    LineClient.send = lambda client, work, token: send(  # type: ignore[method-assign]
        client, replace(work, retry_key=str(uuid4())), token
    )


def _no_intent() -> None:
    """A process that starts does not know what was under way when the last one died."""
    from sqlalchemy import update
    from sqlmodel import Session, col

    from storage import outbox
    from storage.models.work import Delivery

    def forget(db: Session, _now: Any, _older_than_s: float = 0.0) -> int:
        db.execute(
            update(Delivery)
            .where(col(Delivery.state) == "sending")
            .values(state="pending", tries=0, tried_at=None, first_tried_at=None)
        )
        return 0

    outbox.recover = forget


def _no_fencing() -> None:
    """Whoever comes back writes down how its call ended, also when that was taken from it."""
    from sqlmodel import Session

    from storage import outbox

    def record(db: Session, work: Any, outcome: Any, now: Any) -> str:
        delivery = outbox._BY_ID.one(db, {"delivery_id": work.delivery_id})
        outbox.end_try(db, delivery, outcome, now)
        return str(delivery.state)

    outbox.record = record


def _no_resume() -> None:
    """A browser that comes back is told where the journal is, and not what it has missed."""
    from console.live import Live

    stream = Live._stream

    def no_gap(live: Live, *given: Any) -> dict[str, Any]:
        return {**stream(live, *given), "entries": [], "more": False}

    Live._stream = no_gap  # type: ignore[method-assign]


def _no_client_msg_id() -> None:
    """What a browser sends again is another message."""
    from console import bodies
    from storage.models.columns import new_id

    as_messages = bodies.Send.as_messages

    def renamed(body: bodies.Send) -> list[dict[str, Any]]:
        body.client_msg_id = new_id()
        return as_messages(body)

    bodies.Send.as_messages = renamed  # type: ignore[method-assign]


PROTECTIONS: Mapping[str, Protection] = {
    "dedupe": Protection(_no_dedupe, ["arrival committed"], frozenset({"twice"})),
    "commit before ack": Protection(
        _no_commit_before_ack, ["webhook received"], frozenset({"lost"}), hits=(3, 3)
    ),
    "retry key": Protection(
        _no_retry_key, ["answer on the wire"], frozenset({"twice"}), sends=SENDS[1:]
    ),
    "intent": Protection(_no_intent, ["answer on the wire"], frozenset({"twice"}), sends=SENDS[:1]),
    "resume": Protection(_no_resume, ["entry emitted"], frozenset({"gap"})),
    "client_msg_id": Protection(
        _no_client_msg_id, ["reply committed"], frozenset({"twice"}), ("desk",)
    ),
    "fencing": Protection(_no_fencing, [], frozenset({"untrue"})),
}
