"""The broadcasts' part of the API's table: leaders read, managers write and send."""

from console import bodies
from console import broadcast_bodies as cast
from console.api import broadcast_pictures, broadcast_reach, broadcasts
from console.api.route import MADE, Route

_ONE = "/broadcasts/<broadcast_id>"
_CALL = f"{_ONE}/calls/<call_id>"

BROADCAST_ROUTES = (
    Route(
        "GET", "/broadcasts", "supervisor", broadcasts.list_all,
        query=("account", "cursor"), lists=("status",), schema="broadcast_page",
    ),
    Route(
        "POST", "/broadcasts", "manager", broadcasts.create, cast.NewBroadcast,
        schema="whole_broadcast", statuses=MADE,
    ),
    Route(
        "POST", "/broadcasts/pictures", "manager", broadcast_pictures.add,
        schema="broadcast_picture", statuses=MADE, form=("account", "client_upload_id", "file"),
    ),
    Route("GET", _ONE, "supervisor", broadcasts.get, schema="whole_broadcast"),
    Route(
        "PUT", _ONE, "manager", broadcasts.change, cast.BroadcastChange, schema="whole_broadcast"
    ),
    Route("DELETE", _ONE, "manager", broadcasts.remove, cast.BroadcastVersion),
    Route(
        "POST", f"{_ONE}/copy", "manager", broadcasts.copy, cast.BroadcastCopy,
        schema="whole_broadcast", statuses=MADE,
    ),
    Route(
        "POST", f"{_ONE}/test", "manager", broadcast_reach.test, cast.BroadcastTest,
        schema="broadcast_test", limit="send",
    ),
    Route(
        "POST", f"{_ONE}/schedule", "manager", broadcasts.schedule, cast.BroadcastMoment,
        schema="whole_broadcast", limit="send",
    ),
    Route(
        "POST", f"{_ONE}/unschedule", "manager", broadcasts.unschedule, cast.BroadcastVersion,
        schema="whole_broadcast",
    ),
    Route(
        "POST", f"{_ONE}/pause", "manager", broadcasts.pause, cast.BroadcastVersion,
        schema="whole_broadcast",
    ),
    Route(
        "POST", f"{_ONE}/resume", "manager", broadcasts.resume, cast.BroadcastVersion,
        schema="whole_broadcast", limit="send",
    ),
    Route(
        "POST", f"{_ONE}/cancel", "manager", broadcasts.cancel, cast.BroadcastVersion,
        schema="whole_broadcast",
    ),
    Route(
        "POST", f"{_CALL}/again", "manager", broadcasts.send_again, bodies.Nothing,
        schema="whole_broadcast", limit="send",
    ),
    Route(
        "POST", f"{_CALL}/leave", "manager", broadcasts.leave, bodies.Nothing,
        schema="whole_broadcast",
    ),
    Route(
        "GET", "/accounts/<account_id>/audience", "supervisor", broadcast_reach.audience,
        schema="audience",
    ),
    Route(
        "GET", "/customers/<customer_id>/broadcasts", "viewer", broadcast_reach.of_customer,
        schema="got_broadcast_page",
    ),
)  # fmt: skip
