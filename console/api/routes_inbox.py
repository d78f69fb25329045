"""The inbox's part of the API's table: lists of talks, what is done to many, saved views."""

from console import bodies, bulk_bodies, list_bodies
from console.api import bulk, moves, notes, saved_views, talks
from console.api.route import MADE, Route

_TALK = "/conversations/<talk_id>"
_NOTE = "/notes/<note_id>"
_VIEW = "/saved-views/<view_id>"
LIST_QUERY = (
    "view", "account", "queue", "waited", "unseen", "unanswered", "sort", "q", "cursor", "limit"
)  # fmt: skip

INBOX_ROUTES = (
    Route(
        "GET", "/conversations", "viewer", talks.list_talks,
        query=LIST_QUERY, lists=list_bodies.LISTS, schema="conversation_page",
    ),
    Route(
        "POST", "/conversations/bulk", "operator", bulk.run, bulk_bodies.Bulk,
        schema="bulk_outcomes",
    ),
    Route(
        "POST", f"{_TALK}/unseen", "operator", moves.mark_unseen, bodies.Nothing,
        schema="conversation",
    ),
    Route(
        "POST", f"{_TALK}/reopen", "operator", moves.reopen, bodies.Nothing, schema="conversation"
    ),
    Route("POST", f"{_TALK}/wake", "operator", moves.wake, bodies.Nothing, schema="conversation"),
    Route("GET", f"{_TALK}/notes", "viewer", notes.list_notes, schema="note_page"),
    Route(
        "POST", f"{_TALK}/notes", "operator", notes.add, bodies.NewNote,
        schema="note", statuses=MADE,
    ),
    Route("PATCH", _NOTE, "operator", notes.edit, bodies.NoteChange, schema="note"),
    Route("DELETE", _NOTE, "operator", notes.remove, bodies.NoteVersion, schema="note"),
    Route(
        "GET", "/me/mentions", "viewer", notes.list_own_mentions,
        query=("account", "unseen", "cursor", "limit"), schema="mention_page",
    ),
    Route(
        "POST", "/me/mentions/seen", "viewer", notes.see_own_mentions, bodies.MentionsSeen,
        schema="unseen_mentions",
    ),
    Route("GET", "/saved-views", "viewer", saved_views.list_all, schema="saved_view_page"),
    Route(
        "POST", "/saved-views", "viewer", saved_views.add, list_bodies.NewView,
        schema="saved_view", statuses=(201,),
    ),
    Route("PUT", "/saved-views", "viewer", saved_views.order, list_bodies.ViewOrder),
    Route("PUT", _VIEW, "viewer", saved_views.change, list_bodies.ViewChange, schema="saved_view"),
    Route("DELETE", _VIEW, "viewer", saved_views.remove, list_bodies.ViewRemoval),
    Route(
        "POST", f"{_VIEW}/restore", "viewer", saved_views.restore, bodies.Nothing,
        schema="saved_view",
    ),
)  # fmt: skip
