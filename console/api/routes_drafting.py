"""The API's lines for what staff write before it goes out, and for what the month has left."""

from console import bodies, drafting_bodies
from console.api import drafts, opening, quotas, scheduled, talk_colleagues, undoing
from console.api.route import MADE, Route

_TALK = "/conversations/<talk_id>"
_DRAFT = f"{_TALK}/draft"
_SCHEDULED = "/scheduled/<scheduled_id>"

DRAFTING_ROUTES = (
    Route("GET", "/quota", "viewer", quotas.list_quotas, schema="quota_page"),
    Route("GET", "/opening", "viewer", opening.next_opening, schema="opening"),
    Route("GET", "/me/drafts", "operator", drafts.list_own, schema="own_draft_page"),
    Route("GET", _DRAFT, "viewer", drafts.get, schema="drafts_of_talk"),
    Route(
        "PUT", _DRAFT, "operator", drafts.save, drafting_bodies.DraftSave, schema="own_draft"
    ),
    Route(
        "POST", f"{_DRAFT}/settle", "operator", drafts.settle, drafting_bodies.DraftSettle,
        schema="own_draft",
    ),
    Route(
        "POST", f"{_DRAFT}/share", "operator", drafts.share, drafting_bodies.DraftShare,
        schema="own_draft",
    ),
    Route(
        "POST", f"{_DRAFT}/take", "operator", drafts.take, drafting_bodies.DraftTake,
        schema="taken_draft",
    ),
    Route(
        "GET", f"{_TALK}/colleagues", "operator", talk_colleagues.list_colleagues,
        schema="operator_page",
    ),
    Route(
        "POST", "/messages/<message_id>/cancel", "operator", undoing.cancel, bodies.Nothing,
        schema="message_page",
    ),
    Route(
        "GET", "/scheduled", "viewer", scheduled.list_scheduled,
        query=("conversation",), schema="scheduled_page",
    ),
    Route(
        "POST", f"{_TALK}/scheduled", "operator", scheduled.add, drafting_bodies.NewScheduled,
        schema="scheduled", statuses=MADE, limit="send",
    ),
    Route(
        "PATCH", _SCHEDULED, "operator", scheduled.change, drafting_bodies.ScheduledChange,
        schema="scheduled",
    ),
    Route(
        "POST", f"{_SCHEDULED}/send", "operator", scheduled.send,
        drafting_bodies.ScheduledVersion, schema="scheduled", limit="send",
    ),
    Route(
        "DELETE", _SCHEDULED, "operator", scheduled.remove, drafting_bodies.ScheduledVersion,
        schema="scheduled",
    ),
)  # fmt: skip
