"""`madoguchi account …`: the LINE official accounts that are served, and their secrets."""

import argparse
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from console.cli.numbers import counted
from console.cli.words import add_language, helped, tell

ACCOUNT_ID = re.compile(r"[A-Za-z0-9@][A-Za-z0-9@._-]{0,63}")  # it stands in the webhook's address
MODES = ("economy", "strict")
SWITCH = {"on": True, "off": False}


def add(commands: Any) -> None:
    """Put the commands into the parser."""
    account = commands.add_parser("account", help=helped("account"))
    kinds = account.add_subparsers(required=True, metavar="add|set|secret|list")
    new = kinds.add_parser("add", help=helped("account.add"))
    new.add_argument("id", type=_account_id)
    new.add_argument("--name", required=True)
    new.add_argument("--secret-file", required=True, type=Path)
    new.add_argument("--token-file", required=True, type=Path)
    new.add_argument("--provider", help=helped("account.provider"))
    new.add_argument("--mode", choices=MODES, default="economy")
    new.set_defaults(run=_add)
    _add_changes(kinds)
    kinds.add_parser("list", help=helped("list")).set_defaults(run=_list)
    for parser in kinds.choices.values():
        add_language(parser)


def _add_changes(kinds: Any) -> None:
    change = kinds.add_parser("set", help=helped("set"))
    change.add_argument("id")
    change.add_argument("--mode", choices=MODES)
    change.add_argument("--token-file", type=Path, help=helped("account.token"))
    change.add_argument(
        "--reserve", type=_percent, metavar="PERCENT", help=helped("account.reserve")
    )
    change.add_argument("--loading", choices=tuple(SWITCH), help=helped("account.loading"))
    change.add_argument("--mark-read", choices=tuple(SWITCH), help=helped("account.mark_read"))
    change.set_defaults(run=_change)
    secret = kinds.add_parser("secret", help=helped("account.secret"))
    secret.add_argument("id")
    step = secret.add_mutually_exclusive_group(required=True)
    step.add_argument("--add-file", type=Path, help=helped("account.add_file"))
    step.add_argument("--retire", action="store_true", help=helped("account.retire"))
    secret.set_defaults(run=_change_secret)


def _account_id(text: str) -> str:
    if not ACCOUNT_ID.fullmatch(text):
        raise argparse.ArgumentTypeError("letters, digits and @ . _ - only, 64 at most")
    return text


def _percent(text: str) -> int:
    return 0 if text == "0" else counted(100)(text)


def _add(options: argparse.Namespace) -> int:
    from sqlmodel import Session

    from console.cli.open_store import opened
    from console.cli.secret_files import read_secret
    from console.settings import read_settings
    from storage.accounts import NewAccount, add_account
    from storage.audit import COMMAND, Deed, note

    settings = read_settings()
    new = NewAccount(
        id=options.id,
        name=options.name,
        provider=options.provider or options.id,
        secret=read_secret(options.secret_file),
        token=read_secret(options.token_file),
        mode=options.mode,
    )
    now = datetime.now(UTC)

    def work(db: Session) -> None:
        add_account(db, settings.key(), new, now)
        note(db, Deed("account_added", COMMAND, (new.id, new.name)), now)

    with opened(settings) as store:
        store.write(work)
    print(tell(options.lang, "account.added", id=options.id))
    return 0


def _change(options: argparse.Namespace) -> int:
    from sqlmodel import Session

    from console.cli.open_store import opened
    from console.cli.refusals import CannotRun
    from console.cli.secret_files import read_secret
    from console.settings import read_settings
    from storage.accounts import Change, change_account
    from storage.audit import COMMAND, Deed, note

    settings, now = read_settings(), datetime.now(UTC)
    change = Change(
        mode=options.mode,
        token=read_secret(options.token_file) if options.token_file else None,
        reserve_percent=options.reserve,
        shows_loading=SWITCH.get(options.loading or ""),
        marks_read=SWITCH.get(options.mark_read or ""),
    )
    if change == Change():
        command = "madoguchi account set"
        raise CannotRun(tell(options.lang, "change.nothing", command=command))

    def work(db: Session) -> None:
        names = change_account(db, settings.key(), options.id, change)
        deed = Deed("account_changed", COMMAND, (options.id, options.id), params={"what": names})
        note(db, deed, now)

    with opened(settings) as store:
        store.write(work)
    print(tell(options.lang, "account.changed", id=options.id))
    return 0


def _change_secret(options: argparse.Namespace) -> int:
    from sqlmodel import Session

    from console.cli.open_store import opened
    from console.cli.secret_files import read_secret
    from console.settings import read_settings
    from storage.accounts import add_secret, retire_secret
    from storage.audit import COMMAND, Deed, note

    settings, now = read_settings(), datetime.now(UTC)
    secret = read_secret(options.add_file) if options.add_file else None
    kind = "secret_retired" if secret is None else "secret_added"

    def work(db: Session) -> None:
        if secret is None:
            retire_secret(db, options.id)
        else:
            add_secret(db, settings.key(), options.id, secret)
        note(db, Deed(kind, COMMAND, (options.id, options.id)), now)

    with opened(settings) as store:
        store.write(work)
    told = "account.new_alone" if secret is None else "account.new_too"
    print(tell(options.lang, told, id=options.id))
    return 0


def _list(_options: argparse.Namespace) -> int:
    from console.cli.open_store import opened
    from console.settings import read_settings
    from storage.accounts import list_accounts

    with opened(read_settings()) as store:
        for account in store.read(list_accounts):
            print(f"{account.id}\t{account.name}\t{account.provider}\t{account.mode}")
    return 0
