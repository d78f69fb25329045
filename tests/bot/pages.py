"""A customer's browser on a form's page, and the counter behind it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from sqlmodel import Session, col, select

from storage import customers
from storage.forms import make_form
from storage.models.flows import Run
from storage.models.operators import Operator
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival, Delivery
from storage.seal import FORM, sign
from storage.unit import Store
from tests import given
from tests.bot.waiting import eventually

if TYPE_CHECKING:
    from tests.bot.conftest import Line

WELCOME = "salon_welcome"
FORM_FIELD = re.compile(r'name="(entry|text|choice)"[^>]*? value="([^"]*)"')


@dataclass
class Answer:
    """What the page's server said."""

    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Page:
    """A form's page in a customer's browser, without one. Redirects are followed by hand."""

    address: str
    shown: Answer = field(default_factory=lambda: Answer(0, "", {}))

    def open(self, query: str = "") -> Answer:
        self.shown = self._call("GET", query)
        return self.shown

    def answer(self, *labels: str, text: str | None = None) -> Answer:
        """Answer the question that is shown, and see what comes of it."""
        fields = [("entry", self.entry), *(("choice", label) for label in labels)]
        return self.post([*fields, ("text", text)] if text is not None else fields)

    def post(self, fields: list[tuple[str, str]]) -> Answer:
        posted = self._call("POST", "", urlencode(fields))
        if posted.status != 303:
            return posted
        return self.open("?" + urlsplit(posted.headers["Location"]).query)

    @property
    def entry(self) -> str:
        return dict(FORM_FIELD.findall(self.shown.text))["entry"]

    @property
    def question(self) -> str:
        found = re.search(r'<h2 id="question">(.*?)</h2>', self.shown.text, re.DOTALL)
        return unescape(found[1]) if found else ""

    @property
    def heading(self) -> str:
        found = re.search(r"<h2>(.*?)</h2>", self.shown.text, re.DOTALL)
        return unescape(found[1]) if found else ""

    @property
    def answered(self) -> list[str]:
        return [unescape(a) for a in re.findall(r"<dd>(.*?)</dd>", self.shown.text, re.DOTALL)]

    @property
    def problem(self) -> str:
        found = re.search(r'role="alert">(.*?)</p>', self.shown.text, re.DOTALL)
        return unescape(found[1]) if found else ""

    def _call(self, method: str, query: str, body: str | None = None) -> Answer:
        parts = urlsplit(self.address)
        wire = HTTPConnection(parts.hostname or "", parts.port)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        wire.request(method, parts.path + query, body, headers)
        answer = wire.getresponse()
        read = Answer(answer.status, answer.read().decode(), dict(answer.getheaders()))
        wire.close()
        return read


@dataclass
class Counter:
    """The running bot, one friend who follows it, and an operator."""

    line: "Line"
    store: Store
    user: str

    def read(self, work: Callable[[Session], Any]) -> Any:
        return self.store.read(work)

    @property
    def talk(self) -> Conversation:
        return self.read(lambda db: db.scalars(select(Conversation)).one())

    def operator(self) -> Operator:
        now = datetime.now(UTC)
        known = self.read(lambda db: db.scalars(select(Operator)).first())
        return known or self.store.write(lambda db: given.an_operator(db, now))

    def page(self, flow: str = WELCOME) -> Page:
        """An address as staff give it."""
        operator, talk_id = self.operator(), self.talk.id

        def work(db: Session) -> str:
            talk = db.get_one(Conversation, talk_id)
            return make_form(db, talk, flow, operator, datetime.now(UTC)).id

        return Page(f"{self.line.bot_url}/f/{sign(given.KEY, FORM, self.store.write(work))}")

    def lines(self) -> list[Message]:
        query = select(Message).order_by(col(Message.seq))
        return self.read(lambda db: list(db.scalars(query)))

    def said_in_talk(self) -> list[str | None]:
        return [line.text for line in self.lines() if line.sender == "customer" and line.text]

    def says(self, text: str) -> None:
        before = len(self.line.texts(self.user))
        self.line.does(self.user, "say", text=text)
        eventually(lambda: len(self.line.texts(self.user)) > before, f"an answer to {text}")

    def run(self, flow: str = WELCOME) -> Run:
        query = select(Run).where(Run.flow_id == flow).order_by(col(Run.started_at))
        return self.read(lambda db: list(db.scalars(query)))[-1]

    def deliveries(self) -> int:
        return self.read(lambda db: len(list(db.scalars(select(Delivery)))))

    def all_done(self) -> bool:
        pending = select(Arrival).where(Arrival.state != "done")
        return not self.read(lambda db: list(db.scalars(pending)))

    def tags(self) -> frozenset[str]:
        customer = self.talk.customer_id
        return self.read(lambda db: customers.customer_facts(db, customer).tags)
