"""Whether we are alive, whether we are ready, and the figures."""

import hmac
import ipaddress

from flask import Flask, Response, jsonify, request
from sqlalchemy import text

from console.door import House
from console.metrics import render
from storage.migrate import is_usable

NOT_READY, FORBIDDEN = 503, 403
WRITE = text("UPDATE alembic_version SET version_num = version_num")  # a row that nobody holds


def add_health(app: Flask, house: House) -> None:
    """/healthz, /readyz, /metrics."""

    @app.get("/healthz")
    def alive() -> Response:
        return jsonify({"ok": True})

    @app.get("/readyz")
    def ready() -> tuple[Response, int]:
        reasons = _reasons(house)
        return jsonify({"ok": not reasons, "reasons": reasons}), NOT_READY if reasons else 200

    @app.get("/metrics")
    def metrics() -> Response:
        if not _may_see_metrics(house):
            return Response("forbidden\n", status=FORBIDDEN, mimetype="text/plain")
        return Response(render(house), mimetype="text/plain; version=0.0.4")


def _reasons(house: House) -> list[str]:
    """Why we are not ready; a backlog is none, because LINE would suspend the webhook."""
    reasons = ["the process ends"] if house.is_leaving() else []
    try:
        if not house.store.read(is_usable):
            reasons.append("the database is not migrated to this version")
        house.store.write(lambda db: db.execute(WRITE))
    except Exception as error:
        reasons.append(f"the database does not take a write: {type(error).__name__}")
    return reasons


def _may_see_metrics(house: House) -> bool:
    token = house.settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token is not None and hmac.compare_digest(given.encode(), token.encode()):
        return True
    address = request.remote_addr
    is_local = address is not None and ipaddress.ip_address(address).is_loopback
    return is_local and "X-Forwarded-For" not in request.headers
