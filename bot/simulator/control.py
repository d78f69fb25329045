"""What a test or the phone does: make friends talk, look at screens, break things, move time."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator.state import Friend, SimAccount, Simulator
from bot.simulator.webhooks import Webhooks

Answer = tuple[dict[str, Any], int] | Response
SENDABLE = ("sticker", "image", "video", "audio", "file", "location")
FAULTS = frozenset(
    {"delay", "error", "rate", "monthly", "reset_before", "reset_after", "redeliver", "copies"}
)


class Refused(Exception):
    """The control API cannot do that."""


def control_api(simulator: Simulator) -> Blueprint:
    """`/sim/v1/…`."""
    blueprint = Blueprint("control", __name__, url_prefix="/sim/v1")
    blueprint.register_error_handler(Refused, lambda error: ({"message": str(error)}, 400))
    _add_people(blueprint, simulator)
    _add_levers(blueprint, simulator)
    return blueprint


def _add_people(blueprint: Blueprint, simulator: Simulator) -> None:
    @blueprint.post("/accounts")
    def add_account() -> Answer:
        given = _json("id", "secret", "token", "webhook_url")
        keys = ("id", "secret", "token", "webhook_url", "plan_limit")
        simulator.add_account(SimAccount(**{key: given[key] for key in keys if key in given}))
        return {"id": given["id"]}, 201

    @blueprint.get("/accounts")
    def list_accounts() -> Response:
        return jsonify([{"id": account.id} for account in simulator.accounts.values()])

    @blueprint.post("/friends")
    def add_friend() -> Answer:
        given = _json("account", "name")
        if given["account"] not in simulator.accounts:
            raise Refused(f"there is no account {given['account']!r}")
        return _shown(simulator.add_friend(given["account"], given["name"])), 201

    @blueprint.get("/friends")
    def list_friends() -> Response:
        return jsonify([_shown(friend) for friend in simulator.friends.values()])

    _add_phones(blueprint, simulator)


def _add_phones(blueprint: Blueprint, simulator: Simulator) -> None:
    webhooks = Webhooks(simulator)

    @blueprint.get("/friends/<user>/screen")
    def screen(user: str) -> Response:
        return jsonify(_friend(simulator, user).screen)

    @blueprint.post("/friends/<user>/redeliver")
    def redeliver(user: str) -> Answer:
        return {"status": webhooks.send_again(_friend(simulator, user))}, 200

    @blueprint.post("/friends/<user>/<deed>")
    def act(user: str, deed: str) -> Answer:
        friend = _friend(simulator, user)
        work = _DEEDS.get(deed)
        if work is None:
            raise Refused(f"a friend cannot {deed!r}; they can {', '.join(_DEEDS)}")
        event = work(simulator, friend, request.get_json(silent=True) or {})
        return {"status": webhooks.send(friend, event)}, 200


def _add_levers(blueprint: Blueprint, simulator: Simulator) -> None:
    @blueprint.get("/revision")
    def revision() -> Response:
        return jsonify({"revision": simulator.revision})

    @blueprint.get("/log")
    def calls() -> Response:
        return jsonify(simulator.log)

    @blueprint.post("/faults")
    def add_fault() -> Answer:
        fault = _json("kind")
        if fault["kind"] not in FAULTS:
            raise Refused(f"the faults are {', '.join(sorted(FAULTS))}")
        with simulator.lock:
            simulator.faults.append(fault)
        return {}, 201

    @blueprint.delete("/faults")
    def clear_faults() -> Answer:
        simulator.faults.clear()
        return {}, 200

    @blueprint.post("/clock")
    def advance() -> Answer:
        simulator.advanced_s += float(_json("advance_s")["advance_s"])
        return {"now": simulator.now()}, 200


def _json(*required: str) -> dict[str, Any]:
    tree = request.get_json(silent=True)
    if not isinstance(tree, dict) or any(key not in tree for key in required):
        raise Refused(f"a JSON object with {', '.join(required)} is wanted")
    return tree


def _friend(simulator: Simulator, user: str) -> Friend:
    friend = simulator.friends.get(user)
    if friend is None:
        raise Refused(f"there is no friend {user!r}")
    return friend


def _shown(friend: Friend) -> dict[str, Any]:
    return {
        "user_id": friend.user_id,
        "account": friend.account,
        "name": friend.name,
        "is_friend": friend.is_friend,
        "is_blocked": friend.is_blocked,
    }


Given = Mapping[str, Any]


def _say(simulator: Simulator, friend: Friend, given: Given) -> dict[str, Any]:
    text = str(given.get("text", ""))
    if not text:
        raise Refused("text is wanted")
    return _message(simulator, friend, {"type": "text", "text": text, "quoteToken": "q"})


def _send(simulator: Simulator, friend: Friend, given: Given) -> dict[str, Any]:
    message = dict(given.get("message") or {})
    if message.get("type") not in SENDABLE:
        raise Refused(f"message.type is one of {', '.join(SENDABLE)}")
    return _message(simulator, friend, {**_PLAIN[message["type"]], **message})


def _message(simulator: Simulator, friend: Friend, message: dict[str, Any]) -> dict[str, Any]:
    shown = simulator.show(friend, {"from": "friend", "message": message})
    message["id"] = shown["id"]
    if message["type"] in {"image", "video", "audio", "file"}:
        simulator.contents[shown["id"]] = (friend.user_id, message["type"], simulator.now())
    return {"type": "message", "message": message}


def _tap(simulator: Simulator, friend: Friend, given: Given) -> dict[str, Any]:
    data, label = str(given.get("data", "")), str(given.get("label", ""))
    if label:
        simulator.show(friend, {"from": "friend", "message": {"type": "text", "text": label}})
    return {"type": "postback", "postback": {"data": data}}


def _pick(_simulator: Simulator, _friend: Friend, given: Given) -> dict[str, Any]:
    params = {key: str(given[key]) for key in ("date", "time", "datetime") if key in given}
    if len(params) != 1:
        raise Refused("one of date, time, datetime is wanted")
    return {"type": "postback", "postback": {"data": str(given.get("data", "")), "params": params}}


def _follow(simulator: Simulator, friend: Friend, _given: Given) -> dict[str, Any]:
    was_blocked, friend.is_friend, friend.is_blocked = friend.is_blocked, True, False
    simulator.changed()
    return {"type": "follow", "follow": {"isUnblocked": was_blocked}}


def _block(simulator: Simulator, friend: Friend, _given: Given) -> dict[str, Any]:
    friend.is_blocked = True
    simulator.changed()
    return {"type": "unfollow"}


def _unsend(simulator: Simulator, friend: Friend, given: Given) -> dict[str, Any]:
    message_id = str(given.get("message_id", ""))
    for item in friend.screen:
        if item["id"] == message_id:
            item["unsent"] = True
    if message_id in simulator.contents:
        simulator.contents[message_id] = (friend.user_id, "gone", simulator.now())
    simulator.changed()
    return {"type": "unsend", "unsend": {"messageId": message_id}}


_DEEDS = {
    "say": _say,
    "send": _send,
    "tap": _tap,
    "pick": _pick,
    "follow": _follow,
    "block": _block,
    "unsend": _unsend,
}
_PLAIN: dict[str, dict[str, Any]] = {
    "sticker": {
        "quoteToken": "q",
        "packageId": "446",
        "stickerId": "1988",
        "stickerResourceType": "STATIC",
        "keywords": ["よろしく"],
    },
    "image": {"quoteToken": "q", "contentProvider": {"type": "line"}},
    "video": {"quoteToken": "q", "contentProvider": {"type": "line"}, "duration": 3000},
    "audio": {"contentProvider": {"type": "line"}, "duration": 3000},
    "file": {"fileName": "見本.txt", "fileSize": 40},
    "location": {
        "title": "見本の場所",
        "address": "東京都千代田区丸の内1-9-1",
        "latitude": 35.6812,
        "longitude": 139.7671,
    },
}
