"""The command `madoguchi`. A command imports what it needs when it runs, so that all start fast."""

import argparse
import os
import sys

from console.cli import (
    account_commands,
    audit_command,
    flows_commands,
    key_command,
    people_commands,
    requeue_command,
    serve_commands,
    upkeep_commands,
)
from console.cli.doctor import command as doctor
from console.cli.words import helped

COULD_NOT_RUN = 2


def main(arguments: list[str] | None = None) -> None:
    """Parse, run, and tell errors in plain sentences on standard error."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    try:
        sys.exit(options.run(options))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # who reads, `head` for one, has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to flush
        sys.exit(141)
    except Exception as error:
        if not _is_expected(error):
            raise
        from console.cli.refusals import explain

        print(f"madoguchi: {explain(error, getattr(options, 'lang', 'ja'))}", file=sys.stderr)
        sys.exit(COULD_NOT_RUN)


def make_parser() -> argparse.ArgumentParser:
    """Every command, with its options."""
    parser = argparse.ArgumentParser(prog="madoguchi", description=helped("madoguchi"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve_commands.add(commands)
    account_commands.add(commands)
    people_commands.add(commands)
    flows_commands.add(commands)
    requeue_command.add(commands)
    audit_command.add(commands)
    key_command.add(commands)
    doctor.add(commands)
    upkeep_commands.add(commands)
    return parser


def _is_expected(error: Exception) -> bool:
    """Refusals of ours and of the system say what is wrong; everything else is a bug."""
    from cryptography.exceptions import InvalidTag
    from sqlalchemy.exc import OperationalError

    from console.cli.archive import BadBackup
    from console.cli.lock import AlreadyServed, NetworkFilesystem
    from console.cli.refusals import CannotRun, tells_damage
    from console.settings import BadSetting
    from storage.alone import HeldByOne
    from storage.migrate import MigrationFailed, NewerDatabase, UnknownVersion
    from storage.refusals import Refusal

    expected = (
        Refusal,
        BadSetting,
        AlreadyServed,
        HeldByOne,
        NetworkFilesystem,
        BadBackup,
        MigrationFailed,
        NewerDatabase,
        UnknownVersion,
        OSError,
        OperationalError,
    )
    return isinstance(error, (CannotRun, InvalidTag, *expected)) or tells_damage(error)
