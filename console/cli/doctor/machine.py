"""What the machine gives: the disk, the libraries, the key, the address, and the upkeep."""

import os
import shutil
import stat
from datetime import datetime, timedelta
from importlib.metadata import version
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from urllib.parse import urlsplit

from console.cli.doctor.findings import Finding, Findings, error, ok, warning
from console.cli.lock import OF_A_NETWORK, filesystem_of
from console.server import UNWANTED
from console.settings import Settings
from console.upkeep import DEEDS, Deed, is_old, read_upkeep
from storage.migrate import sqlite_file
from storage.seal import KEY_FILE

LITTLE_BYTES, LEAST_BYTES = 2_000_000_000, 500_000_000
FSYNCS, SLOW_FSYNC_MS = 20, 100.0
PINS = {"python-socketio": (5, 16, 3), "Jinja2": (3, 1, 6)}  # below: known holes
LEAST_SIGNS = 12  # different ones, in a key that a person typed


def check_machine(settings: Settings, now: datetime) -> Findings:
    """Without the database and without LINE."""
    yield from _disk(settings.data_dir)
    yield from _filesystem(settings)
    yield from _libraries()
    yield _key(settings)
    yield _address(settings.public_url)
    for deed in DEEDS:
        yield _upkeep(settings.data_dir, deed, now)


def _disk(folder: Path) -> Findings:
    free = shutil.disk_usage(folder).free
    found = {"free": f"{free / 1e9:.1f}", "folder": folder}
    if free < LITTLE_BYTES:
        yield (error if free < LEAST_BYTES else warning)("disk.little", **found)
    else:
        yield ok("disk.free", **found)
    slowest = f"{_slowest_fsync_ms(folder):.1f}"
    is_slow = float(slowest) > SLOW_FSYNC_MS
    yield warning("fsync.slow", ms=slowest) if is_slow else ok("fsync.fast", ms=slowest)


def _slowest_fsync_ms(folder: Path) -> float:
    slowest = 0.0
    with TemporaryFile(dir=folder) as file:
        for _ in range(FSYNCS):
            began = perf_counter()
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
            slowest = max(slowest, (perf_counter() - began) * 1000)
    return slowest


def _filesystem(settings: Settings) -> Findings:
    file = sqlite_file(settings.database_url)
    if file is None:
        return
    kind = filesystem_of(file.resolve().parent)
    yield error("network", kind=kind) if kind in OF_A_NETWORK else ok("local", kind=kind or "?")


def _libraries() -> Findings:
    for name, least in PINS.items():
        found = version(name)
        if _numbers(found) < least:
            wanted = ".".join(map(str, least))
            yield error("pin.old", name=name, found=found, least=wanted)
        else:
            yield ok("pin.good", name=name, found=found)
    for name in UNWANTED:
        if find_spec(name) is not None:
            yield error("unwanted", name=name)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())


def _key(settings: Settings) -> Finding:
    if settings.secret_key is not None:
        is_weak = len(set(settings.secret_key)) < LEAST_SIGNS
        return warning("key.weak") if is_weak else ok("key.good")
    path = settings.data_dir / KEY_FILE
    if not path.exists():
        return warning("key.none", path=path)
    is_open = path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    return error("key.open", path=path) if is_open else ok("key.good")


def _address(public_url: str | None) -> Finding:
    """Browsers of this origin alone may open a socket."""
    if public_url is None:
        return warning("address.none")
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or "*" in public_url or not host or parts.path:
        return error("address.bad", url=public_url)
    if parts.scheme == "http" and not _is_loopback(host):
        return error("address.http", url=public_url)
    return ok("address.good", url=public_url) if parts.scheme == "https" else warning("address.own")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _upkeep(folder: Path, deed: Deed, now: datetime) -> Finding:
    at = read_upkeep(folder).get(deed)
    if at is None:
        return warning(f"{deed}.never")
    days = f"{(now - at) / timedelta(days=1):.1f}"
    if is_old(deed, at, now):
        return error(f"{deed}.old", days=days)
    return ok(f"{deed}.new", days=days)
