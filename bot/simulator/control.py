"""What a test or the phone does: make friends talk, look at screens, break things, move time."""

import math
from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator.deeds import Refused, do
from bot.simulator.faults import BadFault, parse_fault
from bot.simulator.state import Friend, SimAccount, Simulator
from bot.simulator.webhooks import Webhooks

Answer = tuple[dict[str, Any], int] | Response


def control_api(simulator: Simulator) -> Blueprint:
    """`/sim/v1/…`."""
    blueprint = Blueprint("control", __name__, url_prefix="/sim/v1")
    webhooks = Webhooks(simulator)
    for refusal in (Refused, BadFault):
        blueprint.register_error_handler(refusal, lambda error: ({"message": str(error)}, 400))
    _add_accounts(blueprint, simulator, webhooks)
    _add_friends(blueprint, simulator)
    _add_phones(blueprint, simulator, webhooks)
    _add_faults(blueprint, simulator, webhooks)
    _add_levers(blueprint, simulator)
    return blueprint


def _add_accounts(blueprint: Blueprint, simulator: Simulator, webhooks: Webhooks) -> None:
    @blueprint.post("/accounts")
    def add_account() -> Answer:
        given = _texts("id", "secret", "token", "webhook_url")
        plan_limit = _json().get("plan_limit")
        is_count = isinstance(plan_limit, int) and not isinstance(plan_limit, bool)
        if plan_limit is not None and not (is_count and plan_limit >= 0):
            raise Refused("plan_limit is a whole number of messages a month, or null for no limit")
        id_, secret, token, webhook_url = given.values()
        simulator.add_account(SimAccount(id_, secret, token, webhook_url, plan_limit))
        return {"id": id_}, 201

    @blueprint.get("/accounts")
    def list_accounts() -> Response:
        return jsonify([{"id": account.id} for account in simulator.accounts.values()])

    @blueprint.post("/accounts/<account_id>/events")
    def deliver(account_id: str) -> Answer:
        """One delivery of any events: groups, rooms, standby, kinds that nobody knows yet."""
        events = _json("events")["events"]
        if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
            raise Refused("events is a list of JSON objects")
        account = _account(simulator, account_id)
        whole = [webhooks.complete(event) for event in events]
        return {"status": webhooks.deliver(account, whole)}, 200


def _add_friends(blueprint: Blueprint, simulator: Simulator) -> None:
    @blueprint.post("/friends")
    def add_friend() -> Answer:
        given = _texts("account", "name")
        account = _account(simulator, given["account"])
        return _shown(simulator.add_friend(account.id, given["name"])), 201

    @blueprint.get("/friends")
    def list_friends() -> Response:
        return jsonify([_shown(friend) for friend in simulator.friends.values()])


def _add_phones(blueprint: Blueprint, simulator: Simulator, webhooks: Webhooks) -> None:
    @blueprint.get("/friends/<user>/screen")
    def screen(user: str) -> Response:
        return jsonify(_friend(simulator, user).screen)

    @blueprint.post("/friends/<user>/redeliver")
    def redeliver(user: str) -> Answer:
        return {"status": webhooks.send_again(_friend(simulator, user))}, 200

    @blueprint.post("/friends/<user>/<deed>")
    def act(user: str, deed: str) -> Answer:
        friend = _friend(simulator, user)
        given = request.get_json(silent=True)
        event = do(simulator, friend, deed, given if isinstance(given, dict) else {})
        return {"status": webhooks.send(friend, event)}, 200


def _add_faults(blueprint: Blueprint, simulator: Simulator, webhooks: Webhooks) -> None:
    @blueprint.post("/faults")
    def add_fault() -> Answer:
        fault = parse_fault(_json("kind"))
        with simulator.lock:
            simulator.faults.append(fault)
        return {}, 201

    @blueprint.delete("/faults")
    def clear_faults() -> Answer:
        """Nothing is broken any more; what was kept back by `reorder` goes out now."""
        with simulator.lock:
            simulator.faults.clear()
        webhooks.release()
        return {}, 200


def _add_levers(blueprint: Blueprint, simulator: Simulator) -> None:
    @blueprint.get("/revision")
    def revision() -> Response:
        return jsonify({"revision": simulator.revision})

    @blueprint.get("/log")
    def calls() -> Response:
        return jsonify(simulator.log)

    @blueprint.post("/clock")
    def advance() -> Answer:
        seconds = _json("advance_s")["advance_s"]
        is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
        if not is_number or not math.isfinite(seconds) or seconds < 0:
            raise Refused("advance_s is a number of seconds; time does not run backwards")
        simulator.advanced_s += seconds
        return {"now": simulator.now()}, 200


def _json(*required: str) -> dict[str, Any]:
    tree = request.get_json(silent=True)
    if not isinstance(tree, dict) or any(key not in tree for key in required):
        raise Refused(f"a JSON object with {', '.join(required)} is wanted")
    return tree


def _texts(*required: str) -> dict[str, str]:
    tree = _json(*required)
    found = {key: tree[key] for key in required}
    for key, value in found.items():
        if not isinstance(value, str) or not value:
            raise Refused(f"{key} is a text")
    return found


def _account(simulator: Simulator, account_id: str) -> SimAccount:
    account = simulator.accounts.get(account_id)
    if account is None:
        raise Refused(f"there is no account {account_id!r}")
    return account


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
