"""Whether we are alive, whether we are ready, and the figures."""

import hmac
import ipaddress
from collections.abc import Callable

from flask import Flask, Response, jsonify, request
from sqlalchemy import func, select, text
from sqlmodel import Session, col

from console.door import House
from storage.arrivals import depth
from storage.migrate import is_at_head
from storage.models.work import Delivery

NOT_READY, FORBIDDEN = 503, 403


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
        return Response(house.store.read(_figures(house)), mimetype="text/plain")


def _reasons(house: House) -> list[str]:
    """Why we are not ready; a backlog is none, because LINE would suspend the webhook."""
    reasons = []
    try:
        if not house.store.read(is_at_head):
            reasons.append("the database is not migrated to this version")
        house.store.write(lambda db: db.execute(text("UPDATE journal_head SET last_id = last_id")))
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


def _figures(house: House) -> Callable[[Session], str]:
    def read(db: Session) -> str:
        count, oldest = depth(db)
        age = (house.clock() - oldest).total_seconds() if oldest is not None else 0.0
        lines = [
            "# TYPE madoguchi_arrivals_pending gauge",
            f"madoguchi_arrivals_pending {count}",
            "# TYPE madoguchi_arrivals_oldest_seconds gauge",
            f"madoguchi_arrivals_oldest_seconds {age:.3f}",
            "# TYPE madoguchi_deliveries_total gauge",
        ]
        states = select(col(Delivery.state), func.count()).group_by(col(Delivery.state))
        for state, number in db.execute(states):
            lines.append(f'madoguchi_deliveries_total{{state="{state}"}} {number}')
        lines += [f"{name} {number}" for name, number in house.figures().items()]
        return "\n".join(lines) + "\n"

    return read
