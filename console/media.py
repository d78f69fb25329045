"""/media/<id>: files that customers sent, for staff alone; and what staff send, for whoever holds
its signed address. Either way a file can do nothing in a browser but be looked at or saved. Players
ask for parts of it (`Range`), and get them.
"""

from urllib.parse import quote

from flask import Flask, Response, abort, request, send_file
from sqlalchemy import select
from sqlmodel import Session, col

from console.api import sessions
from console.door import Asker, House
from console.kept_files import place_of
from console.refusals import Unauthorized
from console.sent_media import Wanted, find_sent, is_address_token, over_page
from storage.conversations import get_conversation
from storage.models.talks import Media, Message
from storage.refusals import NotFound

SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "audio/mp4",
                   "audio/mpeg", "audio/wav"})  # fmt: skip
NOBODY_MAY_RUN = "default-src 'none'; sandbox"
_LONG = "public, max-age=86400"
KEPT = {"staff": "private, max-age=3600", "image": _LONG, "video": _LONG, "audio": _LONG,
        "file": "no-store"}  # fmt: skip


def add_media(app: Flask, house: House, *, has_console: bool) -> None:
    """/media/<id>; a process without the console answers for what customers fetch alone."""

    @app.get("/media/<media_id>")
    def media(media_id: str) -> Response:
        if is_address_token(media_id):
            return _sent(house, media_id)
        if not has_console:
            abort(404)
        return _received(house, media_id)


def _received(house: House, media_id: str) -> Response:
    """For whoever may see the talk that it was sent in."""
    asker = sessions.find_asker(house, request.cookies.get(sessions.cookie_name(house)))
    if asker is None or asker.must_enrol:
        raise Unauthorized
    found = house.store.read(lambda db: _find(db, asker, media_id))
    name = found.file_name or f"{found.kind}-{media_id}"
    return _inert(house, Wanted(found.sha256 or "", found.mime or "", name, "staff"))


def _sent(house: House, token: str) -> Response:
    """For a customer's phone, and for LINE: whoever has the address."""
    wanted = find_sent(house, token)
    if wanted is None or not place_of(house, wanted.sha256).is_file():
        return over_page(request.accept_languages.best_match(["ja", "en"]) or "ja")
    response = _inert(house, wanted)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _inert(house: House, wanted: Wanted) -> Response:
    path = place_of(house, wanted.sha256)
    if not path.is_file():
        raise NotFound
    is_shown = wanted.mime in SHOWN
    response = send_file(
        path,
        mimetype=wanted.mime if is_shown or wanted.use == "file" else "application/octet-stream",
        conditional=True,
    )
    is_inline = is_shown and "download" not in request.args
    kind = "inline" if is_inline else "attachment"
    response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(wanted.name)}"
    response.headers["Content-Security-Policy"] = NOBODY_MAY_RUN
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = KEPT[wanted.use]
    return response


def _find(db: Session, asker: Asker, media_id: str) -> Media:
    media = db.get(Media, media_id)
    message = db.scalars(select(Message).where(col(Message.media_id) == media_id)).first()
    if media is None or message is None or media.state != "ready":
        raise NotFound
    get_conversation(db, asker.scope, message.conversation_id)
    return media
