"""The whole API as one table: method, path, the least role, what comes in, and who answers.

Access is decided here and nowhere else. A route that is not in this table does not exist.
"""

from console import (
    bodies,
    desk_bodies,
    notice_bodies,
    people_bodies,
    preference_bodies,
    reply_bodies,
    upload_bodies,
)
from console.api import (
    audit_log,
    colleagues,
    desk_rules,
    forms,
    house,
    joining,
    lines,
    moves,
    notices,
    own_account,
    people,
    preferences,
    saved_replies,
    search,
    sessions,
    staff,
    talks,
    uploads,
    whole_talk,
)
from console.api.route import MADE, Route, may
from console.api.routes_broadcasts import BROADCAST_ROUTES
from console.api.routes_drafting import DRAFTING_ROUTES
from console.api.routes_flows import FLOW_ROUTES
from console.api.routes_inbox import INBOX_ROUTES
from console.api.routes_watch import WATCH_ROUTES

__all__ = ["OPEN_ROUTES", "ROUTES", "Route", "may"]

_TALK = "/conversations/<talk_id>"
_PERSON = "/customers/<customer_id>"
_REPLY = "/saved-replies/<reply_id>"
_UPLOAD = "/uploads/<upload_id>"
_STAFF = "/staff/<operator_id>"

