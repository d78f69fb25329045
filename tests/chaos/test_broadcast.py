"""A10: a broadcast that is killed time and again reaches everybody once. The long form by command:
100,000 recipients, 50 kills.
"""

from pathlib import Path

from tests.chaos.__main__ import MANY
from tests.chaos.broadcast import Mailing, Many, send_to_many
from tests.chaos.postgres import own_postgres
from tests.chaos.seasons import IS_LONG, SEED, by_wish

SHORT = Many(SEED, recipients=15_000, kills=6)


def test_on_sqlite_everybody_is_sent_to_once(tmp_path: Path) -> None:
    many = Many(SEED, MANY.recipients, MANY.kills) if IS_LONG else SHORT
    approve(send_to_many(tmp_path, f"sqlite:///{tmp_path}/madoguchi.db", many))


@by_wish
def test_on_postgresql_everybody_is_sent_to_once(tmp_path: Path) -> None:
    many = Many(SEED, MANY.recipients, MANY.kills) if IS_LONG else SHORT
    with own_postgres() as server:
        approve(send_to_many(tmp_path, server.url, many))


def approve(mailing: Mailing) -> None:
    print(mailing.told())
    assert mailing.findings == [], mailing.told()
    assert sum(mailing.died.values()) == mailing.many.kills
