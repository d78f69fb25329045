"""`madoguchi doctor`: looks at everything, changes nothing, and says what to do."""

import argparse
from typing import TYPE_CHECKING, Any

from console.cli.words import add_language, helped, tell

if TYPE_CHECKING:
    from console.cli.doctor.findings import Finding, Findings
    from console.settings import Settings
    from storage.unit import Store

UNWELL = 1


def add(commands: Any) -> None:
    """Put the command into the parser."""
    doctor = commands.add_parser("doctor", help=helped("doctor"))
    doctor.add_argument("--offline", action="store_true", help=helped("doctor.offline"))
    doctor.add_argument(
        "--redelivery-is-on",
        action="append",
        default=[],
        metavar="ACCOUNT",
        help=helped("doctor.redelivery"),
    )
    add_language(doctor)
    doctor.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from console.settings import read_settings

    settings = read_settings()
    _confirm_redelivery(settings, options.redelivery_is_on, options.lang)
    counts = {"ok": 0, "warning": 0, "error": 0}
    for finding in _look(settings, is_offline=options.offline):
        counts[finding.level] += 1
        for line in _lines(finding, options.lang):
            print(line, flush=True)  # LINE may take its time
    print(tell(options.lang, "doctor.counts", **counts))
    return UNWELL if counts["error"] else 0


def _confirm_redelivery(settings: "Settings", account_ids: list[str], language: Any) -> None:
    """Write down what somebody has seen at LINE. Raises CannotRun for an account of nobody."""
    from console.cli.refusals import CannotRun
    from console.upkeep import confirm_redelivery

    known = _accounts_of(settings) if account_ids else []
    unknown = [one for one in account_ids if one not in known]
    if unknown:
        names = {"unknown": ", ".join(unknown), "known": ", ".join(known) or "—"}
        raise CannotRun(tell(language, "account.unknown", **names))
    for account_id in account_ids:
        confirm_redelivery(settings.data_dir, account_id)


def _accounts_of(settings: "Settings") -> list[str]:
    from storage.accounts import list_accounts
    from storage.unit import open_store

    if not _is_there(settings):
        return []
    store = open_store(settings.database_url)
    try:
        return [account.id for account in store.read(list_accounts)]
    finally:
        store.close()


def _is_there(settings: "Settings") -> bool:
    """Whether there is a database to look at; looking would make one."""
    from storage.migrate import sqlite_file

    file = sqlite_file(settings.database_url)
    return settings.data_dir.is_dir() and (file is None or file.exists())


def _look(settings: "Settings", *, is_offline: bool) -> "Findings":
    from datetime import UTC, datetime

    from console.cli.doctor.database import check_file
    from console.cli.doctor.findings import error
    from console.cli.doctor.machine import check_machine
    from storage.migrate import sqlite_file

    file = sqlite_file(settings.database_url)
    if not _is_there(settings):
        yield error("database.none", place=file or settings.data_dir)
        return
    yield from check_machine(settings, datetime.now(UTC))
    whole = check_file(file)
    yield from whole
    if all(finding.level != "error" for finding in whole):
        yield from _look_inside(settings, is_offline=is_offline)


def _look_inside(settings: "Settings", *, is_offline: bool) -> "Findings":
    """What is in the database, and, where this version can read it, what LINE says to that."""
    from console.cli.doctor.database import check_database
    from storage.unit import open_store

    store = open_store(settings.database_url)
    try:
        is_known = True
        for finding in check_database(store):
            is_known = is_known and finding.key != "version.other"
            yield finding
        if is_known and not is_offline:
            yield from _ask_line(settings, store)
    finally:
        store.close()


def _ask_line(settings: "Settings", store: "Store") -> "Findings":
    from datetime import UTC, datetime

    from bot.line_client import LineClient
    from console.cli.doctor.line import check_line

    client = LineClient(settings.line_api_url, settings.line_data_api_url)
    return check_line(settings, store, client, lambda: datetime.now(UTC))


def _lines(finding: "Finding", language: Any) -> list[str]:
    mark = tell(language, f"doctor.{finding.level}")
    said = tell(language, f"doctor.{finding.key}", **finding.params)
    lines = [f"{mark} {said}"]
    if finding.level != "ok":
        lines.append(f"    → {tell(language, f'doctor.{finding.key}.do', **finding.params)}")
    return lines
