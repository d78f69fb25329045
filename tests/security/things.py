"""Real rows for a request to meet: of one account, each made when it is first asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from console.door import House
from console.kept_files import keep_file
from storage import (
    desk,
    drafts,
    faq_questions,
    flow_versions,
    operators,
    post,
    saved_replies,
    saved_views,
    scheduled,
    uploads,
)  # fmt: skip
from storage import second_factor as codes
from storage.conversations import Scope
from storage.desk import Assignment, HandoffRequest
from storage.desk_rules import get_rules
from storage.faq_questions import NewQuestion
from storage.forms import make_form
from storage.models.flows import FaqQuestion
from storage.models.notices import Notice
from storage.models.operators import Operator, OperatorSession
from storage.models.people import Customer
from storage.models.talks import Conversation, Media, Message
from storage.models.work import Delivery
from storage.operator_links import make_link
from storage.operators import NewOperator, add_operator
from storage.runs import RunState, save_run
from storage.seal import FORM, sign
from tests import given
from tests.console.conftest import HASH
from tests.rfc6238 import code_at

NUMBERS = count(1)


@dataclass
class Person:
    """Somebody who is signed in: no password is hashed for it."""

    id: str
    token: str
    csrf_token: str
    session_id: str


def add_person(house: House, role: str, accounts: tuple[str, ...]) -> Person:
    """A new one, with a session of their own."""
    number, now = next(NUMBERS), house.clock()
    token = f"token-{number}"

    def write(db: Session) -> str:
        new = NewOperator(f"{number}@example.com", f"見本 {number}", role, HASH, accounts)
        operator = add_operator(db, new, now)
        operators.begin_session(db, operator, _session(operator, token, now))
        return operator.id

    id_ = house.store.write(write)
    return Person(id_, token, f"csrf-{token}", operators.hash_token(token)[:32])


def _session(operator: Operator, token: str, now: Any) -> OperatorSession:
    return OperatorSession(
        token_sha256=operators.hash_token(token),
        operator_id=operator.id,
        csrf_token=f"csrf-{token}",
        created_at=now,
        used_at=now,
        proved_at=now,
    )


class Things:
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
        desk.add_note(db, talk.id, self._me(db), f"n{self.number}", f"{self.mark} ノート",
                      now=self.now)  # fmt: skip
        return str(talk.id)

    def _me(self, db: Session) -> Operator:
        return db.get_one(Operator, self.by)

    def _talk(self, db: Session) -> Conversation:
        return db.get_one(Conversation, self.talk)

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
            return uploads.keep_upload(db, found, self.by, f"u{self.number}", kept, self.now).id

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

    @cached_property
    def scheduled(self) -> str:
        talk = self.talk
        moment = self.now + timedelta(days=1)
        plan = scheduled.Plan(
            f"s{self.number}", [given.HELLO], self.mark, moment, stops_on_reply=True
        )

        def write(db: Session) -> str:
            return scheduled.schedule(db, talk, self._me(db), plan, self.now)[0].id

        return str(self._write(write))

    @cached_property
    def own_draft(self) -> str:
        """The talk, in which two pages of one's own have written."""
        talk = self.talk

        def write(db: Session) -> None:
            found, me = db.get_one(Conversation, talk), self._me(db)
            for device in ("one", "two"):
                written = drafts.Written("reply", f"{self.mark} {device}", device, 0)
                drafts.save(db, found, me, written, self.now)

        self._write(write)
        return talk

    @cached_property
    def shared_draft(self) -> str:
        """What a colleague shares in the talk."""
        talk, colleague = self.talk, self.colleague

        def write(db: Session) -> str:
            found, them = db.get_one(Conversation, talk), db.get_one(Operator, colleague)
            drafts.save(db, found, them, drafts.Written("reply", self.mark, "d", 0), self.now)
            return drafts.share(db, found, them, "reply", None, self.now).id

        return str(self._write(write))

    @cached_property
    def saved_reply(self) -> str:
        written = saved_replies.Written(self.mark, self.mark, f"s{self.number}", self.account)
        scope = Scope(self.by, None)
        return str(self._write(lambda db: saved_replies.add_reply(db, scope, written, self.now).id))

    @cached_property
    def removed_reply(self) -> str:
        reply, scope = self.saved_reply, Scope(self.by, None)
        self._write(lambda db: saved_replies.remove_reply(db, scope, reply, 1, self.now))
        return reply

    @cached_property
    def view(self) -> str:
        """One's own, which shows this account."""
        kept = saved_views.Kept(f"{self.mark} {self.number}", {}, self.account)
        scope = Scope(self.by, None)
        return str(self._write(lambda db: saved_views.add_view(db, scope, kept, self.now).id))

    @cached_property
    def removed_view(self) -> str:
        id_, scope = self.view, Scope(self.by, None)

        def write(db: Session) -> None:
            view = saved_views.get_view(db, scope, id_)
            saved_views.remove_view(db, scope, view, 1, self.now)

        self._write(write)
        return id_

    @cached_property
    def session(self) -> str:
        """Another browser of theirs."""
        token = f"more-{self.number}"

        def write(db: Session) -> None:
            me = self._me(db)
            operators.begin_session(db, me, _session(me, token, self.now))

        self._write(write)
        return operators.hash_token(token)[:16]

    @cached_property
    def code(self) -> str:
        """What the app shows whose seed waits to be confirmed."""
        key = self.house.key
        secret = self._write(lambda db: codes.begin(db, key, self._me(db)))
        return code_at(str(secret), self.now)

    @cached_property
    def with_codes(self) -> dict[str, Any]:
        """An empty body, of somebody who has a second factor."""
        code, key = self.code, self.house.key
        self._write(lambda db: codes.confirm(db, key, self._me(db), code, self.now))
        return {}

    @cached_property
    def notice(self) -> str:
        """Of the talk, for who asks."""
        talk = self.talk
        line = Notice(
            operator_id=self.by, account_id=self.account, conversation_id=talk,
            occasion="handoff", entry_id=1, at=self.now,
        )  # fmt: skip
        self._write(lambda db: db.add(line))
        return talk

    @cached_property
    def file(self) -> str:
        """A file of the flows folder that may go."""
        place = self.house.settings.flows_dir / "tests" / f"t{self.number}.yaml"
        place.write_text((place.parent / "visit.yaml").read_text())
        return f"tests/{place.name}"

    @cached_property
    def flow_text(self) -> str:
        return (Path(self.house.settings.flows_dir) / "visit.yaml").read_text()

    @cached_property
    def question(self) -> int:
        """What the FAQ could not answer."""
        talk = self.talk

        def write(db: Session) -> int:
            found = db.get_one(Conversation, talk)
            hash_ = flow_versions.heads(db)["visit"]
            run = RunState(f"run-{self.number}", "visit", hash_, "ended", {}, self.now)
            save_run(db, found, run, self.now)
            new = NewQuestion(run.id, f"{self.mark} はありますか", "unknown", None)
            faq_questions.keep(db, found, new, self.now)
            db.flush()
            return int(max(db.scalars(select(col(FaqQuestion.id)))))

        return int(self._write(write))

    @property
    def rules(self) -> int:
        """The version of the counter's rules."""
        return int(self.house.store.read(lambda db: get_rules(db).version))

    @property
    def asset(self) -> str:
        return "sample.js"
