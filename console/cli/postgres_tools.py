"""PostgreSQL's own pg_dump and pg_restore, where they are installed."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import make_url

from console.cli.refusals import CannotRun
from console.cli.words import tell
from flows.language.sayings.saying import Language


def dump(url: str, snapshot: str, target: Path, language: Language) -> None:
    """One moment of the database, in PostgreSQL's custom format. Raises CannotRun."""
    options = ["--format=custom", f"--snapshot={snapshot}", f"--file={target}"]
    _run("pg_dump", [*options, f"--dbname={_address(url)}"], url, language)


def restore(url: str, dumped: Path, language: Language) -> None:
    """Everything or nothing, into an empty database. Raises CannotRun."""
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run("pg_restore", [*options, f"--dbname={_address(url)}", str(dumped)], url, language)


def _run(name: str, options: list[str], url: str, language: Language) -> None:
    tool = shutil.which(name)
    if tool is None:
        raise CannotRun(tell(language, "postgres.no_tool", tool=name))
    password = make_url(url).password
    secret = {} if password is None else {"PGPASSWORD": str(password)}
    done = subprocess.run(  # noqa: S603 # PostgreSQL's tool with options of ours, no shell
        [tool, *options], env={**os.environ, **secret}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        why = " ".join(done.stderr.split())
        raise CannotRun(tell(language, "postgres.failed", tool=name, why=why))


def _address(url: str) -> str:
    """Without the password, which every process of the machine could read there."""
    plain = make_url(url).set(drivername="postgresql", password=None)
    return plain.render_as_string(hide_password=False)
