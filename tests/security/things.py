"""Real rows for a request to meet: of one account, each made when it is first asked for."""

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from storage import (
    drafts,
    faq_questions,
    flow_versions,
    operators,
    saved_replies,
    saved_views,
    scheduled,
)  # fmt: skip
from storage import second_factor as codes
from storage.conversations import Scope
from storage.desk_rules import get_rules
from storage.faq_questions import NewQuestion
from storage.models.flows import FaqQuestion
from storage.models.notices import Notice
from storage.models.operators import Operator
from storage.models.talks import Conversation
from storage.runs import RunState, save_run
from tests import given
from tests.rfc6238 import code_at
from tests.security.broadcast_things import BroadcastThings
from tests.security.persons import session_of


class Things(BroadcastThings):
    """What belongs to one account, beside the talk itself."""

    def something_to_publish(self) -> dict[str, bool]:
        """The body of a publish, of a flow that was put into other words."""
        file = self.house.settings.flows_dir / "visit.yaml"
        file.write_text(file.read_text().replace("こんにちは", f"こんにちは{self.number}"))
        return {"accept_warnings": True}

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
            operators.begin_session(db, me, session_of(me, token, self.now))

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
