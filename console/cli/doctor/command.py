"""`madoguchi doctor`: looks at everything, changes nothing, and says what to do."""

import argparse
from typing import TYPE_CHECKING, Any

from console.cli.words import add_language, tell

if TYPE_CHECKING:
    from console.cli.doctor.findings import Finding, Findings
    from console.settings import Settings

UNWELL = 1


def add(commands: Any) -> None:
    """Put the command into the parser."""
    doctor = commands.add_parser("doctor", help="すべてが正しく動く状態かを調べ、直し方を教える")
    doctor.add_argument("--offline", action="store_true", help="LINEには聞かない")
    doctor.add_argument(
        "--redelivery-is-on", action="append", default=[], metavar="ACCOUNT",
        help="このアカウントの「Webhookの再送」がオンだと確かめた",
    )  # fmt: skip
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

    from bot.line_client import LineClient
    from console.cli.doctor.database import check_database, check_file
    from console.cli.doctor.findings import error
    from console.cli.doctor.line import check_line
    from console.cli.doctor.machine import check_machine
    from storage.migrate import sqlite_file
    from storage.unit import open_store

    def clock() -> datetime:
        return datetime.now(UTC)

    if not _is_there(settings):
        yield error("database.none", place=sqlite_file(settings.database_url) or settings.data_dir)
        return
    yield from check_machine(settings, clock())
    whole = check_file(sqlite_file(settings.database_url))
    yield from whole
    if any(finding.level == "error" for finding in whole):
        return
    store = open_store(settings.database_url)
    try:
        is_known = True
        for finding in check_database(store):
            is_known = is_known and finding.key != "version.other"
            yield finding
        if is_known and not is_offline:
            client = LineClient(settings.line_api_url, settings.line_data_api_url)
            yield from check_line(settings, store, client, clock)
    finally:
        store.close()


def _lines(finding: "Finding", language: Any) -> list[str]:
    mark = tell(language, f"doctor.{finding.level}")
    said = tell(language, f"doctor.{finding.key}", **finding.params)
    lines = [f"{mark} {said}"]
    if finding.level != "ok":
        lines.append(f"    → {tell(language, f'doctor.{finding.key}.do', **finding.params)}")
    return lines
