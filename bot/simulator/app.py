"""The simulator as one Flask application: LINE's API, the control API, and the phone."""

from pathlib import Path

from flask import Flask, Response, send_from_directory

from bot.simulator.api import messaging_api
from bot.simulator.control import control_api
from bot.simulator.state import Simulator

PHONE = Path(__file__).parent / "phone"


def create_app(simulator: Simulator, frame_ancestors: str = "'none'") -> Flask:
    """`frame_ancestors`: who may show the phone in a frame (the demo's console)."""
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(control_api(simulator))

    @app.get("/phone")
    def phone() -> Response:
        return send_from_directory(PHONE, "phone.html")

    @app.get("/phone/<path:name>")
    def phone_file(name: str) -> Response:
        return send_from_directory(PHONE, name)

    app.register_blueprint(messaging_api(simulator))

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = (
            "default-src 'self'; object-src 'none'; base-uri 'none'; img-src 'self' data:; "
            f"frame-ancestors {frame_ancestors}"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return app
