"""Events that were kept before it was noted whose words they hold: found, and emptied."""

from datetime import datetime

from sqlmodel import Session, col, select, update

from storage.flow_versions import publish
from storage.incoming import unsend
from storage.migrate import downgrade, upgrade
from storage.models.flows import RunEvent
from storage.models.tables import METADATA
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival
from storage.runs import RunState, Turn, log_turn, save_run
from storage.unit import Store
from tests import given

BEFORE = "0022"
SECRET = "ひみつの住所です"


def where(store: Store) -> list[str]:
    """The tables in which the words stand."""

    def read(db: Session) -> list[str]:
        tables = METADATA.tables.values()
        rows = [(one.name, repr(tuple(row))) for one in tables for row in db.execute(select(one))]
        return sorted({name for name, row in rows if SECRET in row})

    return store.read(read)


def a_walk(db: Session, talk: Conversation, turns: list[str], now: datetime) -> None:
    """A run that heard the same words in each of these turns."""
    publish(db, [given.a_version()], None, now)
    db.flush()
    save_run(db, talk, RunState("r1", "welcome", "h1", "going", {}, now), now)
    for turn_id in turns:
        log = {"payload": {"text": SECRET}, "state_before": None, "state_after": {}, "effects": []}
        log_turn(db, Turn("r1", "Said", hash="h1", context={"turn_id": turn_id}, **log), now)


def test_what_is_taken_back_is_emptied_in_events_of_before_too(
    store: Store, database_url: str, now: datetime
) -> None:
    def fill(db: Session) -> None:
        account = given.an_account(db, now)
        given.a_message(db, account, SECRET, now, 1)
        given.a_message(db, account, f"{SECRET}?", now, 2)

    def as_it_was_once(db: Session) -> None:
        """The first was taken back when nobody looked for its event."""
        db.execute(update(Arrival).values(line_message_id=None))
        first = db.exec(select(Message).where(Message.line_message_id == "1")).one()
        first.text, first.content, first.unsent_at = None, {}, now
        numbers = db.exec(select(Arrival.id).order_by(col(Arrival.id))).all()
        a_walk(db, db.exec(select(Conversation)).one(), [f"{one:x}" for one in numbers], now)

    store.write(fill)
    downgrade(database_url, BEFORE)
    store.write(as_it_was_once)
    upgrade(database_url)

    heard = store.read(lambda db: db.exec(select(RunEvent).order_by(col(RunEvent.seq))).all())
    assert [one.payload["text"] for one in heard] == ["…", SECRET], "only of its own turn"

    known = store.read(lambda db: db.exec(select(Arrival.line_message_id)).all())
    assert sorted(known) == ["1", "2"]
    events = store.read(
        lambda db: {one.line_message_id: one.raw for one in db.exec(select(Arrival))}
    )
    assert events["1"]["message"] == {"id": "1", "type": "text"}
    assert events["2"]["message"]["text"] == f"{SECRET}?"

    def take_back(db: Session) -> None:
        talk = db.exec(select(Conversation)).one()
        for message_id in ("1", "2"):
            unsend(db, talk, message_id, now)

    store.write(take_back)
    assert where(store) == []
