"""`madoguchi requeue`: what was set aside after five failed tries, and another five for it."""

import argparse
from datetime import UTC, datetime
from typing import Any

from console.cli.words import add_language, helped, tell
from flows.language.sayings.saying import Language


def add(commands: Any) -> None:
    """Put the command into the parser."""
    requeue = commands.add_parser("requeue", help=helped("requeue"))
    requeue.add_argument("id", nargs="*", type=int, help=helped("requeue.id"))
    requeue.add_argument("--all", action="store_true", help=helped("requeue.all"))
    add_language(requeue)
    requeue.set_defaults(run=_requeue)


def _requeue(options: argparse.Namespace) -> int:
    from sqlmodel import Session

    from console.cli.open_store import opened
    from console.settings import read_settings
    from storage import set_aside
    from storage.audit import COMMAND, Deed, note

    now = datetime.now(UTC)

    def work(db: Session) -> int:
        wanted = set_aside.ids_aside(db) if options.all else options.id
        found = [set_aside.get_aside(db, id_) for id_ in wanted]
        set_aside.requeue(db, found, now)
        if found:
            note(db, Deed("events_requeued", COMMAND, params={"count": len(found)}), now)
        return len(found)

    with opened(read_settings()) as store:
        if options.all or options.id:
            print(tell(options.lang, "requeue.done", count=store.write(work)))
        else:
            _print_all(store, options.lang)
    return 0


def _print_all(store: Any, language: Language) -> None:
    from storage.conversations import Scope
    from storage.set_aside import list_aside

    after, count, nobody = None, 0, tell(language, "requeue.nobody")
    while True:
        page, after = store.read(lambda db, after=after: list_aside(db, Scope(""), None, after))
        for row in page:
            where = (row["id"], row["account"], row["customer_name"] or nobody)
            print(*where, row["kind"], row["at"], row["reason"], sep="\t")
        count += len(page)
        if after is None:
            break
    if count:
        print(tell(language, "requeue.what_to_do"))
