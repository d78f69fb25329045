"""A broadcast to a million friends while customers write: how long it takes, and who waits for it.

    .venv/bin/python -m tests.bench.broadcast [--database sqlite|postgresql] [--customers N] …

One process of the product, LINE's stand-in, and customers who write at a constant rate, first in
the calm, then meanwhile. Prints, and asserts no time. At most 100 multicasts a second leave, so a
million people take twenty seconds at the least.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # the driver runs as a script, and so do we

from candidates_list import madoguchi
from databases import database
from ports import a_row_of_free_ports
from sqlmodel import Session, select

from storage import broadcast_life
from storage.broadcasts import Written, create_draft
from storage.models.broadcasts import Broadcast
from storage.models.operators import Operator
from storage.unit import Store, open_store
from tests.bench.load import PATIENCE_S, Row, Server, driving
from tests.bench.years import fill

SOON = timedelta(seconds=2)
LONGEST_S = 600.0
NEWS = [{"type": "text", "text": "新しいメニューができました"}]


def main() -> None:
    """On each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--rate", type=int, default=50, help="of those who write, a second")
    parser.add_argument("--seconds", type=int, default=60, help="for how long they write")
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="madoguchi-broadcast-"))
    try:
        for kind in options.database or ("sqlite", "postgresql"):
            for row in _measure(kind, work / kind, options):
                print(json.dumps({"of": kind, **row}, ensure_ascii=False), flush=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _measure(kind: str, folder: Path, options: argparse.Namespace) -> Iterator[Row]:
    folder.mkdir()
    port = a_row_of_free_ports(1)
    with ExitStack() as stack:
        url = stack.enter_context(database(kind, folder))
        driver = stack.enter_context(driving("/line/main/webhook"))
        candidate = madoguchi(folder, driver.api_port, port, url)
        fill(url, options.customers, lines=1)
        server = Server(candidate, port, folder / "log")
        stack.callback(server.end)
        store = stack.enter_context(closing(open_store(url)))

        def write_for(run: str, seconds: int) -> Row:
            found: Row = driver.drive(
                run=run, count=options.rate * seconds, rate=options.rate, port=port,
                connections=0, patience_s=PATIENCE_S,
            )  # fmt: skip
            return {"what": run, "rate": options.rate, **found}

        write_for("warm", 10)
        yield write_for("calm", options.seconds)
        id_ = store.write(_sent_soon)
        yield write_for("meanwhile", options.seconds)
        yield {"what": "broadcast", **_ended(store, id_)}


def _sent_soon(db: Session) -> str:
    now, operator = datetime.now(UTC), db.exec(select(Operator)).first()
    assert operator is not None
    draft = create_draft(db, "main", Written("見本", NEWS), operator, now)
    broadcast_life.schedule(db, draft.id, draft.version, now + SOON, operator, now)
    return draft.id


def _ended(store: Store, id_: str) -> dict[str, Any]:
    """How long each part of it took."""
    deadline = time.monotonic() + LONGEST_S
    while True:
        one = store.read(lambda db: db.get_one(Broadcast, id_))
        if one.status == "done" or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    if one.began_at is None or one.frozen_at is None or one.ended_at is None:
        return {"status": one.status, "sent": one.sent}
    return {
        "status": one.status,
        "recipients": one.recipients,
        "sent": one.sent,
        "freeze_s": round((one.frozen_at - one.began_at).total_seconds(), 1),
        "send_s": round((one.ended_at - one.frozen_at).total_seconds(), 1),
        "all_s": round((one.ended_at - one.began_at).total_seconds(), 1),
    }


if __name__ == "__main__":
    main()
