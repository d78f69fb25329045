"""What is being written: one text for each talk, operator, and kind (reply, note).

The newest text counts. Each save says which page wrote it and which version that page had seen. A
page that had not seen the other page's text does not lose it: the other text is laid aside in
`others`, and offered until somebody takes or drops it.

A draft is its writer's own. Only a shared one is shown to colleagues, by an entry that carries the
row; one that is shared no more is told by a row without words, which clients take off. So the
journal never has a word that its writer did not share, and a snapshot lists the shared ones alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlmodel import Session, col

from storage import journal
from storage.dialects import insert_once
from storage.lookups import operator_names
from storage.models.columns import new_id
from storage.models.drafting import Draft
from storage.models.operators import Operator
from storage.models.talks import Conversation
from storage.objects import write_changes
from storage.refusals import NotFound
from storage.rows import Row, moment

Kind = Literal["reply", "note"]
MOST_OTHERS = 3  # the newest of each page
MOST_SHARED = 50
MOST_OWN = 500


@dataclass(frozen=True, slots=True)
class Written:
    """A page's text. device: the page; base: the version that it had seen; 0: none."""

    kind: Kind
    text: str
    device: str
    base: int


def save(
    db: Session, talk: Conversation, operator: Operator, written: Written, now: datetime
) -> Draft:
    """Keep the newest text; another page's that this one had not seen is laid aside."""
    draft = _locked(db, talk.id, operator.id, written.kind, now)
    if draft.text == written.text and draft.device == written.device:
        return draft
    if _is_unseen(draft, written):
        _lay_aside(draft, written)
    draft.others = [other for other in draft.others if other["device"] != written.device]
    draft.text, draft.device = written.text, written.device
    _touch(draft, now)
    if draft.shared_at is not None:
        is_empty = written.text.strip() == ""
        _end_sharing(draft) if is_empty else None
        _tell(db, talk, draft, "draft.unshared" if is_empty else "draft.changed", operator, now)
    db.add(draft)
    return draft


@dataclass(frozen=True, slots=True)
class Settling:
    """What becomes of the text that another page (`device`) had written: taken, or dropped."""

    kind: Kind
    device: str
    takes: bool


def settle(
    db: Session, talk: Conversation, operator: Operator, settling: Settling, now: datetime
) -> Draft:
    """Take the text that another page had written, or drop it. What is taken changes places with
    what stands there, so that neither is lost. Raises NotFound when it is gone.
    """
    device, takes = settling.device, settling.takes
    draft = _locked(db, talk.id, operator.id, settling.kind, now)
    other = next((one for one in draft.others if one["device"] == device), None)
    if other is None:
        raise NotFound("there is no other text")
    left = [one for one in draft.others if one["device"] != device]
    if takes and draft.text.strip():
        left.append({"device": draft.device, "text": draft.text, "at": moment(draft.updated_at)})
    draft.others = left
    if takes:
        draft.text, draft.device = other["text"], device
    _touch(draft, now)
    if takes and draft.shared_at is not None:
        _tell(db, talk, draft, "draft.changed", operator, now)
    db.add(draft)
    return draft


def share(
    db: Session, talk: Conversation, operator: Operator, kind: Kind, to: str | None, now: datetime
) -> Draft:
    """Show one's draft to colleagues; `to` names the one whom it is handed to. Raises NotFound
    when there is nothing to show.
    """
    draft = _locked(db, talk.id, operator.id, kind, now)
    if not draft.text.strip():
        raise NotFound("there is no draft")
    if draft.shared_at is not None and draft.shared_to == to:
        return draft
    draft.shared_at, draft.shared_to = now, to
    _touch(draft, now)
    _tell(db, talk, draft, "draft.shared", operator, now)
    db.add(draft)
    return draft


def unshare(
    db: Session, talk: Conversation, operator: Operator, kind: Kind, now: datetime
) -> Draft:
    """It is one's own again."""
    draft = _locked(db, talk.id, operator.id, kind, now)
    if draft.shared_at is not None:
        _end_sharing(draft)
        _touch(draft, now)
        _tell(db, talk, draft, "draft.unshared", operator, now)
        db.add(draft)
    return draft


def take_over(
    db: Session, talk: Conversation, by: Operator, draft_id: str, now: datetime
) -> tuple[Draft, str]:
    """A colleague goes on with a shared text: the draft, and its words. It is shared no more, so
    that only one goes on with it; its writer keeps their own copy. Raises NotFound when it is gone.
    """
    write_changes(db)
    draft = db.get(Draft, draft_id, with_for_update=True, populate_existing=True)
    if draft is None or draft.conversation_id != talk.id or draft.shared_at is None:
        raise NotFound("this draft is not shared any more")
    words = draft.text
    _end_sharing(draft)
    _touch(draft, now)
    _tell(db, talk, draft, "draft.taken", by, now)
    db.add(draft)
    return draft, words


