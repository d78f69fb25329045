"""Addresses of what staff send: signed, so that none can be guessed, and where each one leads.

The address is what LINE fetches and a customer keeps in their phone, so its shape never changes:
/media/<upload>.<mark> and /media/<upload>-p.<mark> for the small picture of a picture or a film.
"""

from dataclasses import dataclass

from flask import Response, request

from console.door import House
from storage.models.uploads import Upload
from storage.seal import read_signed, sign
from storage.uploads import is_over

MEDIA = "media"  # the kind of the token
PREVIEW = "-p"
GONE = 404
_PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>
<h1>{title}</h1><p>{text}</p></html>"""
_WORDS = {
    "ja": (
        "ファイルを開けません",
        "期限が切れたか、アドレスが違います。お店にお問い合わせください。",
    ),
    "en": (
        "This file cannot be opened",
        "It has expired, or the address is wrong. Please ask the shop.",
    ),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file on the disk and how it is shown. use: staff, image, video, audio or file."""

    sha256: str
    mime: str
    name: str
    use: str


def root_of(house: House) -> str:
    """Where LINE and customers reach us."""
    return house.settings.public_url or request.host_url.rstrip("/")


def address_of(house: House, upload: Upload, part: str = "") -> str:
    """Where an upload is fetched; `part` is PREVIEW for the small picture."""
    return f"{root_of(house)}/media/{sign(house.key, MEDIA, f'{upload.id}{part}')}"


def is_address_token(media_id: str) -> bool:
    """Whether this is an address of what staff sent; ids of what customers sent have no dot."""
    return "." in media_id


def read_address(house: House, address: str) -> str | None:
    """The upload that an address of ours leads to; None for one that we never gave."""
    token = address.removeprefix(f"{root_of(house)}/media/").partition("?")[0]
    name = read_signed(house.key, MEDIA, token)
    return None if name is None else name.removesuffix(PREVIEW)


def find_sent(house: House, token: str) -> Wanted | None:
    """What a signed address leads to; None when it is none of ours, or its time is over."""
    name = read_signed(house.key, MEDIA, token)
    if name is None:
        return None
    upload_id = name.removesuffix(PREVIEW)
    upload = house.store.read(lambda db: db.get(Upload, upload_id))
    if upload is None or is_over(upload, house.clock()):
        return None
    if name.endswith(PREVIEW) and upload.preview_sha256 is not None:
        return Wanted(upload.preview_sha256, "image/jpeg", upload.name, upload.kind)
    return Wanted(upload.sha256, upload.mime, upload.name, upload.kind)


def over_page(language: str) -> Response:
    """What a customer reads whose address leads nowhere any more."""
    title, text = _WORDS["en" if language == "en" else "ja"]
    page = _PAGE.format(lang=language, title=title, text=text)
    response = Response(page, status=GONE, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
