"""What browsers ask of a list of talks, in an address or as a saved view, and what they save."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from console.bodies import MAX_SEQ, Body, Id
from console.checking import checked
from storage.lifecycle import Status
from storage.saved_views import MOST, Kept
from storage.talk_filters import Filter, View
from storage.talk_order import Sort

MOST_OF_A_KIND = 50
LONGEST_WAIT_MIN = 60 * 24 * 365
Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Words = Annotated[
    list[Word],
    Field(max_length=MOST_OF_A_KIND),
    AfterValidator(lambda words: list(dict.fromkeys(words))),
]


class ListQuery(Body):
    """A filter and an order. waited: minutes at least. assignee: ids, `me`, `none`."""

    view: View = "all"
    account: Word | None = None
    queue: Word | None = None
    tag: Words = Field(default=[])
    status: list[Status] = Field(default=[], max_length=6)
    assignee: Words = Field(default=[])
    waited: Annotated[int, Field(ge=1, le=LONGEST_WAIT_MIN)] | None = None
    unseen: bool = False
    unanswered: bool = False
    sort: Sort = "wait"

    def as_filter(self, now: datetime, among: frozenset[str] | None = None) -> Filter:
        """The same for the storage, at a moment."""
        waited = None if self.waited is None else now - timedelta(minutes=self.waited)
        return Filter(
            view=self.view,
            account=self.account,
            queue=self.queue,
            tags=frozenset(self.tag),
            statuses=frozenset(self.status),
            assignees=frozenset(self.assignee),
            waiting_before=waited,
            is_unseen=self.unseen,
            is_unanswered=self.unanswered,
            among=among,
        )


LISTS = ("tag", "status", "assignee")  # may be there several times in an address


def read_list_query(query: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> ListQuery:
    """What an address asks for; its other parameters are not looked at. Raises ValueError."""
    asked: dict[str, Any] = {k: query[k] for k in ListQuery.model_fields if k in query}
    return checked(ListQuery, {**asked, **{name: lists[name] for name in LISTS if name in lists}})


ViewName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Version = Annotated[int, Field(ge=1, le=MAX_SEQ)]


class NewView(Body):
    """POST /saved-views."""

    name: ViewName
    query: ListQuery
    is_shared: bool = False

    def as_kept(self) -> Kept:
        """The same for the storage: only what differs from a list that asks for nothing."""
        query = self.query.model_dump(exclude_defaults=True)
        return Kept(self.name, query, self.query.account, self.is_shared)


class ViewChange(NewView):
    """PUT /saved-views/<id>. version: of what was read."""

    version: Version


class ViewRemoval(Body):
    """DELETE /saved-views/<id>."""

    version: Version


class ViewOrder(Body):
    """PUT /saved-views: one's own, or the shared ones, in this order."""

    ids: Annotated[list[Id], Field(max_length=MOST)]
    is_shared: bool = False
