"""The counter's laws: the clock runs exactly while a customer waits for a person, and the rule gives
a talk only to who may have it. Looked at after every step of any walk.
"""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlmodel import Session, select

from storage import absence, assignment, customers, desk, journal, presence, standing
from storage.desk_rules import WAYS, Rule, Rules, get_rules, put_rules
from storage.models.operators import QueueMember
from storage.models.talks import Conversation, Handoff, Message
from storage.models.work import Timer
from storage.opening import after_open_minutes, hours_of, keep_hours
from storage.refusals import Refusal
from storage.talks import lock
from storage.unit import open_store
from tests import given
from tests.laws.house import VERBS

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
QUEUES = ("受付", "予約")
ASKED = [
    "hear", "hand off", "leave", "trouble", "reopen", "rest", "take", "assign", "put back", "send",
    "resolve", "return", "return by itself", "snooze", "wake", "see", "say",
]  # fmt: skip
Targets = st.sampled_from([None, 0, 5, 30])
Ways = st.one_of(st.none(), st.lists(st.sampled_from(WAYS), unique=True, max_size=4).map(tuple))


class Counter(RuleBasedStateMachine):
    """Two talks in two accounts, three people, and everything that may happen to them."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp(prefix="madoguchi-law-"))
        shutil.copy(self.template, self.folder / "law.db")
        self.store = open_store(f"sqlite:///{self.folder / 'law.db'}")
        self.now, self.number = NOW, 0
        self.store.write(self._furnish)

    def _furnish(self, db: Session) -> None:
        self.talks, self.operators = [], []
        for name in ("main", "second"):
            account = given.an_account(db, self.now, name)
            self.talks.append(given.a_talk(db, account, self.now).id)
        for name, role in (("見本A", "operator"), ("見本B", "supervisor"), ("見本C", "viewer")):
            self.operators.append(given.an_operator(db, self.now, name, role=role))
        db.add(QueueMember(operator_id=self.operators[1].id, queue="予約"))
        minute = int(self.now.timestamp()) // 60
        keep_hours(db, {"予約": [(minute + 60 * n, minute + 60 * n + 20) for n in range(99)]})

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def do(self, work: Any) -> None:
        self.number += 1
        try:
            self.store.write(work)
        except Refusal:
            return

    @rule(minutes=st.sampled_from([1, 7, 45]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(verb=st.sampled_from(ASKED), talk=st.integers(0, 1))
    def something_is_done(self, verb: str, talk: int) -> None:
        self.do(lambda db: VERBS[verb](self, db, lock(db, self.talks[talk])))  # type: ignore[arg-type] # it has what a verb asks of a house

    @rule(first=Targets, following=Targets, ways=Ways, most=st.sampled_from([None, 0, 1]),
          hours=st.sampled_from([None, "open", "always"]), to=st.sampled_from(["person", "queue"]))  # fmt: skip
    def rules_are_decided(
        self, first: Any, following: Any, ways: Any, most: Any, hours: Any, to: Any
    ) -> None:
        """They hold from the next change of a talk on; here each is looked at again at once."""
        house = Rule(first, following, hours, ways, most, None, None, to)

        def work(db: Session) -> None:
            version = get_rules(db).version
            put_rules(db, Rules(version, house, {"予約": Rule(first_minutes=10)}), "見本", self.now)
            for talk in self.talks:
                conversation = lock(db, talk)
                desk.changed(db, conversation, "conversation.clock", journal.SYSTEM, self.now)

        self.do(work)

    @rule(one=st.integers(0, 2), doing=st.sampled_from(["viewing", "away", None]))
    def somebody_comes_or_goes(self, one: int, doing: Any) -> None:
        operator = self.operators[one]

        def work(db: Session) -> None:
            presence.clear_presence(db, operator.id)
            db.flush()
            if doing is not None:
                presence.set_presence(db, operator.id, operator.id, None, doing, now=self.now)

        self.do(work)

    @rule(one=st.integers(0, 1), is_out=st.booleans())
    def somebody_is_out_or_back(self, one: int, is_out: bool) -> None:  # noqa: FBT001 # Hypothesis
        operator = self.operators[one]
        if is_out:
            self.do(lambda db: absence.go_out(db, operator, operator, None, self.now))
        else:
            self.do(lambda db: absence.come_back(db, operator))

    @rule(talk=st.integers(0, 1), one=st.integers(0, 2))
    def a_customer_gets_an_owner(self, talk: int, one: int) -> None:
        def work(db: Session) -> None:
            customer = db.get_one(Conversation, self.talks[talk]).customer_id
            customers.set_owner(db, customer, self.operators[one].id, journal.BOT, self.now)

        self.do(work)

    @rule()
    def the_rule_gives_a_talk(self) -> None:
        before = {
            t: self.store.read(lambda db, t=t: db.get_one(Conversation, t)) for t in self.talks
        }  # type: ignore[misc] # bound now
        could = self.store.read(lambda db: standing.receiving(db, self.now))
        rules = self.store.read(get_rules)

        is_given = self.store.write(lambda db: assignment.assign_next(db, self.now))

        after = {
            t: self.store.read(lambda db, t=t: db.get_one(Conversation, t)) for t in self.talks
        }  # type: ignore[misc] # bound now
        moved = [t for t in self.talks if after[t].assignee_id != before[t].assignee_id]
        assert len(moved) == is_given
        for talk in moved:
            was, is_now = before[talk], after[talk]
            found = next(one for one in could if one.id == is_now.assignee_id)
            limit = rules.of(was.queue).most_open
            assert (was.status, was.assignee_id, is_now.status) == ("waiting", None, "active")
            assert found.serves(was.account_id, was.queue)
            assert found.id != was.put_back_by
            assert not limit or found.open_count < limit
            assert self._last_line(talk)["way"] in (rules.of(was.queue).assign or ())

    def _last_line(self, talk: str) -> dict[str, Any]:
        query = select(Message).where(Message.conversation_id == talk).order_by(Message.seq.desc())  # type: ignore[attr-defined] # a column
        line = self.store.read(lambda db: db.exec(query).first())
        assert line is not None
        return line.content

    @invariant()
    def the_clock_runs_while_a_customer_waits_for_a_person(self) -> None:
        for talk in self.talks:
            self.store.read(lambda db, talk=talk: self._check(db, db.get_one(Conversation, talk)))  # type: ignore[misc] # bound now

    def _check(self, db: Session, talk: Conversation) -> None:
        is_waiting = talk.status in {"waiting", "active"} and talk.waiting_since is not None
        assert (talk.reply_since is not None) == is_waiting
        handoff = db.exec(
            select(Handoff).where(Handoff.conversation_id == talk.id, Handoff.resolved_at == None)  # noqa: E711 # SQL
        ).first()
        rule = get_rules(db).of(talk.queue)
        is_first = handoff is None or handoff.first_replied_at is None
        minutes = (rule.first_minutes if is_first else rule.next_minutes) or 0
        hours = None if rule.hours == "always" else hours_of(db, talk.queue)
        promised = None
        if is_waiting and minutes and talk.reply_since is not None:
            promised = after_open_minutes(hours, talk.reply_since, minutes)
        assert talk.reply_due_at == promised
        assert (talk.reply_risk_at is None) == (promised is None)
        timers = db.exec(select(Timer).where(Timer.conversation_id == talk.id, Timer.kind == "sla"))
        assert len(timers.all()) == (promised is not None)


def test_the_counters_laws_hold_on_any_walk(migrated_sqlite: Path) -> None:
    Counter.template = migrated_sqlite
    run_state_machine_as_test(
        Counter,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
        ),
    )
