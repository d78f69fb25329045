"""`madoguchi operator …`: the people at the console."""

import argparse
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.words import add_language, helped, tell
from storage.roles import ROLES

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.models.operators import Operator
    from storage.operators import Change


def add(commands: Any) -> None:
    """Put the commands into the parser."""
    operator = commands.add_parser("operator", help=helped("operator"))
    kinds = operator.add_subparsers(required=True, metavar="add|set|list")
    new = kinds.add_parser("add", help=helped("add"))
    new.add_argument("email")
    new.add_argument("--name", required=True)
    new.add_argument("--role", required=True, choices=ROLES)
    new.add_argument("--password-file", required=True, type=Path)
    change = kinds.add_parser("set", help=helped("set"))
    change.add_argument("email")
    change.add_argument("--role", choices=ROLES)
    change.add_argument("--password-file", type=Path)
    standing = change.add_mutually_exclusive_group()
    standing.add_argument("--disable", action="store_true")
    standing.add_argument("--enable", action="store_true")
    for parser in (new, change):
        parser.add_argument("--account", action="append", metavar="ID")
        parser.add_argument("--queue", action="append", metavar="NAME")
    new.set_defaults(run=_add_operator)
    change.set_defaults(run=_change_operator)
    kinds.add_parser("list", help=helped("list")).set_defaults(run=_list_operators)
    for parser in kinds.choices.values():
        add_language(parser)


def _add_operator(options: argparse.Namespace) -> int:
    from console.cli.open_store import opened
    from console.cli.secret_files import read_secret
    from console.passwords import hash_password
    from console.settings import read_settings
    from storage import staffing
    from storage.audit import COMMAND
    from storage.operators import NewOperator

    new = NewOperator(
        email=options.email,
        name=options.name,
        role=options.role,
        password_hash=hash_password(
            read_secret(options.password_file), (options.email, options.name)
        ),
        accounts=tuple(options.account or ()),
        queues=tuple(options.queue or ()),
    )
    with opened(read_settings()) as store:
        store.write(lambda db: staffing.add(db, new, COMMAND, datetime.now(UTC)))
    print(tell(options.lang, "operator.added", email=options.email))
    return 0


def _change_operator(options: argparse.Namespace) -> int:
    from console.cli.open_store import opened
    from console.cli.secret_files import read_secret
    from console.passwords import hash_password
    from console.settings import read_settings
    from storage import staffing
    from storage.audit import COMMAND

    password = read_secret(options.password_file) if options.password_file else None
    change = _wished(options)

    def work(db: "Session") -> None:
        operator = _get_operator(db, options.email)
        own_words = (operator.email, operator.name)
        hash_ = hash_password(password, own_words) if password is not None else None
        wanted = replace(change, password_hash=hash_)
        staffing.change(db, operator, wanted, COMMAND, datetime.now(UTC))

    with opened(read_settings()) as store:
        store.write(work)
    print(tell(options.lang, "operator.changed", email=options.email))
    return 0


def _wished(options: argparse.Namespace) -> "Change":
    """What is to change, but for the password. Raises CannotRun when it is nothing at all."""
    from console.cli.refusals import CannotRun
    from storage.operators import Change

    change = Change(
        role=options.role,
        is_disabled=True if options.disable else False if options.enable else None,
        accounts=tuple(options.account) if options.account else None,
        queues=tuple(options.queue) if options.queue else None,
    )
    if change == Change() and not options.password_file:
        command = "madoguchi operator set"
        raise CannotRun(tell(options.lang, "change.nothing", command=command))
    return change


def _get_operator(db: "Session", email: str) -> "Operator":
    from storage.operators import find_by_email
    from storage.refusals import NotFound

    operator = find_by_email(db, email)
    if operator is None:
        raise NotFound(f"there is no operator {email}; see `madoguchi operator list`")
    return operator


def _list_operators(options: argparse.Namespace) -> int:
    from console.cli.open_store import opened
    from console.settings import read_settings
    from storage.operators import list_operators

    with opened(read_settings()) as store:
        for operator in store.read(list_operators):
            standing = tell(options.lang, "operator.disabled") if operator.is_disabled else ""
            print(f"{operator.email}\t{operator.name}\t{operator.role}\t{standing}")
    return 0
