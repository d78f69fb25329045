"""Pictures and files that staff give and send, through the door, on both databases."""

import struct
import time
import zipfile
import zlib
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlmodel import Session, select

from console.app import create_app
from console.door import House
from console.kept_files import place_of
from console.pictures import MOST_BYTES, PREVIEW_BYTES, redraw
from console.settings import read_settings
from storage import uploads
from storage.models.talks import Message
from storage.models.uploads import Upload
from storage.models.work import Delivery
from tests import given
from tests.console.conftest import ORIGIN, Browser, Clock, SignIn, check_answer

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"


def quoting(browser: Browser, talk: str, seq: int, client_id: str) -> Any:
    body = {"client_msg_id": client_id, "seen_seq": 99, "text": "はい", "quoted_seq": seq}
    return browser.call("POST", f"/conversations/{talk}/messages", body)


@pytest.fixture
def house(house: House) -> House:
    """A house that LINE reaches: the simulator stands beside it."""
    more = {"MADOGUCHI_LINE_API_URL": "http://127.0.0.1:9000"}
    folder = {"MADOGUCHI_DATA_DIR": str(house.settings.data_dir)}
    return replace(house, settings=read_settings({**folder, **more}))


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (60, 20), **more: Any) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "red").save(written, kind, **more)
    return written.getvalue()


