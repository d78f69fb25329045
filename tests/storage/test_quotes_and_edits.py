"""What lines quote, with what they can be quoted, and what becomes of a line that was changed."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from storage import intents, outbox, post, rows
from storage.conversations import Scope
from storage.editing import Edit, edit
from storage.finding import Wanted
from storage.hits import list_hits
from storage.incoming import Incoming, receive, unsend
from storage.models.people import Account
from storage.models.talks import Conversation, Message
from storage.outcomes import Sent
from storage.quotes import Accepted
from storage.search_words import read_words
from storage.talks import lock
from storage.unit import Store
from tests import given

MINUTE = timedelta(minutes=1)


def a_talk(store: Store, now: datetime) -> str:
    return store.write(lambda db: given.a_talk(db, given.an_account(db, now), now).id)


def hear(db: Any, talk: str, now: datetime, number: str, text: str, **content: Any) -> Message:
    conversation = lock(db, talk)
    account = db.get_one(Account, conversation.account_id)
    event = given.a_text_event(text, int(number), timestamp=int(now.timestamp() * 1000))
    arrival = given.an_arrival(db, account, event, now)
    told = {"type": "text", "id": number, "text": text, "quoteToken": f"q{number}", **content}
    line = Incoming("text", told, now, text, number)
    message = receive(db, conversation, line, arrival, now)
    given.finish(db, arrival, now)
    return message


def change(db: Any, talk: str, at: datetime, number: str, text: str) -> None:
    conversation = lock(db, talk)
    account = db.get_one(Account, conversation.account_id)
    event = given.a_text_event(text, int(number) + int(at.timestamp()) % 1_000_000)
    arrival = given.an_arrival(db, account, event, at)
    told = {"type": "text", "id": number, "text": text, "quoteToken": f"new{number}"}
    edit(db, conversation, Edit(number, told, text, at), arrival, at)
    given.finish(db, arrival, at)


def lines(store: Store, talk: str) -> list[dict[str, Any]]:
    def read(db: Any) -> list[dict[str, Any]]:
        query = select(Message).where(Message.conversation_id == talk).order_by(Message.seq)
        return rows.message_rows(db, list(db.exec(query).all()))

    return store.read(read)


def found(store: Store, words: str) -> int:
    def read(db: Any) -> int:
        wanted = Wanted(read_words(words), "message")
        hits, _ = list_hits(db, Scope("o"), wanted, None, 10)
        return len(hits)

    return store.read(read)


def test_a_customers_quote_names_the_line_and_an_unknown_one_names_none(
    store: Store, now: datetime
) -> None:
    talk = a_talk(store, now)
    store.write(lambda db: hear(db, talk, now, "11", "元の文"))

    store.write(lambda db: hear(db, talk, now, "12", "これ", quotedMessageId="11"))
    store.write(lambda db: hear(db, talk, now, "13", "あれ", quotedMessageId="99"))

    first, quoting, lost = lines(store, talk)
    assert (first["quoted_seq"], first["can_quote"]) == (None, True)
    assert (quoting["quoted_seq"], lost["quoted_seq"]) == (first["seq"], None)


def test_what_line_accepted_can_be_quoted_by_both_sides(store: Store, now: datetime) -> None:
    talk = a_talk(store, now)
    store.write(lambda db: post.say(db, lock(db, talk), given.an_answer("t1"), now))
    assert not lines(store, talk)[0]["can_quote"]

    work = store.write(lambda db: intents.claim_due(db, now, 9))[0]
    sent = Sent("id", (Accepted("m-1", "token-1"),))
    store.write(lambda db: outbox.record(db, work, sent, now))
    store.write(lambda db: hear(db, talk, now, "21", "それ", quotedMessageId="m-1"))
    reply = given.a_reply("c1", force=True)
    quoting = [{**message, "quoteToken": "token-1"} for message in reply.messages]
    operator = store.write(lambda db: given.an_operator(db, now))
    told = post.Reply("c1", quoting, reply.texts, reply.seen_seq, force=True)
    store.write(lambda db: post.send(db, talk, operator, told, now))

    shown = [line for line in lines(store, talk) if line["sender"] != "system"]
    assert [line["quoted_seq"] for line in shown] == [None, 1, 1]
    assert (shown[0]["can_quote"], shown[0]["delivery_at"] is not None) == (True, True)


def test_a_changed_line_says_only_what_it_says_now(store: Store, now: datetime) -> None:
    talk = a_talk(store, now)
    store.write(lambda db: hear(db, talk, now, "31", "土曜の縮毛矯正"))
    store.write(lambda db: change(db, talk, now + 2 * MINUTE, "31", "日曜の縮毛矯正"))

    store.write(lambda db: change(db, talk, now + MINUTE, "31", "月曜の縮毛矯正"))  # an older one

    (line,) = lines(store, talk)
    assert (line["text"], line["content"]["text"]) == ("日曜の縮毛矯正", "日曜の縮毛矯正")
    assert line["edited_at"] == rows.moment(now + 2 * MINUTE)
    assert (found(store, "土曜の縮毛"), found(store, "日曜の縮毛")) == (0, 1)

    def row(db: Any) -> Conversation:
        return db.get_one(Conversation, talk)

    conversation = store.read(row)
    assert (conversation.last_message or {})["text"] == "日曜の縮毛矯正"
    assert conversation.unseen_count == 2  # staff who saw the line before see that it changed


def test_a_change_that_overtakes_its_message_is_one_line(store: Store, now: datetime) -> None:
    talk = a_talk(store, now)
    store.write(lambda db: change(db, talk, now + MINUTE, "41", "あとの文"))

    message = store.write(lambda db: hear(db, talk, now, "41", "まえの文"))

    assert message.text == "あとの文"
    assert [line["text"] for line in lines(store, talk)] == ["あとの文"]


def test_what_was_taken_back_is_not_changed_any_more(store: Store, now: datetime) -> None:
    talk = a_talk(store, now)
    store.write(lambda db: hear(db, talk, now, "51", "消す文"))
    store.write(lambda db: unsend(db, lock(db, talk), "51", now))

    store.write(lambda db: change(db, talk, now + MINUTE, "51", "戻る文"))

    (line,) = lines(store, talk)
    assert (line["text"], line["can_quote"], line["edited_at"]) == (None, False, None)
    assert found(store, "戻る文") == 0
