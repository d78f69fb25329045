"""Many browsers with lines that are cut, machines that sleep and a server that is killed: in the
end every list and every talk on every screen is what the database has, and no reply went twice.

The oracles are the database, read by itself, and the simulator's phones; what is judged is what the
screens show. Run like the other tests here; `MADOGUCHI_BROWSERS=20 MADOGUCHI_CHAOS_S=120` is the
long form, and MADOGUCHI_CHAOS_SEED gives a printed seed again.
"""

import os
import random
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from storage.conversations import Filter, Scope, View, list_conversations
from storage.models.talks import Message
from storage.unit import open_store
from tests.chaos.cut_line import CutLine
from tests.chaos.staff import Colleague, add_colleague
from tests.whole.product import Product, serving

pytestmark = pytest.mark.browser
BROWSERS = int(os.environ.get("MADOGUCHI_BROWSERS", "6"))
SECONDS = float(os.environ.get("MADOGUCHI_CHAOS_S", "25"))
SEED = int(os.environ.get("MADOGUCHI_CHAOS_SEED", random.SystemRandom().randrange(10**6)))
RESTARTS = 2
SETTLES_S = 60.0
SHOWN: tuple[View, ...] = ("all", "mine", "unassigned", "waiting", "all", "bot")
LIST = """() => [...document.querySelectorAll('section.queue a[href^="/talks/"]')]
  .map((row) => [new URL(row.href).pathname.split('/')[2], row.innerText])"""
LINES = """() => [...document.querySelectorAll('[role=log] :is(li.customer, li.operator)')]
  .map((line) => line.innerText)"""


@dataclass
class Screen:
    """One browser with a line of its own: whose it is, its view and its talk, what was typed."""

    page: Any
    line: CutLine
    operator: Colleague
    view: View
    talk: str
    user: str
    typed: list[str] = field(default_factory=list)
    awake_at: float | None = None
    healed_at: float | None = None

    def sleep(self, until: float) -> None:
        self._live("frozen")
        self.awake_at = until

    def recover(self, now: float) -> None:
        """What has lasted long enough is over."""
        if self.awake_at is not None and now >= self.awake_at:
            self._live("active")
            self.awake_at = None
        if self.healed_at is not None and now >= self.healed_at:
            self.line.heal()
            self.healed_at = None

    def write(self, text: str) -> None:
        self.page.locator("textarea").first.fill(text)
        self.page.keyboard.press("Control+Enter")
        self.typed.append(text)

    def _live(self, state: str) -> None:
        devtools = self.page.context.new_cdp_session(self.page)
        devtools.send("Page.setWebLifecycleState", {"state": state})
        devtools.detach()


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with serving(tmp_path) as found:
        yield found


def test_every_screen_ends_as_the_database_is(product: Product, browser: Any) -> None:
    print(f"seed {SEED}, {BROWSERS} browsers, {SECONDS:.0f} s")
    draw = random.Random(SEED)
    staff = [add_colleague(product, number) for number in range(3)]
    users = [a_friend(product, number) for number in range(BROWSERS + 4)]
    talks = wait_for_talks(product, staff[0], users)
    screens = [
        a_screen(browser, product, staff[n % 3], SHOWN[n % len(SHOWN)], user, talks[user])
        for n, user in enumerate(users[:BROWSERS])
    ]

    disturb(product, screens, staff, list(talks.items()), draw)
    for screen in screens:
        screen.recover(float("inf"))
    for user in users:
        product.sim(f"friends/{user}/redeliver", {})

    wrong = wait_until_right(product, screens)
    assert not wrong, f"seed {SEED}\n" + "\n".join(wrong)
    for screen in screens:
        said = product.said(screen.user)
        shown = screen.page.evaluate("() => document.body.innerText")
        for text in screen.typed:
            is_kept = said.count(text) == 1 or (said.count(text) == 0 and text in shown)
            assert is_kept, (SEED, text, said)
        screen.page.context.close()
        screen.line.close()


def disturb(
    product: Product,
    screens: list[Screen],
    staff: list[Colleague],
    talks: list[tuple[str, str]],
    draw: random.Random,
) -> None:
    """The bad day itself."""
    start = time.monotonic()
    kills = sorted(start + draw.uniform(0.2, 0.8) * SECONDS for _ in range(RESTARTS))
    for number in range(10**6):
        now = time.monotonic()
        if now > start + SECONDS:
            return
        for screen in screens:
            screen.recover(now)
        if kills and now > kills[0]:
            kills.pop(0)
            product.kill()
            time.sleep(draw.random())
            product.start()
        one_thing(product, draw.choice(screens), staff, draw.choice(talks), number, draw)
        time.sleep(draw.random() * 0.1)