def own_drafts(db: Session, talk: Conversation, operator_id: str) -> dict[str, Draft]:
    """What an operator has begun in a talk, by kind."""
    query = select(Draft).where(
        col(Draft.conversation_id) == talk.id, col(Draft.operator_id) == operator_id
    )
    return {draft.kind: draft for draft in db.scalars(query)}


def all_own(db: Session, operator_id: str, accounts: frozenset[str] | None) -> Sequence[Draft]:
    """Everything that an operator has begun and may still see, newest first."""
    query = (
        select(Draft)
        .join(Conversation, col(Conversation.id) == col(Draft.conversation_id))
        .where(col(Draft.operator_id) == operator_id, col(Draft.text) != "")
    )
    if accounts is not None:
        query = query.where(col(Conversation.account_id).in_(accounts))
    return db.scalars(query.order_by(col(Draft.updated_at).desc()).limit(MOST_OWN)).all()


def shared_drafts(db: Session, talk: Conversation) -> Sequence[Draft]:
    """What colleagues share in a talk, oldest first."""
    query = select(Draft).where(
        col(Draft.conversation_id) == talk.id, col(Draft.shared_at).is_not(None)
    )
    return db.scalars(query.order_by(col(Draft.shared_at), col(Draft.id)).limit(MOST_SHARED)).all()


def own_row(draft: Draft) -> Row:
    """A draft as its writer sees it."""
    return {
        "id": draft.id,
        "conversation_id": draft.conversation_id,
        "kind": draft.kind,
        "text": draft.text,
        "device": draft.device,
        "others": draft.others,
        "shared": draft.shared_at is not None,
        "updated_at": moment(draft.updated_at),
        "version": draft.version,
    }


def shared_row(db: Session, draft: Draft) -> Row:
    """A draft as colleagues see it: without words unless it is shared."""
    is_shared = draft.shared_at is not None
    names = operator_names(db, [draft.operator_id])
    return {
        "id": draft.id,
        "conversation_id": draft.conversation_id,
        "operator_id": draft.operator_id,
        "operator_name": names.get(draft.operator_id),
        "kind": draft.kind,
        "text": draft.text if is_shared else "",
        "shared": is_shared,
        "to": draft.shared_to,
        "updated_at": moment(draft.updated_at),
        "version": draft.version,
    }


def _locked(db: Session, talk_id: str, operator_id: str, kind: Kind, now: datetime) -> Draft:
    """The draft, begun when it is not there; held until the unit ends."""
    blank: dict[str, Any] = {
        "id": new_id(), "conversation_id": talk_id, "operator_id": operator_id, "kind": kind,
        "text": "", "device": "", "others": [], "updated_at": now, "version": 0,
    }  # fmt: skip
    write_changes(db)  # what this unit has changed itself must not be loaded over
    insert_once(db, Draft, blank, ["conversation_id", "operator_id", "kind"])
    query = (
        select(Draft)
        .where(
            col(Draft.conversation_id) == talk_id,
            col(Draft.operator_id) == operator_id,
            col(Draft.kind) == kind,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.scalars(query).one()


def _is_unseen(draft: Draft, written: Written) -> bool:
    is_other = draft.device != written.device and draft.version != written.base
    # What the new text begins with is in it already.
    return is_other and draft.text.strip() != "" and not written.text.startswith(draft.text)


def _lay_aside(draft: Draft, written: Written) -> None:
    aside = {"device": draft.device, "text": draft.text, "at": moment(draft.updated_at)}
    kept = [one for one in draft.others if one["device"] not in {draft.device, written.device}]
    draft.others = [*kept, aside][-MOST_OTHERS:]


def _end_sharing(draft: Draft) -> None:
    draft.shared_at, draft.shared_to = None, None


def _touch(draft: Draft, now: datetime) -> None:
    draft.version += 1
    draft.updated_at = now


def _tell(
    db: Session, talk: Conversation, draft: Draft, kind: str, actor: Operator, now: datetime
) -> None:
    entry = journal.Entry(
        talk.account_id,
        kind,
        {"draft": shared_row(db, draft)},
        journal.actor_of(actor),
        now,
        conversation_id=talk.id,
        customer_id=talk.customer_id,
    )
    journal.record(db, entry)
