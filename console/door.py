"""What stands behind every request: the memory, the clock, and who asks."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from console.rates import Rates
from console.settings import Settings
from flows.language.sayings.saying import Language
from storage.conversations import Scope
from storage.models.operators import Operator
from storage.unit import Store

T = TypeVar("T")
Row = dict[str, Any]
Faults = list[tuple[str, str]]  # the part of a message, as `messages[0].text`, and LINE's words
LineCheck = Callable[[str, Sequence[Mapping[str, Any]]], Faults | None]


class Beside(Protocol):
    """Runs slow work (password hashing) beside the hub; only the caller waits."""

    def __call__(self, work: Callable[[], Any]) -> Any: ...


def on_a_thread(work: Callable[[], Any]) -> Any:
    """On a plain thread of a small pool, so that sign-ins cannot exhaust the machine."""
    return _POOL.submit(work).result()


_POOL = ThreadPoolExecutor(max_workers=2, thread_name_prefix="beside")


@dataclass(frozen=True, slots=True)
class House:
    """The console's own means. phone_url: the demo's phone, shown beside the console.

    figures: what other parts of this process count, by the name of the metric.
    is_leaving: whether this process was told to end.
    line_check: what LINE would refuse of messages that an account is to send to many; None when it
    does not say.
    """

    store: Store
    settings: Settings
    key: bytes
    beside: Beside = on_a_thread
    phone_url: str | None = None
    figures: Callable[[], Mapping[str, int]] = field(default=dict)
    rates: Rates = field(default_factory=Rates)
    is_leaving: Callable[[], bool] = lambda: False
    line_check: LineCheck = lambda _account, _messages: None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    @property
    def phone_origin(self) -> str | None:
        """Where the demo's phone is served from."""
        if self.phone_url is None:
            return None
        parts = urlsplit(self.phone_url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and what they may see."""

    operator: Operator
    csrf_token: str
    token: str
    scope: Scope
    queues: frozenset[str] | None
    used_at: datetime
    language: Language = "ja"  # in which the request is answered
    proved_at: datetime | None = None  # when they last said their password here
    must_enrol: bool = False  # their role needs a second factor, and they have none yet
    address: str = ""

    @property
    def role(self) -> str:
        """viewer, operator, supervisor or manager."""
        return self.operator.role
