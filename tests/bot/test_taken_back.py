"""What a customer takes back is in no row of any table, whatever was made of it."""

import pytest
from sqlmodel import Session, col, select

from bot.line_client import LineClient
from storage import notes, operator_friends
from storage.letters import letter_of
from storage.models.flows import Run, RunEvent
from storage.models.people import CustomerField
from storage.models.tables import METADATA
from storage.models.talks import Conversation, Handoff, Message, Note
from storage.models.work import Delivery, JournalEntry
from storage.outcomes import MonthOver
from storage.unit import Store
from tests import given
from tests.bot.conftest import Line, eventually

SECRET = "ひみつのとおりイロハニ番地"
TELEPHONE = "０９０-5555-0123"
TOLD_OF_IT = ("5555-0123", "55550123")  # so long that no key of a call has it by chance
LONG = SECRET * 30  # shown elsewhere by its beginning

ASKING = """
flow: address
title: 住所の見本
start: {keyword: 住所}
steps:
  - ask: ご住所をどうぞ
    id: where
    save: field.last_message
  - ask: お電話番号をどうぞ
    id: tel
    type: phone
    save: field.phone
  - say: "{{answer.where}} の {{answer.tel}} ですね"
  - ask: よろしいですか
    id: sure
    choices: [はい, いいえ]
  - handoff: 担当者がお返事します
    id: staff
    to: 受付
    note: "{{answer.where}} {{answer.tel}}"
    when_open: yes
    done: {goto: bye}
  - say: ありがとうございました
    id: bye
"""


def everything(store: Store) -> str:
    """Every row of every table, as text, and the search as it folds it."""

    def read(db: Session) -> str:
        tables = METADATA.tables.values()
        rows = (
            f"{table.name}: {tuple(row)!r}" for table in tables for row in db.execute(select(table))
        )
        return "\n".join(rows)

    return store.read(read)


def where(store: Store, *words: str) -> list[str]:
    """The tables in which one of the words stands."""
    lines = everything(store).splitlines()
    return sorted({one.partition(":")[0] for one in lines if any(word in one for word in words)})


def own(counter: Line, user: str) -> list[str]:
    """The ids of what a friend has sent."""
    screen = counter.simulator.friends[user].screen
    return [item["message"]["id"] for item in screen if item["from"] == "friend"]


def lines(store: Store) -> list[Message]:
    return store.read(lambda db: list(db.exec(select(Message).order_by(col(Message.seq)))))


def answers(counter: Line, store: Store, user: str, text: str) -> None:
    """The friend says something, and what the bot answers is out."""
    known = len(counter.texts(user))
    counter.does(user, "say", text=text)
    eventually(lambda: len(counter.texts(user)) > known, f"an answer to {text[:20]}")
    eventually(lambda: all_sent(store), "all is out")


def all_sent(store: Store) -> bool:
    ended = select(Delivery.ended_at)
    return store.read(lambda db: None not in db.exec(ended).all())


@pytest.fixture
def told(counter: Line, store: Store) -> str:
    """A friend who told the bot and the staff where they live."""
    counter.publish(address=ASKING)
    counter.opens()
    user = counter.friend()
    for text in ("住所", LONG, TELEPHONE, "はい"):
        answers(counter, store, user, text)
    store.write(lambda db: quote(db, counter))
    return user


def quote(db: Session, counter: Line) -> None:
    """Staff quote it in a note, and were told of it by LINE, by a letter that waits."""
    now, talk = counter.now(), db.exec(select(Conversation)).one()
    operator = given.an_operator(db, now)
    words = f"お客様から\n> {LONG}\n「{TELEPHONE}」\n折り返す"
    notes.add_note(db, talk.id, operator, "n-1", words, now=now)
    own_talk = given.a_talk(db, given.the_account(db), now, "U" + "b" * 32)
    operator_friends.link(db, own_talk, operator, now)
    db.flush()
    for entry in db.exec(select(JournalEntry).where(JournalEntry.kind == "message.received")):
        text = f"返信\n{(entry.payload['message']['text'] or '')[:140]}"
        source = letter_of(operator.id, "main", entry.id)
        letter = operator_friends.Letter(
            [{"type": "text", "text": text}], source, "2026-11-24", 20, has_quota=True
        )
        operator_friends.tell(db, operator.id, letter, now)
    for delivery in db.exec(select(Delivery).where(Delivery.conversation_id == own_talk.id)):
        delivery.due_at = now + given.LONG  # it waits, and nobody comes between
        db.add(delivery)


