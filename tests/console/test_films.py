"""Films and sounds that staff give and send, through the door, on both databases."""

import struct
from io import BytesIO

import pytest
from flask import Flask
from hypothesis import given as where
from hypothesis import strategies as st
from PIL import Image

from console.door import House
from console.films import Film, NotPlayable, read_film, without_marks
from console.pictures import PREVIEW_BYTES, plain_poster
from storage.models.talks import Message
from storage.models.uploads import Upload
from tests.console.conftest import ORIGIN, SignIn
from tests.console.recordings import FILM, FILM_MS, a_recording, a_sound, box, head, track
from tests.console.test_uploads import a_picture, fetch, give, house, rows_of, send

assert house  # the fixture: LINE reaches this house


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (FILM, Film("video", "video/mp4", FILM_MS)),
        (a_recording(b"vide", b"soun"), Film("video", "video/mp4", 3210)),
        (a_recording(b"vide", length=2**33, version=1, pieces=None)[:-1] + b"\0", None),
        (a_recording(b"soun", length=5000, version=1), Film("audio", "audio/mp4", 5000)),
        (a_recording(b"soun", length=0, pieces=2500), Film("audio", "audio/mp4", 2500)),
        (a_recording(b"soun", length=0), None),
        (a_recording(b"text"), None),
        (a_recording(b"vide", brand=b"qt  "), None),
        (FILM[:-3], None),
        (FILM[:36] + FILM[751:], None),
        (box(b"ftyp", b"mp42") + box(b"moov", head(1000, scale=0), track(b"vide")), None),
        (box(b"ftyp", b"mp42") + box(b"moov", head(1000), box(b"trak")), None),
        (box(b"ftyp", b"mp42") + box(b"moov", b"\0"), None),
        (b"ftypmp42", None),
        (b"", None),
    ],
)
def test_the_file_itself_tells_what_it_is_and_how_long_it_plays(
    content: bytes, found: Film | None
) -> None:
    if found is None:
        with pytest.raises(NotPlayable):
            read_film(content)
        return
    assert read_film(content) == found


def test_a_box_may_be_longer_than_four_bytes_can_say_or_go_on_to_the_end() -> None:
    moov = box(b"moov", head(1500), track(b"soun"))
    start = box(b"ftyp", b"M4A ")
    long_data = struct.pack(">I4sQ", 1, b"mdat", 22) + b"sample"

    assert read_film(start + long_data + moov).duration_ms == 1500
    assert read_film(start + moov + struct.pack(">I4s", 0, b"mdat") + b"x").duration_ms == 1500


def test_where_a_film_was_taken_does_not_come_along_and_nothing_moves(
    app: Flask, sign_in: SignIn, talk: str
) -> None:
    secret = box(b"udta", box(b"\xa9xyz", b"SECRET-PLACE")), box(b"meta", b"SECRET-CAMERA")
    film = a_recording(b"vide", more=secret[0] + track(b"soun", secret[0]) + secret[1])
    film += box(b"uuid", b"SECRET-NOTE")

    message = give(sign_in(), talk, film, "見本.mp4").get_json()["message"]
    kept = fetch(app, message["originalContentUrl"]).data

    assert b"SECRET" in film
    assert b"SECRET" not in kept
    assert len(kept) == len(film)
    assert kept.index(b"sample") == film.index(b"sample")
    assert read_film(kept) == read_film(film)


@where(st.binary(max_size=60), st.integers(0, len(FILM)))
def test_whatever_stands_in_a_file_is_read_or_refused(noise: bytes, at: int) -> None:
    mixed = FILM[:at] + noise + FILM[at + len(noise) :]
    try:
        found = read_film(mixed)
    except NotPlayable:
        return
    assert found.kind in {"video", "audio"}
    assert found.duration_ms > 0
    assert len(without_marks(mixed)) == len(mixed)


