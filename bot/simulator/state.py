"""What the simulator knows: accounts, friends, what was sent, what was asked of it. In memory.

Everything goes through one lock, so that threads and greenlets may share it.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from time import time
from typing import Any

REPLY_LIFE_S = 60.0
TOKEN_DEAD_AFTER_S = 20 * 60.0
RETRY_KEY_LIFE_S = 24 * 3600.0


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

    def sign(self, body: bytes) -> str:
        """LINE's signature over a webhook's bytes."""
        return base64.b64encode(
            hmac.new(self.secret.encode(), body, hashlib.sha256).digest()
        ).decode()


@dataclass(slots=True)
class Friend:
    """A person with a phone. screen: what the phone shows, in order."""

    user_id: str
    account: str
    name: str
    is_friend: bool = False
    is_blocked: bool = False
    screen: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class ReplyToken:
    """Single-use, and only for a while after the webhook was received."""

    user_id: str
    account: str
    event_at: float
    received_at: float | None = None
    is_used: bool = False


@dataclass(slots=True)
class Accepted:
    """A request that was accepted under a retry key."""

    body: str
    request_id: str
    sent: list[dict[str, str]]
    at: float


class Simulator:
    """LINE, from outside. `file`: where it is kept, so that a demo finds its people again."""

    def __init__(self, file: Path | None = None) -> None:
        self.lock = RLock()
        self.accounts: dict[str, SimAccount] = {}
        self.friends: dict[str, Friend] = {}
        self.tokens: dict[str, ReplyToken] = {}
        self.accepted: dict[str, Accepted] = {}
        self.contents: dict[str, tuple[str, str, float]] = {}  # message id → (user, kind, at)
        self.log: list[dict[str, Any]] = []
        self.faults: list[dict[str, Any]] = []
        self.advanced_s = 0.0
        self.revision = 0
        self._numbers = int(time() * 1000)
        self._file = file
        if file is not None and file.exists():
            self._load(json.loads(file.read_text()))

    def now(self) -> float:
        """Seconds since the epoch, on the simulator's own clock."""
        return time() + self.advanced_s

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
