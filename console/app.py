"""The console as one Flask application: the API, the built pages, media, health."""

from mimetypes import guess_type
from pathlib import Path
from secrets import token_hex

from flask import Blueprint, Flask, Response, request, send_from_directory
from structlog.contextvars import bind_contextvars, clear_contextvars
from werkzeug.middleware.proxy_fix import ProxyFix

from console.access import add_api
from console.door import House
from console.health import add_health
from console.media import add_media

DIST = Path(__file__).parent / "web" / "dist"
NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Madoguchi</title>
<p>画面がまだ作られていません。<code>pip install -e .</code> をもう一度実行してください。
"""
# Friends' pictures, and LINE's own stickers and emoji. Nothing else of other sites is loaded.
PICTURE_HOSTS = (
    "https://profile.line-scdn.net https://sprofile.line-scdn.net https://stickershop.line-scdn.net"
)
LONG_S = 31_536_000
REQUEST_ID_BYTES = 6
PAGES = (
    "/", "/talks/<talk_id>", "/sign-in", "/join", "/me", "/notices",
    "/watch", "/wall", "/reports", "/desk-rules", "/staff", "/audit",
    "/flows", "/flows/<path:file>", "/broadcasts", "/broadcasts/<broadcast_id>",
)  # fmt: skip


def create_app(house: House, *more: Blueprint, has_console: bool = True) -> Flask:
    """The application; `more` are the blueprints of other rooms (the bot's webhook).

    A process without the console answers for its health, and nothing that an operator could ask.
    """
    app = Flask(__name__, static_folder=None)
    if hops := house.settings.proxy_hops:  # else anybody could say who they are
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign] # as Flask says
    app.json.ensure_ascii = False  # type: ignore[attr-defined] # Flask's default provider has it
    for blueprint in more:
        app.register_blueprint(blueprint)
    add_health(app, house)
    add_media(app, house, has_console=has_console)
    if has_console:
        add_api(app, house)
        _add_pages(app)
    app.before_request(_name_request)
    app.teardown_request(lambda _error: clear_contextvars())
    app.after_request(lambda response: _protect(house, response))
    return app


def _name_request() -> None:
    """What is logged meanwhile bears this name; a connection serves one request after another."""
    clear_contextvars()
    bind_contextvars(request=token_hex(REQUEST_ID_BYTES))


def _add_pages(app: Flask) -> None:
    @app.get("/assets/<path:name>")
    def asset(name: str) -> Response:
        response = _packed(name) or send_from_directory(DIST / "assets", name)
        response.headers["Cache-Control"] = f"public, max-age={LONG_S}, immutable"
        response.vary.add("Accept-Encoding")
        return response

    @app.get("/icon.svg")
    def icon() -> Response:
        return send_from_directory(DIST, "icon.svg")

    @app.get("/icon-dot.svg")
    def icon_with_dot() -> Response:
        return send_from_directory(DIST, "icon-dot.svg")

    @app.get("/sw.js")
    def service_worker() -> Response:  # asked for again at each start, so that it is never old
        response = send_from_directory(DIST, "sw.js", mimetype="text/javascript")
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Service-Worker-Allowed"] = "/"
        return response

    def page(**_parts: str) -> Response:  # the page reads its own address
        if not (DIST / "index.html").exists():
            return Response(NOT_BUILT, status=503, mimetype="text/html")
        return send_from_directory(DIST, "index.html")

    for address in PAGES:
        app.add_url_rule(address, view_func=page)


def _packed(name: str) -> Response | None:
    """The file as the build has compressed it, for browsers that take it so."""
    takes_it = request.accept_encodings.quality("gzip") > 0
    if not takes_it or not (DIST / "assets" / f"{name}.gz").is_file():
        return None
    kind = guess_type(name)[0]
    response = send_from_directory(DIST / "assets", f"{name}.gz", mimetype=kind)
    response.headers["Content-Encoding"] = "gzip"
    return response


def _protect(house: House, response: Response) -> Response:
    """Security headers, for everything that does not bring its own."""
    frames = house.phone_origin or "'none'"
    policy = (
        "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; connect-src 'self'; "
        f"img-src 'self' data: blob: {PICTURE_HOSTS}; media-src 'self' blob:; "
        f"frame-src {frames}"
    )
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if house.settings.is_https:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={LONG_S}")
    if request.path.startswith("/api/"):
        response.headers["Cache-Control"] = "no-store"
    return response
