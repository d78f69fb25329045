"""Webhooks as LINE sends them: signed, in order for each friend, given up after two seconds."""

import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import urllib3

from bot.simulator.faults import find_fault
from bot.simulator.state import Friend, ReplyToken, SimAccount, Simulator

log = logging.getLogger(__name__)

TIMEOUT_S = 2.0
REPLYABLE = frozenset(
    {"message", "messageEdited", "follow", "postback", "beacon", "accountLink", "membership",
     "things", "videoPlayComplete"}
)  # fmt: skip
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
Event = dict[str, Any]


class Webhooks:
    """Sends events to an account's webhook and tells how it went.

    Faults: `copies` sends a delivery again, `redeliver` sends it again when the answer was not
    2xx, `reorder` keeps events back until a later one has gone.
    """

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._last: dict[str, Event] = {}
        self._held: dict[str, list[Event]] = {}
        self._pool = urllib3.PoolManager(maxsize=64, retries=False)

    def send(self, friend: Friend, event: Mapping[str, Any]) -> int | None:
        """Send one event of a friend; the status, None when there was no answer in time."""
        source = {"type": "user", "userId": friend.user_id}
        whole = self.complete({**event, "source": source})
        if event["type"] in REPLYABLE:
            whole["replyToken"] = self._new_token(friend)
        self._last[friend.user_id] = whole
        account = self._simulator.accounts[friend.account]
        status = None
        for events in self._in_order(account, whole):
            status = self.deliver(account, events)
        return status

    def send_again(self, friend: Friend) -> int | None:
        """Deliver a friend's newest event once more, as LINE does when it was not acknowledged."""
        last = self._last.get(friend.user_id)
        if last is None:
            return None
        return self._post(self._simulator.accounts[friend.account], [_redelivered(last)])

    def deliver(self, account: SimAccount, events: Sequence[Event]) -> int | None:
        """One delivery, with the faults that it meets."""
        status = self._post(account, events)
        if not _is_acknowledged(status):
            status = self._redeliver(account, events, status)
        for _ in range(self._copies()):
            self._post(account, events)
        return status

    def release(self) -> None:
        """Send what was kept back and never overtaken."""
        with self._simulator.lock:
            held, self._held = self._held, {}
        for account_id, events in held.items():
            for event in events:
                self.deliver(self._simulator.accounts[account_id], [event])

    def complete(self, event: Mapping[str, Any]) -> Event:
        """An event with all that every event has; what it has already stays."""
        return {
            "mode": "active",
            "timestamp": int(self._simulator.now() * 1000),
            "webhookEventId": "01" + "".join(secrets.choice(_CROCKFORD) for _ in range(24)),
            "deliveryContext": {"isRedelivery": False},
            **event,
        }

    def _new_token(self, friend: Friend) -> str:
        token = secrets.token_hex(16)
        with self._simulator.lock:
            made = ReplyToken(friend.user_id, friend.account, self._simulator.now())
            self._simulator.tokens[token] = made
        return token

    def _in_order(self, account: SimAccount, event: Event) -> list[list[Event]]:
        """The deliveries that an event makes: none when it is kept back, else those it overtakes
        come after it, the newest first."""
        with self._simulator.lock:
            fault = find_fault(self._simulator.faults, "reorder")
            held = self._held.setdefault(account.id, [])
            if fault is not None and fault.times > 0:
                fault.times -= 1
                held.append(event)
                return []
            if fault is not None:
                self._simulator.faults.remove(fault)
            self._held[account.id] = []
        events = [event, *reversed(held)]
        return [events] if fault is not None and fault.together else [[one] for one in events]

    def _redeliver(
        self, account: SimAccount, events: Sequence[Event], status: int | None
    ) -> int | None:
        fault = find_fault(self._simulator.faults, "redeliver")
        again = [_redelivered(event) for event in events]
        for _ in range(fault.times if fault is not None else 0):
            status = self._post(account, again)
            if _is_acknowledged(status):
                break
        return status

    def _copies(self) -> int:
        with self._simulator.lock:
            fault = find_fault(self._simulator.faults, "copies")
            if fault is None:
                return 0
            self._simulator.faults.remove(fault)
            return fault.times

    def _post(self, account: SimAccount, events: Sequence[Event]) -> int | None:
        tree = {"destination": account.bot_user_id, "events": list(events)}
        body = json.dumps(tree, ensure_ascii=False).encode()
        for event in events:
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


def _is_acknowledged(status: int | None) -> bool:
    return status is not None and 200 <= status < 300  # noqa: PLR2004 # LINE wants a 2xx


def _redelivered(event: Event) -> Event:
    return {**event, "deliveryContext": {"isRedelivery": True}}
