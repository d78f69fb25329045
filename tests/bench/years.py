"""Fills a database with years of a large house: a million customers and ten million messages.

    .venv/bin/python -m tests.bench.years postgresql+psycopg://… --customers 1000000

The rows are made by the database itself, in pieces. Their texts are counted by reports and found by
search only after the worker has got to them, so reports are marked as counted, and the texts are
not kept for search: what is measured afterwards is the tables and their indexes at their size.
"""

import argparse
import time
from datetime import UTC, datetime

from sqlalchemy import Connection, create_engine, make_url, text

from storage.migrate import upgrade

PIECE = 50_000
LINES_OF_A_TALK = 10
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
PIECES = (
    "INSERT INTO customer (id, created_at, updated_at, version) "
    "{numbers} SELECT 'years-' || i, {now}, {now}, 1 FROM n",
    "INSERT INTO friend (id, account_id, customer_id, line_user_id, display_name, is_blocked, "
    "followed_at, profile_at, profile_tries) "
    "{numbers} SELECT 'years-' || i, 'main', 'years-' || i, 'Uyears' || i, '見本 ' || i, "
    "{false}, {now}, {now}, 0 FROM n",
    "INSERT INTO conversation (id, account_id, friend_id, customer_id, status, epoch, last_seq, "
    "unseen_count, last_message_at, created_at, updated_at, version) "
    "{numbers} SELECT 'years-' || i, 'main', 'years-' || i, 'years-' || i, "
    "CASE WHEN i % 50 = 0 THEN 'waiting' ELSE 'done' END, 0, :lines, 0, {now}, {now}, {now}, 1 "
    "FROM n",
    "INSERT INTO message (id, conversation_id, seq, sender, kind, content, text, at) "
    "{numbers}, s(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM s WHERE seq < :lines) "
    "SELECT 'years-' || i || '-' || seq, 'years-' || i, seq, "
    "CASE WHEN seq % 2 = 1 THEN 'customer' ELSE 'bot' END, 'text', {content}, "
    "'営業時間を教えてください。' || i, {now} FROM n, s",
)

COUNTED = (
    "INSERT INTO report_mark (account_id, last_id, filled_to, zone, at) "
    "SELECT 'main', coalesce(max(last_id), 0), NULL, 'Asia/Tokyo', {now} FROM journal_head "
    "WHERE account_id = 'main' ON CONFLICT DO NOTHING"
)


def fill(url: str, customers: int, lines: int = LINES_OF_A_TALK) -> None:
    """Add customers of the account `main`, which is there, each with a talk of so many lines."""
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    words = _words(is_sqlite=is_sqlite)
    engine = create_engine(url)
    for first in range(1, customers + 1, PIECE):
        last = min(customers, first + PIECE - 1)
        with engine.begin() as connection:
            for piece in PIECES:
                values = {"first": first, "last": last, "lines": lines}
                wanted = {k: v for k, v in values.items() if f":{k}" in piece.format(**words)}
                connection.execute(text(piece.format(**words)), wanted)
    with engine.begin() as connection:
        _mark_as_counted(connection, words)
    if (
        not is_sqlite
    ):  # which has no figures of its tables unless somebody asks for them; we never do
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    engine.dispose()


def _words(*, is_sqlite: bool) -> dict[str, str]:
    """What the two databases say differently."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.000000")
    return {
        "numbers": NUMBERS,
        "now": f"'{now}'" if is_sqlite else f"TIMESTAMPTZ '{now}+00'",
        "false": "0" if is_sqlite else "false",
        "content": "'{}'" if is_sqlite else "CAST('{}' AS JSONB)",
    }


def _mark_as_counted(connection: Connection, words: dict[str, str]) -> None:
    connection.execute(text(COUNTED.format(**words)))


def main() -> None:
    """Fill the database of a URL, which has the account `main`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=LINES_OF_A_TALK, help="of each talk")
    options = parser.parse_args()
    began = time.monotonic()
    upgrade(options.url)
    fill(options.url, options.customers, options.lines)
    print(f"{options.customers:,} customers in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
