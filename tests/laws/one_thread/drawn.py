"""What the product takes from its machine: its draws and its time. Here a seed draws, and a test
moves the time, so that the same seed is the same world.

Two things stay real, because no row and no answer depends on them: the stop-watch behind the
metrics, and the nonce of a sealed secret.
"""

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from types import SimpleNamespace
from typing import Any

import engineio.base_server
import flask_socketio.test_client
import pytest

import bot.accounts
import bot.flow_source
import bot.simulator.api
import bot.simulator.app
import bot.simulator.state
import bot.simulator.webhooks
import bot.worker
import storage.models.columns
from bot.simulator.openapi import read_oracle

START = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


@dataclass
class Drawn:
    """Stands where `secrets`, `time` and `uuid` stood."""

    now: datetime = START
    dice: Random = field(default_factory=lambda: Random(0))  # noqa: S311 # repeatable, not secret

    def begin(self, seed: int) -> None:
        """From here on, all is drawn from this seed."""
        self.now, self.dice = START, Random(seed)  # noqa: S311 # the same

    def token_bytes(self, count: int) -> bytes:
        return self.dice.randbytes(count)

    def token_hex(self, count: int) -> str:
        return self.dice.randbytes(count).hex()

    def choice(self, signs: Sequence[str]) -> str:
        return self.dice.choice(signs)

    def uuid4(self) -> SimpleNamespace:
        return SimpleNamespace(hex=self.token_hex(16))

    def time_ns(self) -> int:
        return int(self.now.timestamp() * 1000) * 1_000_000

    def seconds(self) -> float:
        return self.now.timestamp()


@contextmanager
def drawn_by_a_seed() -> Iterator[Drawn]:
    """For as long as the block lasts, nothing is drawn and no time is read but from here."""
    drawn = Drawn()
    stands: Sequence[tuple[Any, str, Any]] = (
        (storage.models.columns, "secrets", drawn),
        (storage.models.columns, "time", drawn),
        (bot.simulator.state, "secrets", drawn),
        (bot.simulator.state, "time", drawn.seconds),
        (bot.simulator.webhooks, "secrets", drawn),
        (bot.simulator.api, "secrets", drawn),
        (engineio.base_server, "secrets", drawn),
        (flask_socketio.test_client, "uuid", drawn),
        # What is published and which accounts there are does not change here.
        (bot.flow_source, "FRESH_S", 1e9),
        (bot.accounts, "FRESH_S", 1e9),
        (bot.simulator.app, "read_oracle", functools.cache(read_oracle)),
    )
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in stands:
            patch.setattr(module, name, value)
        yield drawn
