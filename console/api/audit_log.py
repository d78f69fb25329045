"""The history of what was done at the console, for managers who see every account."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from console.door import Asker, House, Row
from console.refusals import Forbidden
from storage import audit, rows
from storage.audit import Wanted
from storage.models.audit import AuditRow

KINDS: dict[str, tuple[str, ...]] = {
    "sign_ins": (
        "signed_in", "signed_out", "sign_in_failed", "code_failed", "proof_failed", "denied",
        "session_ended", "sessions_ended",
    ),
    "people": (
        "operator_added", "invited", "invitation_link_made", "invitation_withdrawn", "joined",
        "role_changed", "accounts_changed", "queues_changed", "name_changed", "disabled",
        "enabled", "account_added", "account_changed", "secret_added", "secret_retired",
        "friend_linked", "friend_unlinked",
    ),
    "secrets": (
        "password_link_made", "password_reset", "password_changed", "codes_on", "codes_moved",
        "codes_off", "codes_reset", "codes_required", "recovery_renewed", "key_changed",
    ),
    "desk": ("desk_rules_changed", "desk_out", "desk_back", "events_requeued"),
    "flows": ("flows_published", "flow_rolled_back"),
    "reports": ("report_exported", "satisfaction_chosen"),
    "broadcasts": (
        "broadcast_created", "broadcast_deleted", "broadcast_scheduled", "broadcast_unscheduled",
        "broadcast_paused", "broadcast_resumed", "broadcast_cancelled", "broadcast_sent_again",
        "broadcast_left",
    ),
    "replies": ("reply_added", "reply_changed", "reply_removed", "reply_restored"),
    "notes": ("note_deleted",),
    "views": ("view_shared", "shared_view_changed", "shared_view_removed", "shared_view_restored"),
}  # fmt: skip


def list_deeds(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """What was done, newest first; `what` is a group of kinds, `to` is exclusive."""
    if asker.scope.accounts is not None:  # it tells of people behind other walls too
        raise Forbidden
    what = query.get("what")
    if what is not None and what not in KINDS:
        raise ValueError(f"what is one of {', '.join(KINDS)}")
    wanted = Wanted(
        who=query.get("who"),
        kinds=KINDS.get(what or "", ()),
        since=_moment(query.get("since")),
        to=_moment(query.get("to")),
    )

    def read(db: Session) -> Row:
        found, after = audit.list_rows(db, wanted, query.get("cursor"))
        return {"items": [_deed(row) for row in found], "next": after}

    row: Row = house.beside(lambda: house.store.read(read))
    return row


def _moment(text: str | None) -> datetime | None:
    """Raises ValueError for what is no moment, or one without its zone."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment


def _deed(row: AuditRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": rows.moment(row.at),
        "kind": row.kind,
        "actor": {"kind": row.actor_kind, "id": row.actor_id, "name": row.actor_name},
        "target": None if row.target_id is None else {"id": row.target_id, "name": row.target_name},
        "address": row.address,
        "params": row.params,
    }
