"""Webhooks as LINE sends them: signed, in order for each friend, given up after two seconds."""

import json
import logging
import secrets
from collections.abc import Mapping
from typing import Any

import urllib3

from bot.simulator.state import Friend, ReplyToken, Simulator

log = logging.getLogger(__name__)

TIMEOUT_S = 2.0
REPLYABLE = frozenset({"message", "follow", "postback"})
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Webhooks:
    """Sends events to an account's webhook and tells how it went."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._last: dict[str, dict[str, Any]] = {}
        self._pool = urllib3.PoolManager(maxsize=64, retries=False)

    def send(self, friend: Friend, event: Mapping[str, Any]) -> int | None:
        """Send one event; the status, None when there was no answer in time.

        Faults: `copies` sends it again, `redeliver` sends it again when the answer was not 2xx.
        """
        whole = self._complete(friend, event)
        self._last[friend.user_id] = whole
        status = self._post(friend, whole)
        if status is None or not 200 <= status < 300:  # noqa: PLR2004 # LINE wants a 2xx
            status = self._redeliver(friend, whole, status)
        for _ in range(self._copies()):
            self._post(friend, whole)
        return status

    def send_again(self, friend: Friend) -> int | None:
        """Deliver a friend's newest event once more, as LINE does when it was not acknowledged."""
        last = self._last.get(friend.user_id)
        if last is None:
            return None
        return self._post(friend, {**last, "deliveryContext": {"isRedelivery": True}})

    def _complete(self, friend: Friend, event: Mapping[str, Any]) -> dict[str, Any]:
        simulator = self._simulator
        whole: dict[str, Any] = {
            **event,
            "mode": "active",
            "timestamp": int(simulator.now() * 1000),
            "source": {"type": "user", "userId": friend.user_id},
            "webhookEventId": "01" + "".join(secrets.choice(_CROCKFORD) for _ in range(24)),
            "deliveryContext": {"isRedelivery": False},
        }
        if event["type"] in REPLYABLE:
            token = secrets.token_hex(16)
            whole["replyToken"] = token
            with simulator.lock:
                simulator.tokens[token] = ReplyToken(
                    friend.user_id, friend.account, simulator.now()
                )
        return whole

    def _redeliver(self, friend: Friend, whole: dict[str, Any], status: int | None) -> int | None:
        for fault in list(self._simulator.faults):
            if fault["kind"] == "redeliver":
                again = {**whole, "deliveryContext": {"isRedelivery": True}}
                for _ in range(fault.get("times", 1)):
                    status = self._post(friend, again)
                    if status is not None and 200 <= status < 300:  # noqa: PLR2004
                        break
        return status

    def _copies(self) -> int:
        with self._simulator.lock:
            for fault in self._simulator.faults:
                if fault["kind"] == "copies":
                    self._simulator.faults.remove(fault)
                    return int(fault.get("times", 1))
        return 0

    def _post(self, friend: Friend, event: Mapping[str, Any]) -> int | None:
        account = self._simulator.accounts[friend.account]
        tree = {"destination": account.bot_user_id, "events": [event]}
        body = json.dumps(tree, ensure_ascii=False).encode()
        token = self._simulator.tokens.get(str(event.get("replyToken")))
        if token is not None:
            token.received_at = self._simulator.now()
        headers = {"x-line-signature": account.sign(body), "Content-Type": "application/json"}
        try:
            answer = self._pool.request(
                "POST", account.webhook_url, body=body, headers=headers, timeout=TIMEOUT_S
            )
        except urllib3.exceptions.HTTPError as error:
            log.warning("the webhook did not answer: %s", type(error).__name__)
            return None
        return int(answer.status)
