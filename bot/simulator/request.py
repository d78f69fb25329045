"""One HTTP request as the simulator's API takes it from WSGI."""

import json
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

Environ = dict[str, Any]
_HIDDEN = frozenset({"HTTP_AUTHORIZATION", "HTTP_COOKIE"})


@dataclass(frozen=True, slots=True)
class Asked:
    """headers: less secrets. body: its JSON, None where it is none. raw: its bytes."""

    method: str
    path: str
    headers: dict[str, str]
    authorization: str
    raw: bytes
    body: Any


def read_request(environ: Environ) -> Asked:
    """All of a request."""
    raw = _read(environ)
    return Asked(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace"),
        headers=_headers(environ),
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
        raw=raw,
        body=_json(environ, raw),
    )


@cache
def status_line(status: int) -> str:
    """`200 OK`."""
    return f"{status} {HTTPStatus(status).phrase}"


def _read(environ: Environ) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    raw: bytes = environ["wsgi.input"].read(int(length)) if length.isdigit() else b""
    return raw


def _json(environ: Environ, raw: bytes) -> Any:
    mime = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
    if mime != "application/json" and not mime.endswith("+json"):
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _headers(environ: Environ) -> dict[str, str]:
    found = {
        _title(name): value
        for name, value in environ.items()
        if name.startswith("HTTP_") and name not in _HIDDEN
    }
    if environ.get("CONTENT_TYPE"):
        found["Content-Type"] = environ["CONTENT_TYPE"]
    if environ.get("CONTENT_LENGTH"):
        found["Content-Length"] = environ["CONTENT_LENGTH"]
    return found


@cache
def _title(name: str) -> str:
    """`HTTP_X_LINE_RETRY_KEY` → `X-Line-Retry-Key`."""
    return name.removeprefix("HTTP_").replace("_", "-").title()
