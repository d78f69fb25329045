"""Files that customers sent, for staff alone: shown only when they are what they say."""

from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, request, send_file
from sqlalchemy import select
from sqlmodel import Session, col

from console.api import sessions
from console.door import Asker, House
from console.refusals import Unauthorized
from storage.conversations import get_conversation
from storage.models.talks import Media, Message
from storage.refusals import NotFound

SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "audio/mp4",
                   "audio/mpeg", "audio/wav"})  # fmt: skip
NOBODY_MAY_RUN = "default-src 'none'; sandbox"


def media_folder(house: House) -> Path:
    """Where files lie, by the hash of their content."""
    return house.settings.data_dir / "media"


def add_media(app: Flask, house: House) -> None:
    """/media/<id>, for whoever may see the talk that it was sent in."""

    @app.get("/media/<media_id>")
    def media(media_id: str) -> Response:
        asker = sessions.find_asker(house, request.cookies.get(sessions.cookie_name(house)))
        if asker is None or asker.must_enrol:
            raise Unauthorized
        found = house.store.read(lambda db: _find(db, asker, media_id))
        sha256 = found.sha256 or ""
        path = media_folder(house) / sha256[:2] / sha256
        if not path.is_file():
            raise NotFound
        is_shown = found.mime in SHOWN
        response = send_file(
            path,
            mimetype=found.mime if is_shown and found.mime else "application/octet-stream",
            conditional=True,
        )
        name = quote(found.file_name or f"{found.kind}-{media_id}")
        is_inline = is_shown and "download" not in request.args
        kind = "inline" if is_inline else "attachment"
        response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{name}"
        response.headers["Content-Security-Policy"] = NOBODY_MAY_RUN
        response.headers["Cache-Control"] = "private, max-age=3600"
        return response


def _find(db: Session, asker: Asker, media_id: str) -> Media:
    media = db.get(Media, media_id)
    message = db.scalars(select(Message).where(col(Message.media_id) == media_id)).first()
    if media is None or message is None or media.state != "ready":
        raise NotFound
    get_conversation(db, asker.scope, message.conversation_id)
    return media
