"""Which talks a list shows: a view, narrowed by what somebody asks for.

Within one kind of condition any of the named will do (one tag or another); the kinds narrow each
other. The console has the same rule in `console/web/src/desk/views.ts`, so that lists stay live;
`tests/laws/test_list_law.py` holds the two together.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Select, literal_column, or_, select
from sqlmodel import col

from storage.models.people import CustomerTag, Tag
from storage.models.talks import Conversation

View = Literal["mine", "unassigned", "waiting", "pending", "snoozed", "bot", "done", "all"]
VIEWS: tuple[View, ...] = get_args(View)
WITH_PEOPLE = ("waiting", "active", "pending", "snoozed")
ME, NOBODY = "me", "none"  # among the assignees, beside operators' ids


@dataclass(frozen=True, slots=True)
class Scope:
    """What one operator may see. accounts None: every account."""

    operator_id: str
    accounts: frozenset[str] | None = None

    def allows(self, account_id: str) -> bool:
        """Whether an account is on this side of the wall."""
        return self.accounts is None or account_id in self.accounts


@dataclass(frozen=True, slots=True)
class Filter:
    """Which talks of a view. An empty set asks for nothing.

    assignees: operators' ids, ME, NOBODY. waiting_before: they wait since then, or longer.
    is_unanswered: the customer waits for a person. among: of these talks only.
    """

    view: View = "all"
    account: str | None = None
    queue: str | None = None
    tags: frozenset[str] = field(default=frozenset())
    statuses: frozenset[str] = field(default=frozenset())
    assignees: frozenset[str] = field(default=frozenset())
    waiting_before: datetime | None = None
    is_unseen: bool = False
    is_unanswered: bool = False
    among: frozenset[str] | None = None


def conditions_of(scope: Scope, wanted: Filter) -> list[ColumnElement[bool]]:
    """What a talk must fulfil; to stand on this side of the wall, before all."""
    return [
        *_of_wall(scope),
        *_of_view(scope, wanted.view),
        *_of_place(wanted),
        *_of_wait(wanted),
        *_of_who(scope, wanted),
    ]


def _of_wall(scope: Scope) -> list[ColumnElement[bool]]:
    """A talk with one of us, who is told of things there, is in no list."""
    conditions: list[ColumnElement[bool]] = [col(Conversation.operator_id).is_(None)]
    if scope.accounts is not None:
        conditions.append(col(Conversation.account_id).in_(scope.accounts))
    return conditions


def _of_view(scope: Scope, view: View) -> list[ColumnElement[bool]]:
    status = col(Conversation.status)
    match view:
        case "all":
            return []
        case "mine":
            return [col(Conversation.assignee_id) == scope.operator_id, status != "done"]
        case "unassigned":
            return [col(Conversation.assignee_id).is_(None), status.in_(WITH_PEOPLE)]
        case _:
            return [status == view]


def _of_place(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.account is not None:
        conditions.append(col(Conversation.account_id) == wanted.account)
    if wanted.queue is not None:
        conditions.append(col(Conversation.queue) == wanted.queue)
    if wanted.tags:
        conditions.append(col(Conversation.customer_id).in_(_tagged(wanted.tags)))
    if wanted.among is not None:
        conditions.append(col(Conversation.id).in_(wanted.among))
    return conditions


def _of_wait(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.waiting_before is not None:
        conditions.append(col(Conversation.waiting_since) <= wanted.waiting_before)
    if wanted.is_unanswered:
        conditions.append(col(Conversation.waiting_since).is_not(None))
    if wanted.is_unseen:
        conditions.append(col(Conversation.unseen_count) > literal_column("0"))
    if wanted.statuses:
        conditions.append(col(Conversation.status).in_(wanted.statuses))
    return conditions


def _of_who(scope: Scope, wanted: Filter) -> list[ColumnElement[bool]]:
    if not wanted.assignees:
        return []
    assignee = col(Conversation.assignee_id)
    people = wanted.assignees - {ME, NOBODY}
    if ME in wanted.assignees:
        people |= {scope.operator_id}
    ways: list[ColumnElement[bool]] = [assignee.in_(people)] if people else []
    if NOBODY in wanted.assignees:
        ways.append(assignee.is_(None))
    return [or_(*ways)]


def _tagged(tags: frozenset[str]) -> Select[Any]:
    return (
        select(col(CustomerTag.customer_id))
        .join(Tag, col(Tag.id) == col(CustomerTag.tag_id))
        .where(col(Tag.name).in_(tags))
    )
