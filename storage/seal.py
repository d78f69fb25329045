"""Secrets at rest: AES-256-GCM, with the row that owns the secret as additional data.

A sealed secret that is moved to another row does not open. The key is 32 bytes, from the
environment or from a file in the data folder that only its owner may read. By the same key the
addresses that customers hold are signed, so that an altered one is known without the database.
They lie in customers' phones for years: a key that took the place of another one carries 32 bytes
more, those that signed from the beginning, and signs by them.
"""

import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_FILE = "secret.key"  # in the data folder
KEY_BYTES = 32
NONCE_BYTES = 12
MARK_LENGTH = 32  # of a token: 192 bits
FORM = "form"  # the kind of a form's token


def load_key(
    data_dir: Path, from_environment: str | None = None, first: str | None = None
) -> bytes:
    """The install's key. Made once, readable by its owner alone, when there is none yet.

    A value from the environment of 32 characters or more is stretched to a key; a shorter one is
    refused with ValueError. first: the value that was there before the key was ever changed.
    """
    if from_environment:
        return _stretch(from_environment) + (_stretch(first) if first else b"")
    path = data_dir / KEY_FILE
    if not path.exists():
        write_key(path, secrets.token_bytes(KEY_BYTES))
    return read_key(path)


def another_key(key: bytes, value: str | None = None) -> bytes:
    """To seal with from now on, while addresses are signed as they were. value: of the
    environment; ValueError when it is too short. Without one it is drawn."""
    sealing = secrets.token_bytes(KEY_BYTES) if value is None else _stretch(value)
    return sealing + _signing(key)


def derived(key: bytes, purpose: bytes) -> bytes:
    """A key of its own for a purpose; it stays when the install's key is changed."""
    return hmac.digest(_signing(key), purpose, "sha256")


def read_key(path: Path) -> bytes:
    """A key as it was written to its file."""
    return urlsafe_b64decode(path.read_bytes())


def write_key(path: Path, key: bytes) -> None:
    """Appears whole or not at all, for its owner alone; where a file is already, it stays."""
    _write_private(path, urlsafe_b64encode(key))


def seal(key: bytes, plain: str, aad: str) -> bytes:
    """Encrypt; `aad` names the place of the secret, `account:<id>:token` for instance."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_sealing(key)).encrypt(nonce, plain.encode(), aad.encode())


def unseal(key: bytes, sealed: bytes, aad: str) -> str:
    """Decrypt. Raises cryptography's InvalidTag for another key or another place."""
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return AESGCM(_sealing(key)).decrypt(nonce, body, aad.encode()).decode()


def sign(key: bytes, kind: str, row_id: str) -> str:
    """The token of a row in a customer's address; `kind` keeps one kind from serving as another."""
    return f"{row_id}.{_mark(key, kind, row_id)}"


def read_signed(key: bytes, kind: str, token: str) -> str | None:
    """The row's id, or None for a token that we never gave."""
    row_id, _, mark = token.partition(".")
    expected = _mark(key, kind, row_id)
    return row_id if hmac.compare_digest(mark.encode(), expected.encode()) else None


def _mark(key: bytes, kind: str, row_id: str) -> str:
    own = derived(key, b"sign")  # not the key that encrypts
    mark = hmac.digest(own, f"{kind}:{row_id}".encode(), "sha256")
    return urlsafe_b64encode(mark).decode()[:MARK_LENGTH]


def _sealing(key: bytes) -> bytes:
    return key[:KEY_BYTES]


def _signing(key: bytes) -> bytes:
    return key[KEY_BYTES:] or key


def _stretch(value: str) -> bytes:
    if len(value) < KEY_BYTES:
        raise ValueError("MADOGUCHI_SECRET_KEY needs 32 characters or more")
    return sha256(value.encode()).digest()


def _write_private(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    keep_names(path.parent)


def keep_names(folder: Path) -> None:
    """Have the disk keep which files are in a folder, as `fsync` has it keep what is in a file."""
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
