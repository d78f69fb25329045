"""Pictures that staff send, drawn anew: upright, in plain colours, and with nothing hidden in them.

What comes out is a JPEG or a PNG as LINE takes it, and a small JPEG beside it. Where a picture was
taken, by which camera, and whatever else stands in a file beside its dots, does not come along.
A picture of more dots than a good camera takes is refused before they are unpacked.

LINE's Messaging API reference, "Image message": 10 MB, its preview 1 MB; checked 2026-08.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageCms, ImageDraw, ImageOps

MOST_PIXELS = 50_000_000
LONG_SIDE = 4096
PREVIEW_SIDE = 1024
MOST_BYTES = 10_000_000
PREVIEW_BYTES = 1_000_000
POSTER, FINE = (640, 360), 4  # drawn larger, then made small: its edges are smooth
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
QUALITIES = (88, 78, 65)
_SRGB = ImageCms.createProfile("sRGB")

Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow's own alarm, for what a file claims only later


class NotAPicture(Exception):
    """It cannot be read as a JPEG, PNG, GIF or WebP."""


class TooManyPixels(Exception):
    """It has more dots than we unpack."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is sent, and its small one."""

    content: bytes
    mime: str
    preview: bytes
    width: int
    height: int


def redraw(source: BinaryIO) -> Picture:
    """Raises NotAPicture, TooManyPixels."""
    try:
        plain, is_drawn = _read(source)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except TooManyPixels:
        raise
    except Exception as error:  # a broken file breaks its reader in every way that there is
        raise NotAPicture from error
    content, mime = _encode(plain, is_drawn=is_drawn)
    preview = next(_jpegs(_within(plain, PREVIEW_SIDE), PREVIEW_BYTES))
    return Picture(content, mime, preview, plain.width, plain.height)


def plain_poster() -> bytes:
    """What stands for a film whose first picture could not be had: a JPEG with the sign to play."""
    poster = Image.new("RGB", (POSTER[0] * FINE, POSTER[1] * FINE), "#2b3038")
    pen, (x, y), size = ImageDraw.Draw(poster), (poster.width // 2, poster.height // 2), 56 * FINE
    pen.ellipse((x - size, y - size, x + size, y + size), outline="white", width=4 * FINE)
    left, tall = x - size // 3, size // 2
    pen.polygon([(left, y - tall), (left, y + tall), (x + size // 2, y)], fill="white")
    return next(_jpegs(poster.resize(POSTER, Image.Resampling.LANCZOS), PREVIEW_BYTES))


def _read(source: BinaryIO) -> tuple[Image.Image, bool]:
    """The dots alone, and whether they were drawn rather than photographed."""
    with Image.open(source, formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise TooManyPixels
        is_drawn = opened.format == "PNG"
        opened.load()
        profile = opened.info.get("icc_profile")
        upright = ImageOps.exif_transpose(opened)
        plain = _in_srgb(upright, profile)
    plain = _within(plain, LONG_SIDE)
    plain.info = {}  # some writers put in what stands here
    return plain, is_drawn or plain.mode == "RGBA"


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Phones show what names no colours as sRGB, so that is what it has to be."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            mode = "RGB" if picture.mode == "CMYK" else mode
            found = ImageCms.profileToProfile(picture, own, _SRGB, outputMode=mode)
        except (ImageCms.PyCMSError, OSError):  # a broken profile: the dots are still a picture
            return picture.convert(mode)
        return found or picture.convert(mode)
    return picture.convert(mode)


def _within(picture: Image.Image, side: int) -> Image.Image:
    found = picture.copy()
    found.thumbnail((side, side), Image.Resampling.LANCZOS)
    return found


def _encode(plain: Image.Image, *, is_drawn: bool) -> tuple[bytes, str]:
    if is_drawn:
        written = BytesIO()
        plain.save(written, "PNG", optimize=plain.width * plain.height < MOST_PIXELS // 10)
        if written.tell() <= MOST_BYTES:
            return written.getvalue(), "image/png"
    return next(_jpegs(plain, MOST_BYTES)), "image/jpeg"


def _jpegs(picture: Image.Image, most: int) -> Iterator[bytes]:
    """The best that is small enough."""
    flat = _on_white(picture)
    while True:
        for quality in QUALITIES:
            written = BytesIO()
            flat.save(written, "JPEG", quality=quality, progressive=True)
            if written.tell() <= most:
                yield written.getvalue()
        flat = _within(flat, max(flat.width, flat.height) // 2)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white
