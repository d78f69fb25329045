"""The key of an install is changed while nobody serves, and whatever happens nothing is lost."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from console.cli.lock import serving
from console.settings import Settings, read_settings
from storage.accounts import NewAccount, add_account, credentials, get_account
from storage.alone import at_work
from storage.audit import Wanted, list_rows
from storage.migrate import sqlite_file
from storage.resealing import reseal
from storage.seal import another_key, sign, write_key
from storage.unit import open_store
from tests.commands import typed

NEW = NewAccount("main", "見本", "見本の秘密", "見本のしるし", "salon")
Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """`madoguchi key change` on a house with one account: its status and what it says."""
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", database_url)
    monkeypatch.delenv("MADOGUCHI_SECRET_KEY", raising=False)

    def run(*options: str) -> tuple[int, str]:
        status = typed("key", "change", "--lang", "en", *options)
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


def on(settings: Settings, work: Callable[[Session], object]) -> object:
    with closing(open_store(settings.database_url)) as store:
        return store.write(work)


def furnish() -> Settings:
    settings = read_settings()
    on(settings, lambda db: add_account(db, settings.key(), NEW, datetime.now(UTC)))
    return settings


def is_opened(settings: Settings) -> bool:
    found = on(settings, lambda db: credentials(settings.key(), get_account(db, "main")))
    return getattr(found, "token", None) == NEW.token


def test_a_new_file_takes_the_old_ones_place_and_the_old_one_is_kept(
    command: Command, tmp_path: Path
) -> None:
    settings = furnish()
    old = settings.key()

    status, told = command()

    assert (status, "2 secrets are sealed" in told) == (0, True), told
    assert read_settings().key() != old
    assert is_opened(read_settings())
    assert sign(read_settings().key(), "form", "1") == sign(old, "form", "1")
    (before,) = tmp_path.glob("secret.key.before-*")
    assert before.name in told
    assert {file.stat().st_mode & 0o077 for file in tmp_path.glob("secret.key*")} == {0}
    rows, _ = on(settings, lambda db: list_rows(db, Wanted(kinds=("key_changed",)), None))  # type: ignore[misc] # a pair
    assert [row.params for row in rows] == [{"count": 2}]


def test_who_serves_keeps_the_key(command: Command) -> None:
    settings = furnish()
    if file := sqlite_file(settings.database_url):
        with serving(file):
            status, told = command()
        assert (status, "served already" in told) == (2, True)
    else:
        with at_work(settings.database_url, is_worker=False):
            status, told = command()
            japanese = command("--lang", "ja")[1]
        assert (status, "at work on this database" in told) == (2, True), told
        assert "すべてのプロセスを止めて" in japanese
    assert is_opened(settings)
    assert command()[0] == 0, "it has stopped"


def test_a_crash_before_the_files_changed_places_is_gone_on_with(
    command: Command, tmp_path: Path
) -> None:
    settings = furnish()
    old, new = settings.key(), another_key(settings.key())
    write_key(tmp_path / "secret.key.next", new)
    assert command()[0] == 0  # the rows were not touched yet: a newer key is made
    assert read_settings().key() not in {old, new}

    newer = another_key(read_settings().key())
    write_key(tmp_path / "secret.key.next", newer)
    on(settings, lambda db: reseal(db, read_settings().key(), newer))
    status, told = command()
    assert (status, "0 secrets" in told) == (0, True)
    assert read_settings().key() == newer
    assert is_opened(read_settings())


def test_a_key_of_the_environment_is_changed_by_its_next_value(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MADOGUCHI_SECRET_KEY", "見本の鍵" * 8)
    old = furnish().key()
    assert command()[0] == 2
    (tmp_path / "short").write_text("短い")
    assert command("--new-key-file", str(tmp_path / "short"))[0] == 2
    assert is_opened(read_settings())

    (tmp_path / "new").write_text("次の鍵の見本" * 8)
    status, told = command("--new-key-file", str(tmp_path / "new"))

    assert (status, "MADOGUCHI_FIRST_SECRET_KEY" in told) == (0, True), told
    monkeypatch.setenv("MADOGUCHI_SECRET_KEY", "次の鍵の見本" * 8)
    monkeypatch.setenv("MADOGUCHI_FIRST_SECRET_KEY", "見本の鍵" * 8)
    assert is_opened(read_settings())
    assert sign(read_settings().key(), "form", "1") == sign(old, "form", "1")


def test_a_foreign_secret_is_named_and_nothing_changes(command: Command, tmp_path: Path) -> None:
    settings = furnish()
    key_file = tmp_path / "secret.key"
    kept = key_file.read_bytes()
    key_file.unlink()
    write_key(key_file, b"z" * 32)

    status, told = command()

    assert (status, "account:main:secret" in told) == (2, True), told
    key_file.write_bytes(kept)
    assert is_opened(settings)
