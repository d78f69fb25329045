"""From the console's door to the phone: stickers, pictures, films, files, quotes, ways to answer.

The simulator holds every request against LINE's own files.
"""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlmodel import Session, select

from bot.media_folder import MediaFolder
from console.app import create_app as create_console
from console.door import House
from console.passwords import hash_password
from console.settings import read_settings
from storage.models.people import Friend
from storage.models.talks import Conversation, Message
from storage.operators import NewOperator, add_operator
from storage.unit import Store
from tests import given
from tests.bot.conftest import Line, eventually
from tests.bot.openapi import check_request
from tests.console.conftest import PASSWORD, Browser
from tests.console.recordings import FILM, a_sound
from tests.console.test_uploads import give

HASH = hash_password(PASSWORD)


@pytest.fixture
def desk(counter: Line, store: Store, tmp_path: Path) -> Browser:
    """Somebody signed in at the console of the very same house, while the shop is open."""
    counter.opens()
    settings = read_settings(
        {
            "MADOGUCHI_DATA_DIR": str(tmp_path),
            "MADOGUCHI_LINE_API_URL": counter.url,
            "MADOGUCHI_PUBLIC_URL": "http://127.0.0.1:8000",
        }
    )
    house = House(store, settings, given.KEY, beside=lambda work: work(), clock=counter.now)
    new = NewOperator("a@example.com", "見本スタッフA", "operator", HASH)
    store.write(lambda db: add_operator(db, new, counter.now()))
    return Browser(create_console(house).test_client(), "a@example.com")


def talk_of(store: Store, user: str) -> tuple[str, str]:
    """The talk, and what the customer's newest words are quoted by."""

    def read(db: Session) -> tuple[str, str] | None:
        friend = db.exec(select(Friend).where(Friend.line_user_id == user)).one()
        talk = db.exec(select(Conversation).where(Conversation.friend_id == friend.id)).one()
        words = select(Message).where(Message.sender == "customer", Message.kind == "text")
        said = db.exec(words).first()
        return None if said is None else (talk.id, str(said.content["quoteToken"]))

    found: tuple[str, str] = eventually(lambda: store.read(read), "the words are there")
    return found


def a_picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(written, "PNG")
    return written.getvalue()


def test_what_staff_send_arrives_as_line_describes_it(
    counter: Line, desk: Browser, store: Store
) -> None:
    user = counter.friend()
    counter.does(user, "follow")
    counter.does(user, "say", text="見積もりをください")
    eventually(lambda: counter.texts(user), "the bot answers")
    talk, token = talk_of(store, user)
    action = {"type": "message", "label": "お願いします", "text": "それでお願いします"}
    quick = {"items": [{"type": "action", "action": action}]}

    def given_file(content: bytes, name: str) -> dict[str, Any]:
        answer = give(desk, talk, content, name, name)
        assert answer.status_code == 201, answer.get_json()
        message: dict[str, Any] = answer.get_json()["message"]
        return message

    picture, file = given_file(a_picture(), "見本.png"), given_file(b"%PDF-1.7\n", "見積書.pdf")
    body = {
        "client_msg_id": "c1",
        "messages": [
            {"type": "text", "text": "こちらです", "quoteToken": token},
            picture,
            {**file, "quickReply": quick},
        ],
        "seen_seq": 99,
    }
    sent = desk.call("POST", f"/conversations/{talk}/messages", body)
    quoting = {"type": "text", "text": "あ", "quoteToken": "quote-1-of-nobody"}
    foreign = {**body, "client_msg_id": "c2", "messages": [quoting]}
    refused = desk.call("POST", f"/conversations/{talk}/messages", foreign)

    assert (sent.status_code, refused.status_code) == (201, 400)
    phone = counter.simulator.friends[user].screen
    eventually(lambda: phone[-1]["message"]["type"] == "flex", "all three arrive")
    shown = phone[-3:]
    assert [item["message"]["type"] for item in shown] == ["text", "image", "flex"]
    said = next(item for item in phone if item["from"] == "friend")
    assert shown[0]["quoted"] == said["id"]
    assert picture["previewImageUrl"].startswith("http://127.0.0.1:")
    for call in [*counter.calls("/message/push"), *counter.calls("/message/reply")]:
        assert call["status"] == 200
        check_request(call["path"], call["body"])
    # What the customer taps comes as their own words.
    counter.does(user, "say", text=action["text"])
    eventually(lambda: _last_words(store, talk) == action["text"], "the words arrive")


def test_stickers_films_and_sounds_arrive_as_line_describes_them(
    counter: Line, desk: Browser, store: Store
) -> None:
    user = counter.friend()
    counter.does(user, "follow")
    counter.does(user, "say", text="仕上がりを見たいです")
    eventually(lambda: counter.texts(user), "the bot answers")
    talk, token = talk_of(store, user)

    film = give(desk, talk, FILM, "見本.mp4", "film", poster=a_picture()).get_json()["message"]
    sound = give(desk, talk, a_sound(7400), "見本.m4a", "sound").get_json()["message"]
    sticker = {"type": "sticker", "packageId": "8515", "stickerId": "16581243"}
    body = {
        "client_msg_id": "c1",
        "messages": [{**sticker, "quoteToken": token}, film, sound],
        "seen_seq": 99,
    }
    sent = desk.call("POST", f"/conversations/{talk}/messages", body)

    assert sent.status_code == 201
    phone = counter.simulator.friends[user].screen
    eventually(lambda: phone[-1]["message"]["type"] == "audio", "all three arrive")
    shown = phone[-3:]
    assert [item["message"]["type"] for item in shown] == ["sticker", "video", "audio"]
    said = next(item for item in phone if item["from"] == "friend")
    assert shown[0]["quoted"] == said["id"]
    assert shown[2]["message"]["duration"] == 7400
    for call in [*counter.calls("/message/push"), *counter.calls("/message/reply")]:
        assert call["status"] == 200
        check_request(call["path"], call["body"])


def _last_words(store: Store, talk: str) -> str | None:
    query = select(Message).where(Message.conversation_id == talk, Message.sender == "customer")
    return store.read(lambda db: db.exec(query.order_by(Message.seq)).all()[-1].text)


def test_the_worker_drops_what_was_taken_out_again(
    counter: Line, desk: Browser, store: Store, tmp_path: Path
) -> None:
    user = counter.friend()
    counter.does(user, "follow")
    counter.does(user, "say", text="はい")
    eventually(lambda: counter.texts(user), "the bot answers")
    talk, _ = talk_of(store, user)
    folder = MediaFolder(tmp_path / "media")

    upload = give(desk, talk, a_picture(), "見本.png", "u1").get_json()
    kept = [path for path in folder.path.rglob("*") if path.is_file()]
    assert len(kept) == 2
    desk.call("DELETE", f"/uploads/{upload['id']}")

    eventually(lambda: not any(path.exists() for path in kept), "both files are gone")
