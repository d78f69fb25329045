"""The accounts with their opened credentials, at most a second old."""

import time
from threading import Lock

from storage.accounts import Credentials, credentials, list_accounts
from storage.models.people import Account
from storage.unit import Store

FRESH_S = 1.0


class Accounts:
    """Accounts by id, with their credentials in clear; never logged."""

    def __init__(self, store: Store, key: bytes) -> None:
        self._store = store
        self._key = key
        self._lock = Lock()
        self._known: dict[str, tuple[Account, Credentials]] = {}
        self._read_at = float("-inf")

    def find(self, account_id: str) -> tuple[Account, Credentials] | None:
        """An account; None when there is none by that id."""
        if self._is_old():
            self._read()
        return self._known.get(account_id)

    def _is_old(self) -> bool:
        return time.monotonic() - self._read_at > FRESH_S

    def _read(self) -> None:
        with self._lock:
            if not self._is_old():  # somebody who was here before has read them
                return
            accounts = self._store.read(list_accounts)
            self._known = {
                account.id: (account, credentials(self._key, account))
                for account in accounts
                if account.is_active
            }
            self._read_at = time.monotonic()
