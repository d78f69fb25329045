"""What the simulator knows: accounts, friends, what was sent, what was asked of it. In memory.

Everything goes through one lock, so that threads and greenlets may share it.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from time import time
from typing import Any

from bot.simulator.faults import Fault
from bot.simulator.limits import Buckets

REPLY_LIFE_S = 60.0
TOKEN_DEAD_AFTER_S = 20 * 60.0
RETRY_KEY_LIFE_S = 24 * 3600.0
STRANGER_REACHED_S = 7 * 24 * 3600.0  # who is no friend but wrote may be pushed to, so long


@dataclass(slots=True)
class SimAccount:
    """A LINE official account as LINE knows it."""

    id: str
    secret: str
    token: str
    webhook_url: str
    plan_limit: int | None = None
    bot_user_id: str = field(default_factory=lambda: "U" + secrets.token_hex(16))
    pushed: int = 0
    is_webhook_on: bool = True

    def sign(self, body: bytes) -> str:
        """LINE's signature over a webhook's bytes."""
        return base64.b64encode(
            hmac.new(self.secret.encode(), body, hashlib.sha256).digest()
        ).decode()


@dataclass(slots=True)
class Friend:
    """A person with a phone. screen: what the phone shows, in order. wrote_at: the last time."""

    user_id: str
    account: str
    name: str
    is_friend: bool = False
    is_blocked: bool = False
    screen: list[dict[str, Any]] = field(default_factory=list)
    wrote_at: float | None = None

    @property
    def is_known(self) -> bool:
        """Whether the account may see their profile: a friend, or one who wrote; not a blocker."""
        return (self.is_friend or self.wrote_at is not None) and not self.is_blocked

    def is_reached(self, now: float) -> bool:
        """Whether a message that the account pays for comes to this phone."""
        is_fresh = self.wrote_at is not None and now - self.wrote_at <= STRANGER_REACHED_S
        return (self.is_friend or is_fresh) and not self.is_blocked


@dataclass(slots=True)
class ReplyToken:
    """Single-use, and only for a while after the webhook was received."""

    user_id: str
    account: str
    event_at: float
    received_at: float | None = None
    is_used: bool = False


@dataclass(slots=True)
class RetryKey:
    """A retry key since the first request that bore it. request_id: of the one accepted.

    sent: what a push answered; None for the rest, whose refusal does not tell it.
    """

    body: bytes
    first_at: float
    request_id: str | None = None
    sent: list[dict[str, str]] | None = None


class Simulator:
    """LINE, from outside. `file`: where it is kept, so that a demo finds its people again."""

    def __init__(self, file: Path | None = None, clock: Callable[[], float] = time) -> None:
        self.lock = RLock()
        self.accounts: dict[str, SimAccount] = {}
        self.friends: dict[str, Friend] = {}
        self.tokens: dict[str, ReplyToken] = {}
        self.retry_keys: dict[tuple[str, str], RetryKey] = {}  # (account, key)
        self.contents: dict[str, tuple[str, str, float]] = {}  # message id → (user, kind, at)
        self.uploads: dict[str, tuple[bytes, str]] = {}  # message id → the file a test gave, MIME
        self.log: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.buckets = Buckets()
        self.advanced_s = 0.0
        self.revision = 0
        self._numbers = int(time() * 1000)
        self._file = file
        self._clock = clock
        if file is not None and file.exists():
            self._load(json.loads(file.read_text()))

    def now(self) -> float:
        """Seconds since the epoch, on the simulator's own clock."""
        return self._clock() + self.advanced_s

    def next_id(self) -> str:
        """A message id: digits, rising."""
        with self.lock:
            self._numbers += 1
            return str(self._numbers)

    def add_account(self, account: SimAccount) -> None:
        """Know one more account; one that is known keeps its identity."""
        with self.lock:
            known = self.accounts.get(account.id)
            if known is not None:
                account.bot_user_id, account.pushed = known.bot_user_id, known.pushed
            self.accounts[account.id] = account
            self.changed()

    def account_of_token(self, token: str) -> SimAccount | None:
        """Who calls, by their channel access token."""
        accounts = self.accounts.values()
        return next((a for a in accounts if hmac.compare_digest(a.token, token)), None)

    def add_friend(self, account: str, name: str) -> Friend:
        """A person who has not added the account yet."""
        with self.lock:
            friend = Friend("U" + secrets.token_hex(16), account, name)
            self.friends[friend.user_id] = friend
            self.changed()
            return friend

    def show(self, friend: Friend, item: dict[str, Any]) -> dict[str, Any]:
        """Put something on a phone's screen."""
        with self.lock:
            shown = {"id": self.next_id(), "at": int(self.now() * 1000), **item}
            friend.screen.append(shown)
            self.changed()
            return shown

    def quote_token(self, message_id: str) -> str:
        """What a message is quoted by."""
        return f"quote-{message_id}"

    def read_token(self, message_id: str) -> str:
        """What a message is marked as read by."""
        return f"read-{message_id}"

    def quoted(self, friend: Friend, token: str) -> dict[str, Any] | None:
        """The message that a token of this talk stands for; None for one of another talk."""
        return next((i for i in friend.screen if self.quote_token(i["id"]) == token), None)

    def changed(self) -> None:
        """Phones look again; the file is written anew."""
        self.revision += 1
        if self._file is not None:
            part = self._file.with_suffix(".part")
            part.write_text(json.dumps(self._dump(), ensure_ascii=False))
            part.replace(self._file)

    def _dump(self) -> dict[str, Any]:
        def plain(row: Any) -> dict[str, Any]:
            return {name: getattr(row, name) for name in row.__slots__}

        return {
            "accounts": [plain(account) for account in self.accounts.values()],
            "friends": [plain(friend) for friend in self.friends.values()],
            "tokens": {key: plain(token) for key, token in self.tokens.items()},
            "contents": self.contents,
        }

    def _load(self, tree: Mapping[str, Any]) -> None:
        self.accounts = {row["id"]: SimAccount(**row) for row in tree["accounts"]}
        self.friends = {row["user_id"]: Friend(**row) for row in tree["friends"]}
        self.tokens = {key: ReplyToken(**row) for key, row in tree["tokens"].items()}
        self.contents = {key: (row[0], row[1], row[2]) for key, row in tree["contents"].items()}