def test_of_what_is_taken_back_no_copy_is_left_in_any_table(
    counter: Line, store: Store, told: str
) -> None:
    copied = where(store, SECRET, *TOLD_OF_IT)
    assert {"run", "run_event", "handoff", "customer_field", "note", "delivery"} <= set(copied)
    assert {"arrival", "journal_entry", "message", "search_text"} <= set(copied)
    _, address, telephone, yes = own(counter, told)

    for message_id in (address, telephone):
        counter.does(told, "unsend", message_id=message_id)
    eventually(lambda: taken_back(store) == 2, "both are taken back")

    assert where(store, SECRET, *TOLD_OF_IT) == []
    note = store.read(lambda db: db.exec(select(Note)).one())
    assert note.text == "お客様から\n…\n…\n折り返す"
    (said,) = [one for one in lines(store) if one.text and one.text.endswith("ですね")]
    assert said.text == "… の … ですね"
    handoff = store.read(lambda db: db.exec(select(Handoff)).one())
    assert {one["value"] for one in handoff.answers} == {"…", "はい"}
    assert store.read(lambda db: db.exec(select(CustomerField)).all()) == []
    entries = store.read(lambda db: db.exec(select(JournalEntry.id)).all())
    assert sorted(entries) == list(range(1, len(entries) + 1)), "the journal has no hole"

    counter.does(told, "unsend", message_id=yes)
    eventually(lambda: taken_back(store) == 3, "a choice is taken back")
    (run,) = store.read(lambda db: db.exec(select(Run).where(Run.flow_id == "address")).all())
    assert run.state["frames"][0]["answers"]["sure"] == "はい", "a choice is the flow's own word"
    heard = store.read(lambda db: [one.payload.get("text") for one in db.exec(select(RunEvent))])
    assert [text for text in heard if text] == ["住所", "…", "…", "…"]


def taken_back(store: Store) -> int:
    return sum(1 for one in lines(store) if one.unsent_at is not None)


@pytest.mark.parametrize("counter", ["strict"], indirect=True)
def test_what_waits_to_be_said_goes_out_without_it(
    counter: Line, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.publish(address=ASKING)
    user = counter.friend()
    for text in ("住所", SECRET):
        answers(counter, store, user, text)
    monkeypatch.setattr(LineClient, "send", lambda *_: MonthOver())
    counter.does(user, "say", text=TELEPHONE)
    waiting = eventually(lambda: held(store), "the bot's answer waits for the month")
    assert SECRET in str(waiting[0].messages)

    counter.does(user, "unsend", message_id=own(counter, user)[1])
    eventually(lambda: taken_back(store) == 1, "it is taken back")

    (after,) = held(store)
    assert after.messages[0]["text"] == "… の 09055550123 ですね"
    assert after.retry_key != waiting[0].retry_key, "LINE has seen the old key with other words"
    assert where(store, SECRET) == []


def held(store: Store) -> list[Delivery]:
    query = select(Delivery).where(col(Delivery.held).is_not(None))
    return store.read(lambda db: list(db.exec(query)))


def test_what_was_taken_back_before_it_came_is_not_heard(counter: Line, store: Store) -> None:
    counter.publish(address=ASKING)
    user = counter.friend()
    answers(counter, store, user, "住所")
    source = {"source": {"type": "user", "userId": user}}
    known = len(counter.texts(user))

    counter.event("unsend", unsend={"messageId": "77"}, **source)
    message = {"type": "text", "id": "77", "text": SECRET, "quoteToken": "q"}
    counter.event("message", message=message, replyToken="0" * 32, **source)
    answers(counter, store, user, "ほんとうの住所")

    assert len(counter.texts(user)) == known + 1
    assert where(store, SECRET) == []
