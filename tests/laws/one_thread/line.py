"""LINE, as the product meets it: the real simulator, reached without a socket, on our clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import urllib3
from flask import Flask

from bot.simulator import deeds
from bot.simulator.app import create_app
from bot.simulator.faults import Fault
from bot.simulator.state import TOKEN_DEAD_AFTER_S, Friend, SimAccount, Simulator
from bot.simulator.webhooks import Event, Webhooks
from tests import given
from tests.bot.openapi import FOLDER
from tests.laws.one_thread.drawn import Drawn
from tests.laws.one_thread.processes import Flights

OF_SIMULATOR = {"error", "error_after", "rate", "monthly"}
NEVER_ARRIVES, ANSWER_LOST, REFUSED, TOKEN_DEAD = "unreached", "lost", "refused", "token_dead"
FAULTS = (*sorted(OF_SIMULATOR), NEVER_ARRIVES, ANSWER_LOST, REFUSED, TOKEN_DEAD)
URL = "http://the-product/line/{}/webhook"
REFUSAL = (
    b'{"message": "The request body has 1 error(s)", "details": [{"property": "messages[0]"}]}'
)


@dataclass
class Letter:
    """An event on its way to the webhook. answered: with a 2xx."""

    account: str
    event: Event
    is_answered: bool = False
    posts: int = 0


@dataclass
class Line:
    """Friends with phones, the events that wait to be delivered, and the calls that come in."""

    drawn: Drawn
    flights: Flights
    doors: Mapping[str, Any]  # account → where its webhook is called
    letters: list[Letter] = field(default_factory=list)
    broke_its_word: bool = False  # a token ended before its time
    simulator: Simulator = field(init=False)
    webhooks: Webhooks = field(init=False)
    _api: Flask = field(init=False)

    def __post_init__(self) -> None:
        self.simulator = Simulator(clock=self.drawn.seconds)
        for account in self.doors:
            credentials = (given.SECRET, f"{given.TOKEN}-{account}")
            self.simulator.add_account(
                SimAccount(account, *credentials, URL.format(account), 10**6)
            )
        self.webhooks = Webhooks(self.simulator)
        self.webhooks._pool = SimpleNamespace(request=self._post)  # type: ignore[assignment]
        self._api = create_app(self.simulator, openapi=FOLDER if FOLDER.is_dir() else None)

    def befriend(self, account: str, name: str) -> Friend:
        friend = self.simulator.add_friend(account, name)
        friend.is_friend = True
        return friend

    def says(self, friend: Friend, text: str) -> None:
        """Somebody writes; LINE has yet to deliver it."""
        event = deeds.do(self.simulator, friend, "say", {"text": text})
        source = {"type": "user", "userId": friend.user_id}
        whole = self.webhooks.complete({**event, "source": source})
        whole["replyToken"] = self.webhooks._new_token(friend)
        self.letters.append(Letter(friend.account, whole))

    def deliver(self, letter: Letter, *, is_copy: bool = False) -> int | None:
        """One delivery of one event: the first, one more copy, or again after no 2xx."""
        age_s = self.drawn.seconds() - letter.event["timestamp"] / 1000
        is_late = age_s > TOKEN_DEAD_AFTER_S  # so late LINE comes with nothing for the first time
        is_again = is_late or (letter.posts > 0 and not is_copy)
        letter.posts += 1
        event = {**letter.event, "deliveryContext": {"isRedelivery": is_again}}
        status = self.webhooks._post(self.simulator.accounts[letter.account], [event])
        letter.is_answered |= status is not None and status // 100 == 2
        return status

    def request(self, method: str, url: str, **given: Any) -> Any:
        """What the product's client calls: LINE hears of it later, and it of the answer."""
        flight = self.flights.wait("call")
        fault = flight.fault if flight is not None else None
        if fault == NEVER_ARRIVES:
            raise urllib3.exceptions.ProtocolError("reset")
        if fault == REFUSED and "/message/" in url and method == "POST":
            answer = SimpleNamespace(status=400, headers={}, data=REFUSAL)
        else:
            answer = self._ask(method, url, fault, given)
        self.flights.wait("answer")
        if flight is not None and flight.fault == ANSWER_LOST:
            raise urllib3.exceptions.ReadTimeoutError(None, url, "timed out")  # type: ignore[arg-type]
        return answer

    def _ask(self, method: str, url: str, fault: str | None, given: Mapping[str, Any]) -> Any:
        if fault in OF_SIMULATOR:
            self.simulator.faults.append(Fault(str(fault)))
        if fault == TOKEN_DEAD:
            self.broke_its_word = True
            for token in self.simulator.tokens.values():
                token.is_used = True
        body, headers = given.get("body"), given["headers"]
        client = self._api.test_client()
        answer = client.open(urlsplit(url).path, method=method, data=body, headers=headers)
        return SimpleNamespace(
            status=answer.status_code,
            headers=answer.headers,
            data=answer.data,
            json=answer.get_json,
        )

    def _post(self, _method: str, url: str, body: bytes, headers: Any, **_: Any) -> Any:
        status = self.doors[url.split("/")[-2]](urlsplit(url).path, body, headers)
        if status is None:
            raise urllib3.exceptions.ReadTimeoutError(None, url, "no answer")  # type: ignore[arg-type]
        return SimpleNamespace(status=status)
