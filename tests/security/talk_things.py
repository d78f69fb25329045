"""Real rows of a talk, each made when it is first asked for."""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlmodel import Session, col, select

from console.door import House
from console.kept_files import keep_file
from storage import (
    desk,
    notes,
    post,
    uploads,
)  # fmt: skip
from storage.desk import Assignment, HandoffRequest
from storage.forms import make_form
from storage.models.operators import Operator
from storage.models.people import Customer
from storage.models.talks import Conversation, Media, Message, Note
from storage.models.work import Delivery
from storage.operator_links import make_link
from storage.operators import NewOperator, add_operator
from storage.seal import FORM, sign
from tests import given
from tests.security.persons import NUMBERS, add_person


class TalkThings:
    """What belongs to one account. by: who asks, or a colleague of theirs; mark: in every text."""

    def __init__(self, house: House, account: str, by: str, mark: str) -> None:
        self.house, self.account, self.by, self.mark = house, account, by, mark
        self.now, self.number = house.clock(), next(NUMBERS)
        self.later = (self.now + timedelta(days=1)).isoformat()

    def _write(self, work: Callable[[Session], Any]) -> Any:
        return self.house.store.write(work)

    @cached_property
    def talk(self) -> str:
        """A friend wrote, and a flow asked for a person; nobody has taken it."""
        return str(self._write(self._begin))

    def _begin(self, db: Session) -> str:
        account = given.the_account(db, self.account)
        user = f"U{self.number:032d}"
        talk, _ = given.a_message(
            db, account, f"{self.mark} 人と話したい", self.now, self.number, user
        )
        person = db.get_one(Customer, talk.customer_id)
        person.name = f"{self.mark} {self.number}"
        desk.hand_off(db, talk, HandoffRequest("受付", {"kind": "step"}), self.now)
        me = self._me(db)
        notes.add_note(db, talk.id, me, f"n{self.number}", f"{self.mark} ノート", now=self.now)
        return str(talk.id)

    def _me(self, db: Session) -> Operator:
        return db.get_one(Operator, self.by)

    def _talk(self, db: Session) -> Conversation:
        return db.get_one(Conversation, self.talk)

    @cached_property
    def note(self) -> str:
        """One's own, in the talk."""
        talk = self.talk
        query = select(Note).where(col(Note.conversation_id) == talk)
        return str(self.house.store.read(lambda db: db.exec(query).one().id))

    @cached_property
    def customer(self) -> str:
        return str(self.house.store.read(lambda db: self._talk(db).customer_id))

    @cached_property
    def seen(self) -> dict[str, Any]:
        """The talk as a list shows it."""

        def read(db: Session) -> dict[str, Any]:
            talk = self._talk(db)
            return {"id": talk.id, "epoch": talk.epoch, "seq": talk.last_seq}

        row: dict[str, Any] = self.house.store.read(read)
        return row

    @cached_property
    def colleague(self) -> str:
        """Somebody who sees this account alone, and holds the talk `held`."""
        return add_person(self.house, "operator", (self.account,)).id

    @cached_property
    def held(self) -> str:
        """The talk, which the colleague holds."""
        talk, colleague = self.talk, self.colleague

        def write(db: Session) -> None:
            to = db.get_one(Operator, colleague)
            desk.assign(db, talk, self._me(db), Assignment(to, None, 1), self.now)

        self._write(write)
        return talk

    @cached_property
    def person(self) -> dict[str, Any]:
        """The colleague as the managers' page shows them."""
        self.held  # noqa: B018 # so that they have something to lose
        read = self.house.store.read
        return {"version": read(lambda db: db.get_one(Operator, self.colleague).version)}

    @cached_property
    def invited(self) -> str:
        """Somebody who was invited, and has not joined."""

        def write(db: Session) -> str:
            new = NewOperator(f"i{self.number}@example.com", "見本", "viewer", "", (self.account,))
            return add_operator(db, new, self.now).id

        return str(self._write(write))

    @cached_property
    def link(self) -> str:
        """The token of a one-time address of theirs."""
        invited = self.invited
        return str(
            self._write(lambda db: make_link(db, db.get_one(Operator, invited), self.now).token)
        )

    @cached_property
    def snoozed(self) -> str:
        until = self.now + timedelta(hours=1)
        talk = self.talk
        self._write(lambda db: desk.snooze(db, talk, self._me(db), until, self.now))
        return talk

    @cached_property
    def resolved(self) -> str:
        talk = self.talk
        self._write(lambda db: desk.resolve(db, talk, self._me(db), self.now))
        return talk

    @cached_property
    def sent(self) -> Message:
        """A line of one's own that can still be taken back."""
        talk = self.talk
        reply = post.Reply(f"c{self.number}", [given.HELLO], ["見本"], 99, undo_s=30)
        message: Message = self._write(
            lambda db: post.send(db, talk, self._me(db), reply, self.now)[0][0]
        )
        return message

    @cached_property
    def message(self) -> str:
        return str(self.sent.id)

    @cached_property
    def delivery(self) -> str:
        """What may not have arrived."""
        number = self.sent.delivery_id

        def write(db: Session) -> None:
            db.get_one(Delivery, number).state = "maybe_sent"

        self._write(write)
        return str(number)

    @cached_property
    def aside(self) -> str:
        """An event of the friend that failed every try."""
        talk, user = self.talk, f"U{self.number:032d}"

        def write(db: Session) -> int:
            event = given.a_text_event(f"{self.mark} 二つ目", self.number + 1_000_000, user)
            arrival = given.an_arrival(db, given.the_account(db, self.account), event, self.now)
            arrival.state, arrival.tries, arrival.done_at = "aside", 5, self.now
            arrival.conversation_id, arrival.trouble = talk, "KeyError"
            return arrival.id or 0

        return str(self._write(write))

    @cached_property
    def media(self) -> str:
        """A file that the friend sent."""
        return self._media("ready")

    @cached_property
    def failed_media(self) -> str:
        return self._media("failed")

    def _media(self, state: str) -> str:
        talk, content = self.talk, self.mark.encode()

        def write(db: Session) -> str:
            media = Media(
                account_id=self.account, line_message_id=f"m{self.number}", kind="file",
                state=state, mime="text/plain", file_name=f"{self.mark}.txt",
                sha256=keep_file(self.house, content), created_at=self.now,
            )  # fmt: skip
            db.add(media)
            db.flush()
            found = db.get_one(Conversation, talk)
            given.a_line(db, found, "ファイル", self.now).media_id = media.id
            return media.id

        return str(self._write(write))

    @cached_property
    def upload(self) -> str:
        """A file that one gave, and has not sent."""
        talk = self.talk
        sha256 = keep_file(self.house, b"sample")
        kept = uploads.Kept("file", f"{self.mark}.txt", "text/plain", 6, sha256)

        def write(db: Session) -> str:
            found = db.get_one(Conversation, talk)
            place, name = uploads.place_in(found), f"u{self.number}"
            return uploads.keep_upload(db, place, self.by, name, kept, self.now).id

        return str(self._write(write))

    @cached_property
    def address(self) -> str:
        """The signed name of that file."""
        return sign(self.house.key, "media", self.upload)

    @cached_property
    def form(self) -> str:
        """The signed name of a form's page."""
        talk = self.talk
        made = self._write(
            lambda db: make_form(db, db.get_one(Conversation, talk), "form", self._me(db), self.now)
        )
        return sign(self.house.key, FORM, made.id)