ROUTES = (
    Route(
        "GET", "/session", "viewer", sessions.current, schema="session", while_enrolling=True
    ),
    Route(
        "PATCH", "/session", "viewer", sessions.change, bodies.SessionChange,
        schema="session", while_enrolling=True,
    ),
    Route(
        "DELETE", "/session", "viewer", sessions.sign_out,
        schema="none", statuses=(204,), while_enrolling=True,
    ),
    Route(
        "POST", "/session/proof", "viewer", sessions.prove, people_bodies.Proof,
        while_enrolling=True,
    ),
    Route(
        "GET", "/me", "viewer", own_account.get, schema="own_account", while_enrolling=True
    ),
    Route(
        "PUT", "/me/password", "viewer", own_account.change_password,
        people_bodies.PasswordChange, schema="new_csrf",
    ),
    Route("GET", "/me/preferences", "viewer", preferences.get_all, schema="preferences"),
    Route(
        "PUT", "/me/preferences/<name>", "viewer", preferences.put,
        preference_bodies.Preference, schema="preference",
    ),
    Route("GET", "/me/notices", "viewer", notices.list_own, schema="notice_page"),
    Route(
        "POST", "/me/notices/seen", "viewer", notices.mark_seen, notice_bodies.NoticesSeen,
        schema="notice_page",
    ),
    Route("GET", "/me/notices/means", "viewer", notices.means, schema="notice_means"),
    Route(
        "POST", "/me/notices/test", "viewer", notices.test, notice_bodies.NoticeTest,
        schema="notice_means",
    ),
    Route("PUT", "/me/push", "viewer", notices.subscribe, notice_bodies.PushGiven),
    Route("DELETE", "/me/push", "viewer", notices.unsubscribe),
    Route(
        "POST", "/me/line", "viewer", notices.make_code, notice_bodies.LineLink,
        schema="friend_code", statuses=(201,),
    ),
    Route("DELETE", "/me/line", "viewer", notices.unlink, schema="notice_means"),
    Route("GET", "/me/sessions", "viewer", own_account.list_sessions, schema="own_session_page"),
    Route("DELETE", "/me/sessions", "viewer", own_account.end_other_sessions),
    Route("DELETE", "/me/sessions/<session_id>", "viewer", own_account.end_session),
    Route(
        "POST", "/me/codes", "viewer", own_account.begin_codes, bodies.Nothing,
        schema="new_codes", is_grave=True, while_enrolling=True,
    ),
    Route(
        "PUT", "/me/codes", "viewer", own_account.confirm_codes, people_bodies.CodeGiven,
        schema="recovery_codes", is_grave=True, while_enrolling=True,
    ),
    Route("DELETE", "/me/codes", "viewer", own_account.turn_codes_off, is_grave=True),
    Route(
        "POST", "/me/codes/recovery", "viewer", own_account.renew_recovery, bodies.Nothing,
        schema="recovery_codes", is_grave=True,
    ),
    *INBOX_ROUTES,
    Route(
        "GET", "/conversations/counts", "viewer", talks.count_talks,
        query=("account",), schema="counts",
    ),
    Route("GET", _TALK, "viewer", talks.get_talk, schema="detail"),
    Route("GET", f"{_TALK}/whole", "viewer", whole_talk.get, schema="whole_talk"),
    Route(
        "GET", "/search", "viewer", search.find,
        query=("q", "kind", "account", "conversation", "after", "limit"),
        schema="search_page", limit="search",
    ),
    Route(
        "GET", f"{_TALK}/messages", "viewer", lines.list_messages,
        query=("before", "after", "around", "limit"), schema="message_page",
    ),
    Route(
        "GET", f"{_TALK}/messages/on", "viewer", lines.find_day,
        query=("date",), schema="line_place",
    ),
    Route(
        "POST", "/media/<media_id>/fetch", "operator", lines.fetch_again, bodies.Nothing,
        schema="message",
    ),
    Route(
        "POST", f"{_TALK}/messages", "operator", talks.send, bodies.Send,
        schema="message", statuses=MADE, limit="send",
    ),
    Route("POST", f"{_TALK}/take", "operator", moves.take, bodies.Take, schema="conversation"),
    Route(
        "POST", f"{_TALK}/assign", "operator", moves.assign, bodies.Assign, schema="conversation"
    ),
    Route(
        "POST", f"{_TALK}/resolve", "operator", moves.resolve, bodies.Nothing,
        schema="conversation",
    ),
    Route(
        "POST", f"{_TALK}/return", "operator", moves.give_back, bodies.Nothing,
        schema="conversation",
    ),
    Route(
        "POST", f"{_TALK}/snooze", "operator", moves.snooze, bodies.Snooze, schema="conversation"
    ),
    Route("POST", f"{_TALK}/seen", "operator", moves.mark_seen, bodies.Seen, schema="conversation"),
    Route(
        "POST", f"{_TALK}/start", "operator", talks.start_flow, bodies.Start, statuses=(202,),
        limit="send",
    ),
    Route(
        "POST", f"{_TALK}/forms", "operator", forms.make, bodies.Start,
        schema="form", statuses=(201,),
    ),
    Route(
        "POST", f"{_TALK}{_REPLY}/fill", "operator", saved_replies.fill, bodies.Nothing,
        schema="filled_reply",
    ),
    Route(
        "GET", "/saved-replies", "operator", saved_replies.list_all,
        query=("account", "q"), schema="saved_reply_page",
    ),
    Route(
        "POST", "/saved-replies", "supervisor", saved_replies.add, reply_bodies.NewReply,
        schema="saved_reply", statuses=(201,),
    ),
    Route(
        "POST", "/saved-replies/preview", "supervisor", saved_replies.preview,
        reply_bodies.ReplyText, schema="reply_preview",
    ),
    Route(
        "PUT", _REPLY, "supervisor", saved_replies.change, reply_bodies.ReplyChange,
        schema="saved_reply",
    ),
    Route("DELETE", _REPLY, "supervisor", saved_replies.remove, reply_bodies.ReplyRemoval),
    Route(
        "POST", f"{_REPLY}/restore", "supervisor", saved_replies.restore, bodies.Nothing,
        schema="saved_reply",
    ),
    Route(
        "POST", "/uploads", "operator", uploads.add, schema="upload", statuses=MADE,
        form=("conversation_id", "client_upload_id", "file", "poster"),
    ),
    Route(
        "PATCH", _UPLOAD, "operator", uploads.rename, upload_bodies.UploadName, schema="upload"
    ),
    Route("DELETE", _UPLOAD, "operator", uploads.withdraw),
    Route(
        "POST", "/deliveries/<delivery_id>/send_anyway", "operator", talks.send_anyway,
        bodies.Nothing, schema="message_page", limit="send",
    ),
    Route(
        "POST", "/deliveries/<delivery_id>/give_up", "operator", talks.give_up,
        bodies.Nothing, schema="message_page",
    ),
    Route("GET", _PERSON, "viewer", people.get_customer, schema="customer"),
    Route(
        "PATCH", _PERSON, "operator", people.change_customer, bodies.CustomerChange,
        schema="customer",
    ),
    Route("PUT", f"{_PERSON}/tags/<path:tag>", "operator", people.put_tag, schema="customer"),
    Route("DELETE", f"{_PERSON}/tags/<path:tag>", "operator", people.take_tag, schema="customer"),
    Route(
        "GET", f"{_PERSON}/timeline", "viewer", people.timeline,
        query=("cursor",), schema="timeline_page",
    ),
    Route("GET", "/operators", "viewer", house.operators, schema="operator_page"),
    Route("GET", "/house", "viewer", house.describe, schema="house"),
    *FLOW_ROUTES,
    Route("GET", "/desk/rules", "supervisor", desk_rules.get, schema="desk_rules"),
    Route(
        "PUT", "/desk/rules", "manager", desk_rules.put, desk_bodies.RulesChange,
        schema="desk_rules",
    ),
    Route("GET", "/desk/people", "viewer", colleagues.list_all, schema="colleague_page"),
    Route(
        "PUT", "/desk/people/<operator_id>", "operator", colleagues.change,
        desk_bodies.Standing, schema="colleague_changed",
    ),
    Route("GET", "/staff", "manager", staff.list_staff, schema="staff_page"),
    Route(
        "POST", "/staff", "manager", staff.invite, people_bodies.Invitation,
        schema="person_link", statuses=(201,), is_grave=True,
    ),
    Route(
        "PATCH", _STAFF, "manager", staff.change, people_bodies.PersonChange,
        schema="person", is_grave=True,
    ),
    Route("DELETE", _STAFF, "manager", staff.withdraw, is_grave=True),
    Route(
        "POST", f"{_STAFF}/link", "manager", staff.make_link, bodies.Nothing,
        schema="person_link", statuses=(201,), is_grave=True,
    ),
    Route(
        "DELETE", f"{_STAFF}/codes", "manager", staff.reset_codes, schema="person", is_grave=True
    ),
    Route("DELETE", f"{_STAFF}/sessions", "manager", staff.end_sessions, schema="person"),
    Route(
        "PUT", "/staff/rules/<role>", "manager", staff.set_rule, people_bodies.RoleNeeds,
        schema="role_rules", is_grave=True,
    ),
    Route(
        "GET", "/audit", "manager", audit_log.list_deeds,
        query=("who", "what", "since", "to", "cursor"), schema="deed_page",
    ),
    *BROADCAST_ROUTES,
    *DRAFTING_ROUTES,
    *WATCH_ROUTES,
)  # fmt: skip

# Who is not signed in comes here: no session and no token of it; the Origin is checked.
OPEN_ROUTES = (
    Route("POST", "/session", "nobody", sessions.sign_in, people_bodies.SignIn, schema="session"),
    Route("POST", "/join/look", "nobody", joining.look, people_bodies.Link, schema="joining"),
    Route("POST", "/join", "nobody", joining.join, people_bodies.Join, schema="joined"),
)