def test_a_film_is_sent_with_its_first_picture_and_played_in_parts(
    app: Flask, house: House, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()
    poster = a_picture("PNG", (320, 180))

    upload = give(browser, talk, FILM, "見本.mp4", poster=poster).get_json()
    message = upload["message"]
    sent = send(browser, talk, [message])
    preview = fetch(app, message["previewImageUrl"])
    address = message["originalContentUrl"].removeprefix(ORIGIN)
    part = app.test_client().get(address, headers={"Range": "bytes=4-11"}, buffered=True)
    beyond = app.test_client().get(address, headers={"Range": "bytes=99999-"}, buffered=True)
    whole = fetch(app, address)

    assert (upload["kind"], upload["mime"], upload["duration_ms"]) == (
        "video",
        "video/mp4",
        FILM_MS,
    )
    assert (upload["name"], upload["expires_at"]) == ("見本.mp4", None)
    assert message["type"] == "video"
    assert sent.status_code == 201
    told = {"name": "見本.mp4", "kind": "video", "size_bytes": len(FILM), "duration_ms": FILM_MS}
    assert sent.get_json()["origin"]["upload"] == {"id": upload["id"], **told}
    assert Image.open(BytesIO(preview.data)).size == (320, 180)
    assert preview.headers["Content-Type"] == "image/jpeg"
    assert (part.status_code, part.data) == (206, FILM[4:12])
    assert part.headers["Content-Range"] == f"bytes 4-11/{len(FILM)}"
    assert beyond.status_code == 416
    for answer in (whole, part):
        assert answer.headers["Content-Type"] == "video/mp4"
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert whole.data == FILM
    assert rows_of(house, Upload)[0].due_at is None, "phones fetch it again"


@pytest.mark.parametrize("poster", [None, b"", b"no picture", b"x" * 1_000_001])
def test_a_film_whose_first_picture_cannot_be_had_gets_a_plain_one(
    app: Flask, sign_in: SignIn, talk: str, poster: bytes | None
) -> None:
    browser = sign_in()

    answer = give(browser, talk, FILM, "見本.mp4", poster=poster)

    preview = fetch(app, answer.get_json()["message"]["previewImageUrl"]).data
    assert preview == plain_poster()
    assert len(preview) < PREVIEW_BYTES
    assert Image.open(BytesIO(preview)).getpixel((320, 180)) == (255, 255, 255)


def test_a_sound_is_sent_with_the_length_that_the_file_tells(
    app: Flask, house: House, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()

    upload = give(browser, talk, a_sound(7400), "声の見本.m4a").get_json()
    message = upload["message"]
    sent = send(browser, talk, [message])

    assert (upload["kind"], upload["mime"]) == ("audio", "audio/mp4")
    assert {**message, "originalContentUrl": ""} == {
        "type": "audio", "originalContentUrl": "", "duration": 7400,
    }  # fmt: skip
    assert sent.status_code == 201
    assert fetch(app, message["originalContentUrl"]).headers["Content-Type"] == "audio/mp4"
    sounds = [one for one in rows_of(house, Message) if one.kind == "audio"]
    assert [one.content["duration"] for one in sounds] == [7400]
    named_film = give(browser, talk, a_sound(), "声の見本.mp4", "u2").get_json()
    assert named_film["kind"] == "audio", "no picture is in it, whatever its name says"


REFUSED = [
    (b"<html>", "a.mp4", "bad_file"),
    (a_recording(b"vide", brand=b"qt  "), "a.mp4", "bad_file"),
    (a_recording(b"vide"), "a.m4a", "bad_file"),
    (FILM, "a.mov", "bad_file"),
    (FILM, "a.pdf", "bad_file"),
    (FILM[:-3], "a.mp4", "not_playable"),
    (FILM[:36] + FILM[751:], "a.mp4", "not_playable"),
    (a_recording(b"soun", length=0), "a.m4a", "not_playable"),
    (a_recording(b"vide", data=b"x" * 20_000_000), "a.mp4", "file_too_large"),
]
WORDS = {"bad_file": "動画(MP4)", "not_playable": "再生できない", "file_too_large": "20MBまで"}


def test_what_is_no_film_is_refused_with_its_own_reason_and_nothing_is_kept(
    house: House, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()

    for number, (content, name, code) in enumerate(REFUSED):
        error = give(browser, talk, content, name, f"u{number}").get_json()["error"]
        assert error["code"] == code, name
        assert WORDS[code] in error["message"]

    assert rows_of(house, Upload) == []
    assert give(browser, talk, FILM, "a.mp4").status_code == 201
