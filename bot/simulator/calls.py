"""One call of LINE's API, as the endpoints take it, and what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.lengths import Detail
from bot.simulator.openapi import Oracle
from bot.simulator.rules import error_body, find_errors
from bot.simulator.state import SimAccount, Simulator

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks for what. oracle: LINE's own OpenAPI files, where they are at hand."""

    simulator: Simulator
    account: SimAccount
    method: str
    path: str
    body: Any
    raw: bytes
    retry_key: str | None
    request_id: str
    oracle: Oracle | None = None

    @property
    def given(self) -> dict[str, Any]:
        """The body's JSON object; empty when it is none."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: JSON, or a file."""

    body: dict[str, Any] | bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    mime: str = JSON


def refuse(message: str, status: int = 400) -> Answer:
    """LINE's answer to what cannot be."""
    return Answer({"message": message}, status)


def find_message_errors(call: Call) -> Answer | None:
    """The refusal of a body with messages: by LINE's limits always, by its files where they are."""
    details: list[Detail] = find_errors(call.given.get("messages"))
    return Answer(error_body(details), 400) if details else find_shape_errors(call)


def find_shape_errors(call: Call) -> Answer | None:
    """The refusal of a body that LINE's OpenAPI files do not describe."""
    details = call.oracle.find_errors(call.method, call.path, call.body) if call.oracle else []
    return Answer(error_body(details), 400) if details else None
