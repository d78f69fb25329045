"""What a worker works with: the store, the flows, LINE, the folder of files, and the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Protocol

from bot.accounts import Accounts
from bot.flow_source import FlowSource
from bot.line_client import LineClient
from bot.media_folder import MediaFolder
from storage.unit import Store

if TYPE_CHECKING:
    from bot.encoding import Encoding  # only there is numpy needed


class Waiter(Protocol):
    """Something that can be woken."""

    def set(self) -> None: ...

    def clear(self) -> None: ...

    def wait(self, timeout: float | None = None) -> bool: ...


@dataclass(frozen=True, slots=True)
class Means:
    """What a worker works with.

    spawn: run a call to LINE beside; who comes when too many are under way waits for room.
    room: for how many more calls there is room; it waits until there is some. has_room: at once.
    beside: run this beside at once, whatever is under way: for what a turn must not wait for.
    stand_back: waited for before each turn, and before anything else is begun: webhooks come first.
    zone: the workspace's, by whose days reports are counted. anchors: the file in which the
    history's head is noted each day.
    """

    store: Store
    accounts: Accounts
    flows: FlowSource
    client: LineClient
    media: MediaFolder
    spawn: Callable[[Callable[[], None]], object]
    room: Callable[[], int]
    beside: Callable[[Callable[[], object]], object]
    stand_back: Callable[[], object] = lambda: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    waiter: Callable[[], Waiter] = Event
    has_room: Callable[[], bool] = lambda: True
    encoding: "Encoding | None" = None
    zone: str = "Asia/Tokyo"
    anchors: Path | None = None
