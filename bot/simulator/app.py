"""The simulator as one application: LINE's API, and on Flask the control API and the phone."""

import os
from pathlib import Path

from flask import Flask, Response, send_from_directory

import flows.line
from bot.simulator.api import MessagingApi
from bot.simulator.control import control_api
from bot.simulator.openapi import read_oracle
from bot.simulator.state import Simulator

PHONE = Path(__file__).parent / "phone"
LOOKS = Path(flows.line.__file__).parent  # what messages look like, for every page that shows them
BESIDE = "http://127.0.0.1:* http://localhost:*"  # where pictures lie that the product sends
OPENAPI = "MADOGUCHI_LINE_OPENAPI"


def create_app(
    simulator: Simulator, frame_ancestors: str = "'none'", openapi: Path | None = None
) -> Flask:
    """The application. Raises NoOracle.

    frame_ancestors: who may show the phone in a frame (the demo's console).
    openapi: the folder of LINE's OpenAPI files, by default what the setting names; requests are
    held against them too.
    """
    folder = openapi or _openapi_folder()
    oracle = read_oracle(folder) if folder is not None else None
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(control_api(simulator))
    _add_phone(app)
    app.wsgi_app = MessagingApi(app.wsgi_app, simulator, oracle)  # type: ignore[assignment,method-assign] # as Flask says

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = (
            "default-src 'self'; object-src 'none'; base-uri 'none'; "
            f"img-src 'self' data: {BESIDE}; media-src 'self' {BESIDE}; "
            f"frame-ancestors {frame_ancestors}"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return app


def _add_phone(app: Flask) -> None:
    @app.get("/phone")
    def phone() -> Response:
        return send_from_directory(PHONE, "phone.html")

    @app.get("/phone/card.js")
    def card() -> Response:
        return send_from_directory(LOOKS, "card.js")

    @app.get("/phone/stickers.json")
    def stickers() -> Response:
        return send_from_directory(LOOKS, "stickers.json")

    @app.get("/phone/<path:name>")
    def phone_file(name: str) -> Response:
        return send_from_directory(PHONE, name)


def _openapi_folder() -> Path | None:
    named = os.environ.get(OPENAPI)
    return Path(named) if named else None
