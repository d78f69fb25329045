"""Conversations: lists, one talk, its lines, and what operators do with it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from console import bodies
from console.api.numbers import read_number
from console.api.search import read_query
from console.door import Asker, House, Row
from console.list_bodies import read_list_query
from console.refusals import Forbidden
from console.sending import check_messages, use_media, with_quote
from flows.line.render import text_of
from storage import (
    conversations,
    failpoints,
    flow_versions,
    journal,
    lines,
    post,
    rows,
    runs,
    settling,
    taking_back,
    talks,
)
from storage.arrivals import add_inside
from storage.deliveries import lines_of
from storage.hits import talks_holding
from storage.models.operators import Operator
from storage.models.people import Customer
from storage.models.talks import Conversation, Message
from storage.models.work import Delivery
from storage.operators import LEADERS
from storage.post import Reply
from storage.refusals import NotFound

PAGE = 50
MOST = 200


def list_talks(
    house: House, asker: Asker, query: dict[str, str], lists: dict[str, list[str]]
) -> Row:
    """One page of a view, narrowed and in the order that is asked for; longest wait first."""
    asked = read_list_query(query, lists)
    words = read_query(query["q"]) if "q" in query else None

    def read(db: Session) -> Row:
        at = at_now(db, asker)
        among = None if words is None else talks_holding(db, asker.scope, words, asked.account)
        wanted = asked.as_filter(house.clock(), among)
        found, cursor = conversations.list_conversations(
            db, asker.scope, wanted, query.get("cursor"), read_limit(query), asked.sort
        )
        return {"items": rows.conversation_rows(db, found), "next": cursor, "at": at}

    if words is None:
        return house.store.read(read)
    row: Row = house.beside(lambda: house.store.read(read))  # a search takes its time
    return row


def count_talks(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """How many talks each view and queue holds."""
    account = query.get("account")

    def read(db: Session) -> Row:
        return {
            "views": conversations.count_views(db, asker.scope, account),
            "queues": conversations.count_queues(db, asker.scope, account),
        }

    return house.store.read(read)


def get_talk(house: House, asker: Asker, talk_id: str) -> Row:
    """One talk with its person, its open handoff and its run: true at `at`."""

    def read(db: Session) -> Row:
        at = at_now(db, asker)
        talk = conversations.get_conversation(db, asker.scope, talk_id)
        return {**detail_of(db, asker, talk), "at": at}

    return house.store.read(read)


def detail_of(db: Session, asker: Asker, talk: Conversation) -> Row:
    """One talk with its person, its open handoff and its run."""
    handoff = talks.open_handoff(db, talk)
    live = runs.live_runs(db, talk.id)
    customer = db.get_one(Customer, talk.customer_id)
    return {
        "conversation": rows.conversation_row(db, talk),
        "customer": rows.customer_row(db, customer, asker.scope.allows),
        "handoff": rows.handoff_row(handoff) if handoff is not None else None,
        "run": rows.run_row(db, live[-1]) if live else None,
        "unseen_from": lines.first_unseen(db, talk),
    }


def send(house: House, asker: Asker, talk_id: str, body: bodies.Send) -> tuple[Row, int]:
    """An operator answers: 201, or 200 for what was sent before."""
    messages = body.as_messages()
    check_messages(house, messages)
    texts = [text_of(message) for message in messages]

    def write(db: Session) -> tuple[Row, int]:
        talk = conversations.get_conversation(db, asker.scope, talk_id)
        known = post.sent_before(db, talk_id, body.client_msg_id)
        if known:
            return rows.message_row(db, known[0]), 200
        said = with_quote(db, talk, messages, body.quoted_seq)
        origins = use_media(house, db, talk, said, house.clock())
        reply = Reply(
            body.client_msg_id, said, texts, body.seen_seq, body.force, origins, body.undo_s
        )
        sent, is_new = post.send(db, talk_id, asker.operator, reply, house.clock())
        return rows.message_row(db, sent[0]), 201 if is_new else 200

    row, status = house.store.write(write)
    failpoints.reach("reply committed")
    return row, status


def start_flow(house: House, asker: Asker, talk_id: str, body: bodies.Start) -> tuple[Row, int]:
    """Start a flow by hand; the bot does it at its next turn."""

    def write(db: Session) -> tuple[Row, int]:
        talk = conversations.get_conversation(db, asker.scope, talk_id)
        if body.flow == flow_versions.FOLDER or body.flow not in flow_versions.heads(db):
            raise NotFound("there is no such flow")
        add_inside(db, talk, "started_by_hand", {"flow": body.flow}, house.clock())
        return {}, 202

    return house.store.write(write)


def send_anyway(house: House, asker: Asker, delivery_id: str) -> Row:
    """Send again what may not have arrived."""
    number = read_number(delivery_id)

    def write(db: Session) -> Row:
        delivery = db.get(Delivery, number)
        if delivery is None:
            raise NotFound
        conversations.get_conversation(db, asker.scope, delivery.conversation_id)
        again = settling.send_anyway(db, number, asker.operator, house.clock())
        return {"items": rows.message_rows(db, again), "next": None}

    return house.store.write(write)


def give_up(house: House, asker: Asker, delivery_id: str) -> Row:
    """Let be what has not plainly gone out; what still waits, only who wrote it, or a leader."""
    number, now = read_number(delivery_id), house.clock()

    def write(db: Session) -> Row:
        delivery = db.get(Delivery, number)
        if delivery is None:
            raise NotFound
        conversations.get_conversation(db, asker.scope, delivery.conversation_id)
        is_waiting = delivery.state == "pending"
        lines = _let_be(db, delivery, asker.operator, now)
        if is_waiting and asker.role not in LEADERS and not _are_own(lines, asker):
            raise Forbidden
        return {"items": rows.message_rows(db, lines), "next": None}

    return house.store.write(write)


def _let_be(db: Session, delivery: Delivery, by: Operator, now: datetime) -> Sequence[Message]:
    """What can still be taken back is taken back: the talk is then as it was before."""
    is_untried = delivery.state == "pending" and delivery.tries == 0 and not delivery.is_unsure
    can_undo = delivery.undo is not None and delivery.undo["until"] is not None
    if not can_undo or not is_untried:
        return settling.give_up(db, delivery.id or 0, by, now)
    return taking_back.take_back(db, lines_of(db, delivery)[0], by, now)


def _are_own(lines: Sequence[Message], asker: Asker) -> bool:
    return {line.operator_id for line in lines} == {asker.operator.id}


def at_now(db: Session, asker: Asker) -> dict[str, int]:
    """Where each stream is that the asker may see."""
    heads = journal.all_heads(db).items()
    return {account: head for account, head in heads if asker.scope.allows(account)}


def read_limit(query: dict[str, str]) -> int:
    """How many rows of a page somebody wants. Raises ValueError for what is no number."""
    return max(1, min(MOST, int(query.get("limit", PAGE))))