def one_thing(
    product: Product,
    screen: Screen,
    staff: list[Colleague],
    talk: tuple[str, str],
    number: int,
    draw: random.Random,
) -> None:
    """A customer speaks, a colleague does something, a reply is written, or something breaks."""
    now = time.monotonic()
    deed = draw.choices(["say", "do", "write", "cut", "sleep"], [5, 6, 2, 2, 1])[0]
    if deed == "say":
        text = draw.choice([f"見本の声{number}。", f"スタッフと話したい {number}"])
        product.sim(f"friends/{talk[0]}/say", {"text": text})
    elif deed == "do":
        draw.choice(staff).do_something(talk[1], draw)
    elif screen.awake_at is not None:
        return  # it sleeps: nobody writes there, and it cannot fall asleep again
    elif deed == "write":
        screen.write(f"見本の返事{number}。")
    elif deed == "cut" and screen.healed_at is None:
        screen.line.cut()
        screen.healed_at = now + draw.uniform(0.1, 5)
    elif deed == "sleep":
        screen.sleep(now + draw.uniform(0.5, 6))


def a_friend(product: Product, number: int) -> str:
    user: str = product.sim("friends", {"account": "main", "name": f"見本{number}"})["user_id"]
    product.sim(f"friends/{user}/follow", {})
    return user


def wait_for_talks(product: Product, colleague: Colleague, users: list[str]) -> dict[str, str]:
    """The talk of each friend, once all have one."""
    deadline = time.monotonic() + SETTLES_S
    talks: dict[str, str] = {}
    while len(talks) < len(users) and time.monotonic() < deadline:
        _, page = colleague.call("GET", "/conversations?view=all&limit=200")
        for row in page["items"]:
            _, person = colleague.call("GET", f"/customers/{row['customer_id']}")
            talks[person["friends"][0]["line_user_id"]] = row["id"]
    assert set(talks) == set(users)
    return talks


def a_screen(
    browser: Any, product: Product, operator: Colleague, view: View, user: str, talk: str
) -> Screen:
    line = CutLine(product.port)
    address = f"http://127.0.0.1:{product.port}"
    context = browser.new_context(
        viewport={"width": 1440, "height": 2400},
        locale="ja-JP",
        proxy={"server": f"socks5://127.0.0.1:{line.port}", "bypass": "<-loopback>"},
    )
    name, _, value = operator.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": address}])
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{address}/talks/{talk}?view={view}")
    page.get_by_text("接続中").first.wait_for()
    page.locator("textarea").first.wait_for()
    return Screen(page, line, operator, view, talk, user)


def wait_until_right(product: Product, screens: list[Screen]) -> list[str]:
    """What is still wrong when everything had its time."""
    deadline = time.monotonic() + SETTLES_S
    wrong = ["nothing was looked at"]
    while wrong and time.monotonic() < deadline:
        time.sleep(0.5)
        wrong = [problem for screen in screens for problem in compare(product, screen)]
    return wrong


def compare(product: Product, screen: Screen) -> list[str]:
    """Where this screen differs from the database."""
    rows = screen.page.evaluate(LIST)
    lines = screen.page.evaluate(LINES)
    with closing(open_store(f"sqlite:///{product.folder}/data/madoguchi.db")) as store:
        return store.read(
            lambda db: [*wrong_list(db, screen, rows), *wrong_talk(db, screen, lines)]
        )


def wrong_list(db: Session, screen: Screen, rows: list[tuple[str, str]]) -> list[str]:
    scope = Scope(screen.operator.id)
    found, _ = list_conversations(db, scope, Filter(screen.view), None, 200)
    if [row.id for row in found] != [talk for talk, _ in rows]:
        return [f"{screen.view}: {[r.id for r in found]} shown as {[talk for talk, _ in rows]}"]
    shown = dict(rows)
    last = [(row.id, (row.last_message or {}).get("text") or "") for row in found]
    return [
        f"{screen.view}: {text!r} shown as {shown[talk]!r}"
        for talk, text in last
        if text.partition("\n")[0][:12] not in shown[talk]
    ]


def wrong_talk(db: Session, screen: Screen, lines: list[str]) -> list[str]:
    """The newest lines of the talk, each once."""
    query = (
        select(col(Message.text))
        .where(col(Message.conversation_id) == screen.talk)
        .where(col(Message.sender).in_(["customer", "operator"]), col(Message.text).is_not(None))
        .order_by(col(Message.seq).desc())
        .limit(30)
    )
    own = [text for text in db.scalars(query) if "見本の" in text]
    counts = [(text, sum(text in line for line in lines)) for text in own]
    return [f"{screen.talk}: {text!r} stands {n} times" for text, n in counts if n != 1]
