"""A shop without LINE: flows are published, friends write, staff answer, time passes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from bot.flow_source import FlowSource
from bot.turn import do_turn
from console.publishing import How, Outcome, Wish, publish_folder
from flows.language.loader import Folder, load_files
from storage import arrivals, desk, timers
from storage.models.flows import Run
from storage.models.operators import Operator
from storage.models.people import Account
from storage.models.talks import Conversation, Message
from storage.unit import Store
from tests import given


def folder_of(files: Mapping[str, str]) -> Folder:
    folder = load_files({name: text.encode() for name, text in files.items()})
    assert [p for p in folder.loading_problems() if p.severity == "E"] == []
    return folder


@dataclass
class Shop:
    store: Store
    now: datetime
    events: int = 0

    def publish(self, files: Mapping[str, str], how: How = "finish", note: str = "") -> Outcome:
        outcome = publish_folder(self.store, folder_of(files), Wish(how, note), self.now)
        self.work()
        return outcome

    def says(self, text: str, user: str = given.USER) -> None:
        self.now += timedelta(minutes=1)
        self.events += 1
        event = given.a_text_event(text, self.events, user)
        self._arrives(event)

    def taps(self, label: str, user: str = given.USER) -> None:
        """Press a quick reply of the newest bubble."""
        self.now += timedelta(minutes=1)
        self.events += 1
        last = self.said(user)[-1].content
        actions = [item["action"] for item in last["quickReply"]["items"]]
        data = next(action["data"] for action in actions if action["label"] == label)
        event = given.a_text_event("", self.events, user)
        del event["message"]
        self._arrives({**event, "type": "postback", "postback": {"data": data}})

    def _arrives(self, event: dict[str, object]) -> None:
        def keep(db: Session) -> None:
            account = db.get_one(Account, "main")
            arrivals.keep(db, account, [event], self.now)

        self.store.write(keep)
        self.work()

    def passes(self, length: timedelta) -> None:
        """Time passes; what is due on the way happens at the end of it."""
        self.now += length
        self.store.write(lambda db: timers.fire_due(db, self.now))
        self.work()

    def takes(self, operator: Operator, user: str = given.USER) -> None:
        self.now += timedelta(minutes=1)
        talk = self.talk(user)
        self.store.write(lambda db: desk.take(db, talk.id, operator, talk.epoch, self.now))
        self.work()

    def resolves(self, operator: Operator, user: str = given.USER) -> None:
        self.now += timedelta(minutes=1)
        talk = self.talk(user)
        self.store.write(lambda db: desk.resolve(db, talk.id, operator, self.now))
        self.work()

    def work(self) -> None:
        """Do every turn that waits, with what is published now."""
        book = FlowSource(self.store).book()

        def one(db: Session) -> bool:
            arrival = arrivals.claim(db, self.now)
            if arrival is not None:
                do_turn(db, arrival, book, self.now)
            return arrival is not None

        while self.store.write(one):
            pass

    def talk(self, user: str = given.USER) -> Conversation:
        def find(db: Session) -> Conversation:
            return given.a_talk(db, db.get_one(Account, "main"), self.now, user)

        return self.store.write(find)

    def said(self, user: str = given.USER) -> list[Message]:
        """What the bot said to somebody."""
        talk = self.talk(user)
        query = select(Message).where(
            Message.conversation_id == talk.id, Message.sender == "bot"
        ).order_by(Message.seq)  # fmt: skip
        return self.store.read(lambda db: list(db.exec(query)))

    def texts(self, user: str = given.USER) -> list[str]:
        return [message.text or "" for message in self.said(user)]

    def runs(self, user: str = given.USER) -> list[Run]:
        talk = self.talk(user)
        query = select(Run).where(Run.conversation_id == talk.id).order_by(Run.started_at, Run.id)
        return self.store.read(lambda db: list(db.exec(query)))


def a_shop(store: Store, now: datetime, files: Mapping[str, str]) -> Shop:
    """The first publish is done; nobody has written yet."""
    store.write(lambda db: given.an_account(db, now))
    shop = Shop(store, now)
    shop.publish(files)
    return shop