def give(
    browser: Browser,
    talk: str,
    content: bytes,
    name: str = "見本.jpg",
    client_id: str = "u1",
    poster: bytes | None = None,
    **headers: str,
) -> Any:
    fields = {"conversation_id": talk, "client_upload_id": client_id}
    parts = [f'"{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    parts.append(f'"file"; filename="{name}"\r\n\r\n'.encode() + content)
    if poster is not None:
        parts.append(b'"poster"; filename="poster.jpg"\r\n\r\n' + poster)
    body = b"".join(
        b"--edge\r\nContent-Disposition: form-data; name=" + part + b"\r\n" for part in parts
    )
    answer = browser.client.post(
        "/api/v1/uploads",
        data=body + b"--edge--\r\n",
        content_type="multipart/form-data; boundary=edge",
        headers={"Origin": ORIGIN, "X-CSRF-Token": browser.session["csrf_token"], **headers},
    )
    check_answer("POST", "/api/v1/uploads", answer)
    return answer


def send(browser: Browser, talk: str, messages: list[Any], client_id: str = "c1") -> Any:
    path = f"/conversations/{talk}/messages"
    return browser.post(path, client_msg_id=client_id, messages=messages, seen_seq=99)


def fetch(app: Flask, address: str) -> Any:
    """As LINE does, or a phone: nobody is signed in."""
    return app.test_client().get(address.removeprefix(ORIGIN), buffered=True)


def rows_of(house: House, model: type[Any]) -> list[Any]:
    return house.store.read(lambda db: list(db.exec(select(model))))


def test_a_picture_is_drawn_anew_and_fetched_by_its_signed_address_alone(
    app: Flask, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "SECRET-PLACE"

    given_once = give(browser, talk, a_picture(exif=exif, comment=b"SECRET-COMMENT"))
    upload = given_once.get_json()
    message = upload["message"]
    whole, small = (fetch(app, message[k]) for k in ("originalContentUrl", "previewImageUrl"))

    assert given_once.status_code == 201
    assert (upload["kind"], upload["mime"], upload["name"]) == ("image", "image/jpeg", "見本.jpg")
    assert (upload["width"], upload["height"]) == (20, 60), "it stands upright"
    assert [whole.status_code, small.status_code] == [200, 200]
    assert b"SECRET" not in whole.data + small.data
    assert Image.open(BytesIO(whole.data)).getexif() == {}
    assert whole.headers["Content-Type"] == "image/jpeg"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert whole.headers["Content-Disposition"].startswith("inline")
    assert whole.headers["X-Robots-Tag"] == "noindex"
    for wrong in (message["originalContentUrl"][:-1] + "A", f"{ORIGIN}/media/{upload['id']}."):
        assert fetch(app, wrong).status_code == 404
    assert fetch(app, f"{ORIGIN}/media/{upload['id']}").status_code == 401


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_other_kinds_of_pictures_become_what_line_takes(
    sign_in: SignIn, talk: str, kind: str
) -> None:
    upload = give(sign_in(), talk, a_picture(kind), f"見本.{kind.lower()}").get_json()

    assert upload["mime"] in {"image/png", "image/jpeg"}
    assert upload["name"].endswith((".png", ".jpg"))


def test_a_large_picture_fits_lines_limits_and_a_seen_through_one_lies_on_white() -> None:
    noise = Image.effect_noise((3000, 2400), 90).convert("RGB")
    whole, seen_through = BytesIO(), BytesIO()
    noise.save(whole, "PNG")
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(seen_through, "WEBP", lossless=True)

    large, clear = redraw(whole), redraw(seen_through)

    assert len(whole.getvalue()) > MOST_BYTES
    assert len(large.content) <= MOST_BYTES
    assert len(large.preview) <= PREVIEW_BYTES
    assert large.mime == "image/jpeg"
    assert clear.mime == "image/png"
    assert Image.open(BytesIO(clear.preview)).getpixel((5, 5)) == (255, 255, 255)


def a_bomb() -> bytes:
    """A PNG of a few bytes that says it has 3.6 thousand million dots."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        checked = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + checked

    body = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def packed(**files: bytes) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


WORD = {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}
REFUSED = [
    (b"<svg onload='alert(1)'/>", "a.svg", 415),
    (b"<html><script>alert(1)</script>", "a.html", 415),
    (b"<html><script>alert(1)</script>", "a.pdf", 415),
    (b"MZ\x90\0", "a.exe", 415),
    (b"<html>", "a.png", 415),
    (a_picture()[:80], "a.jpg", 415),
    (PDF, "a.pdf.exe", 415),
    (packed(**{"a.txt": b"a"}), "a.docx", 415),
    (packed(**WORD, **{"word/vbaProject.bin": b"x"}), "a.docx", 415),
    (packed(**WORD), "a.zip", 415),
    (b"a\0b", "a.txt", 415),
    (b"", "a.pdf", 415),
    (a_bomb(), "a.png", 413),
    (b"%PDF-" + b"x" * 20_000_001, "a.pdf", 413),
]


def test_what_is_not_what_it_says_is_refused_and_nothing_is_kept(
    house: House, sign_in: SignIn, talk: str
) -> None:
    browser, began = sign_in(), time.monotonic()

    for number, (content, name, status) in enumerate(REFUSED):
        answer = give(browser, talk, content, name, f"u{number}")
        assert answer.status_code == status, name
        assert "送れ" in answer.get_json()["error"]["message"] or status == 413

    assert time.monotonic() - began < 10
    assert rows_of(house, Upload) == []
    for name, content in (
        ("見積書.pdf", PDF),
        ("案内.docx", packed(**WORD)),
        ("名簿.csv", "名前\n見本".encode("cp932")),
    ):
        assert give(browser, talk, content, name, name).status_code == 201


def test_a_file_is_sent_as_a_card_that_tells_its_day_and_can_only_be_saved(
    app: Flask, house: House, clock: Clock, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()
    upload = give(browser, talk, PDF, "../../御見積書\u202e.pdf").get_json()
    button = upload["message"]["contents"]["footer"]["contents"][0]
    texts = [part["text"] for part in upload["message"]["contents"]["body"]["contents"]]
    address = button["action"]["uri"]

    sent = send(browser, talk, [upload["message"]])
    file = fetch(app, address)

    assert sent.status_code == 201
    assert sent.get_json()["kind"] == "flex"
    told = {"id": upload["id"], "name": "御見積書.pdf", "kind": "file", "size_bytes": len(PDF)}
    origin = sent.get_json()["origin"]["upload"]
    assert origin.pop("until").startswith("2026-12-2")
    assert origin == told
    assert texts == ["御見積書.pdf", f"{len(PDF)} B", "2026年12月24日まで開けます"]
    assert upload["message"]["altText"] == f"ファイル: 御見積書.pdf({len(PDF)} B)"
    assert address.endswith("?openExternalBrowser=1")
    assert (file.status_code, file.data) == (200, PDF)
    assert file.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E5%BE%A1")
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    clock.now += timedelta(days=30)
    assert fetch(app, address).status_code == 200
    clock.now += timedelta(days=1)
    over = fetch(app, address)
    assert over.status_code == 404
    assert "ファイルを開けません" in over.get_data(as_text=True)
    assert place_of(house, rows_of(house, Upload)[0].sha256).is_file(), "the sweep is the worker's"


def test_the_same_id_twice_is_one_file_and_one_message(
    house: House, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()

    first, again = (give(browser, talk, a_picture()) for _ in range(2))
    sent = [send(browser, talk, [first.get_json()["message"]]) for _ in range(2)]

    assert [first.status_code, again.status_code] == [201, 200]
    assert first.get_json() == again.get_json()
    assert [answer.status_code for answer in sent] == [201, 200]
    assert sent[0].get_json()["id"] == sent[1].get_json()["id"]
    assert len(rows_of(house, Delivery)) == len(rows_of(house, Upload)) == 1


def test_accounts_are_a_wall_for_files_too(house: House, sign_in: SignIn, talk: str) -> None:
    def beyond(db: Session) -> str:
        account = given.the_account(db, "other")
        user = "U" + "2" * 32
        conversation, _ = given.a_message(db, account, "はい", house.clock(), 2, user)
        return conversation.id

    other_talk = house.store.write(beyond)
    inside, outside = sign_in("operator"), sign_in("operator", accounts=("other",))
    upload = give(inside, talk, a_picture()).get_json()

    assert give(outside, talk, a_picture()).status_code == 404
    stolen = send(outside, other_talk, [upload["message"]])
    assert (stolen.status_code, stolen.get_json()["error"]["code"]) == (409, "upload_gone")
    path = f"/uploads/{upload['id']}"
    assert outside.call("PATCH", path, {"name": "別の名前"}).status_code == 404
    assert outside.call("DELETE", path).status_code == 404
    assert inside.call("PATCH", path, {"name": "別の名前"}).get_json()["name"] == "別の名前.jpg"
    assert inside.call("DELETE", path).status_code == 200


def test_a_forged_address_of_ours_is_not_sent(sign_in: SignIn, talk: str) -> None:
    browser = sign_in()
    upload = give(browser, talk, a_picture()).get_json()
    forged = upload["message"] | {"previewImageUrl": f"{ORIGIN}/media/x.y"}
    foreign = upload["message"] | {"previewImageUrl": "http://example.com/a.png"}

    assert send(browser, talk, [forged]).get_json()["error"]["code"] == "upload_gone"
    assert send(browser, talk, [foreign]).status_code == 400
    assert send(browser, talk, [upload["message"]]).status_code == 201


def test_an_operator_gives_no_more_than_a_person_can(
    house: House, clock: Clock, sign_in: SignIn, talk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "RATE_COUNT", 2)
    browser = sign_in()
    for number in range(2):
        assert give(browser, talk, PDF, "a.pdf", f"u{number}").status_code == 201
        clock.pass_s(60)

    refused = give(browser, talk, PDF, "a.pdf", "u3")

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "480")
    assert give(browser, talk, PDF, "a.pdf", "u1").status_code == 200, "it is here already"
    clock.pass_s(481)
    assert give(browser, talk, PDF, "a.pdf", "u3").status_code == 201
    monkeypatch.setattr(uploads, "RATE_COUNT", 60)
    monkeypatch.setattr(uploads, "DAY_BYTES", 2 * len(PDF))
    assert give(browser, talk, PDF, "a.pdf", "u4").status_code == 429


@pytest.mark.parametrize(
    ("url", "may"), [("http://shop.example", False), ("https://shop.example", True)]
)
def test_where_line_cannot_fetch_from_us_it_is_said_before_anything_is_sent(
    house: House, sign_in: SignIn, talk: str, *, url: str, may: bool
) -> None:
    folder = str(house.settings.data_dir)
    settings = read_settings({"MADOGUCHI_DATA_DIR": folder, "MADOGUCHI_PUBLIC_URL": url})
    browser = sign_in()
    app = create_app(replace(house, settings=settings))
    kept = browser.client.get_cookie("madoguchi")
    assert kept is not None
    there = app.test_client()
    there.set_cookie("__Host-madoguchi" if may else "madoguchi", kept.value, secure=may)
    browser.client = there

    assert browser.get("/house").get_json()["can_send_files"] is may
    answer = give(browser, talk, a_picture())

    assert answer.status_code == (201 if may else 409)
    if may:
        address = answer.get_json()["message"]["originalContentUrl"]
        assert address.startswith("https://shop.example/media/")
    else:
        assert answer.get_json()["error"]["code"] == "not_reachable"
        assert "https" in answer.get_json()["error"]["message"]


def test_more_than_five_go_out_in_several_calls_in_order(
    house: House, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()
    words = [{"type": "text", "text": f"{number}通目"} for number in range(12)]

    sent = send(browser, talk, words)
    again = send(browser, talk, words)

    assert [sent.status_code, again.status_code] == [201, 200]
    calls = [[m["text"] for m in d.messages] for d in rows_of(house, Delivery)]
    assert [len(call) for call in calls] == [5, 5, 2]
    assert [text for call in calls for text in call] == [word["text"] for word in words]
    keys = {delivery.retry_key for delivery in rows_of(house, Delivery)}
    assert len(keys) == 3
    assert send(browser, talk, words * 2, "c2").status_code == 400


def test_quick_replies_and_quotes_are_checked_before_line_sees_them(
    house: House, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()
    action = {"type": "message", "label": "はい", "text": "はい、お願いします"}
    text = {"type": "text", "text": "明日はいかがですか"}

    def offering(**change: Any) -> dict[str, Any]:
        item = {"type": "action", "action": {**action, **change}}
        return {**text, "quickReply": {"items": [item]}}

    wrong = [
        [offering(label="あ" * 21)],
        [offering(label=" ")],
        [offering(text="あ" * 301)],
        [offering(type="postback")],
        [{**text, "quickReply": {"items": offering()["quickReply"]["items"] * 14}}],
        [offering(), text],
        [{**text, "quoteToken": "of another talk"}],
        [{"type": "location", "quoteToken": "q"}],
    ]

    for number, messages in enumerate(wrong):
        assert send(browser, talk, messages, f"w{number}").status_code == 400, messages
    assert send(browser, talk, [{**offering(), "quoteToken": "q"}]).status_code == 201
    (message,) = (m for m in rows_of(house, Message) if m.sender == "operator")
    assert message.content == {**offering(), "quoteToken": "q"}
    # By its place in the talk, as the console does: the token is LINE's, and may change.
    assert quoting(browser, talk, 1, "c2").get_json()["content"]["quoteToken"] == "q"
    gone = quoting(browser, talk, 2, "c3")
    assert (gone.status_code, gone.get_json()["error"]["code"]) == (409, "quote_gone")


def test_what_nobody_sends_and_what_is_past_its_day_is_dropped_but_never_what_is_shared(
    house: House, clock: Clock, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()
    picture, other = a_picture(), a_picture(size=(30, 30))
    for number, content in enumerate((picture, picture, other)):
        give(browser, talk, content, client_id=f"u{number}")
    rows = {row.client_upload_id: row for row in rows_of(house, Upload)}
    browser.call("DELETE", f"/uploads/{rows['u0'].id}")
    sent = give(browser, talk, PDF, "a.pdf", "file").get_json()
    send(browser, talk, [sent["message"]])

    def due() -> dict[str, int]:
        found = house.store.write(lambda db: uploads.claim_droppings(db, clock(), 10))
        for dropping in found:
            house.store.write(
                lambda db, d=dropping: uploads.record_dropping(db, d.upload_id, clock())
            )
        return {dropping.upload_id: len(dropping.hashes) for dropping in found}

    assert due() == {rows["u0"].id: 0}, "another one has the same content"
    clock.now += timedelta(days=8)
    assert due() == {rows["u1"].id: 2, rows["u2"].id: 2}
    clock.now += timedelta(days=24)
    assert due() == {sent["id"]: 1}
    again = Browser(browser.client, "operator0@example.com")
    revived = give(again, talk, picture, client_id="u1")
    assert (revived.status_code, revived.get_json()["id"]) == (201, rows["u1"].id)
