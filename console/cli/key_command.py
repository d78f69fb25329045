"""`madoguchi key change`: another key for an install whose key somebody may have seen."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.words import add_language, helped, tell

if TYPE_CHECKING:
    from console.settings import Settings
    from flows.language.sayings.saying import Language
    from storage.unit import Store


def add(commands: Any) -> None:
    """Put the command into the parser."""
    key = commands.add_parser("key", help=helped("key"))
    kinds = key.add_subparsers(required=True, metavar="change")
    change = kinds.add_parser("change", help=helped("key.change"))
    change.add_argument("--new-key-file", type=Path, metavar="F", help=helped("key.new_value"))
    add_language(change)
    change.set_defaults(run=_change)


def _change(options: argparse.Namespace) -> int:
    from contextlib import ExitStack

    from console.cli.lock import serving
    from console.cli.open_store import opened
    from console.cli.refusals import CannotRun
    from console.settings import read_settings
    from storage.alone import nobody_serves
    from storage.migrate import sqlite_file

    settings, language = read_settings(), options.lang
    with ExitStack() as stack:
        if file := sqlite_file(settings.database_url):
            stack.enter_context(serving(file))
        if not stack.enter_context(nobody_serves(settings.database_url)):
            raise CannotRun(tell(language, "key.served"))
        store = stack.enter_context(opened(settings))
        if settings.secret_key is None:
            _change_file(settings, store, language)
        else:
            _change_value(settings, store, options.new_key_file, language)
    return 0


def _change_value(
    settings: "Settings", store: "Store", file: Path | None, language: "Language"
) -> None:
    """The environment's: sealed by the new value, which somebody then sets. Raises CannotRun."""
    from console.cli.refusals import CannotRun
    from console.cli.secret_files import read_secret
    from storage.seal import another_key

    if file is None:
        raise CannotRun(tell(language, "key.no_value"))
    try:
        new = another_key(settings.key(), read_secret(file))
    except ValueError as error:
        raise CannotRun(str(error)) from error
    count = _reseal(store, settings.key(), new, language)
    print(tell(language, "key.changed", count=count))
    print(tell(language, "key.set_value", file=file))
    if settings.first_secret_key is None:
        print(tell(language, "key.set_first"))


def _change_file(settings: "Settings", store: "Store", language: "Language") -> None:
    """The data folder's. Where a crash left the new file beside rows that it opens, only the
    files change places."""
    import os
    from datetime import UTC, datetime

    from storage.resealing import opens
    from storage.seal import KEY_FILE, another_key, keep_names, read_key, write_key

    key_file, count = settings.data_dir / KEY_FILE, 0
    draft = key_file.with_name(f"{KEY_FILE}.next")
    before = key_file.with_name(f"{KEY_FILE}.before-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    old = settings.key()
    if not (draft.exists() and store.read(lambda db: opens(db, read_key(draft)))):
        draft.unlink(missing_ok=True)
        write_key(draft, another_key(old))
        count = _reseal(store, old, read_key(draft), language)
    os.link(key_file, before)
    os.replace(draft, key_file)
    keep_names(key_file.parent)
    print(tell(language, "key.changed", count=count))
    print(tell(language, "key.before", file=before))


def _reseal(store: "Store", old: bytes, new: bytes, language: "Language") -> int:
    """Raises CannotRun; then nothing is otherwise than it was."""
    from datetime import UTC, datetime

    from sqlmodel import Session

    from console.cli.refusals import CannotRun
    from storage.audit import COMMAND, Deed, note
    from storage.resealing import CannotOpen, reseal

    def work(db: Session) -> int:
        count = reseal(db, old, new)
        note(db, Deed("key_changed", COMMAND, params={"count": count}), datetime.now(UTC))
        return count

    try:
        return store.write(work)
    except CannotOpen as error:
        raise CannotRun(tell(language, "key.foreign", place=error)) from error
