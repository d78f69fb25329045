"""One serving process for one SQLite file, on a disk of this machine."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from console.cli import lock
from console.cli.lock import AlreadyServed, NetworkFilesystem, filesystem_of, serving
from storage.migrate import versions
from tests.commands import typed

ROOT = Path(__file__).parent.parent.parent
MOUNTS = (
    "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
    "30 22 0:40 / /srv rw shared:1 - nfs4 files.example:/srv rw\n"
    "31 30 8:2 / /srv/own\\040disk rw - xfs /dev/sdb1 rw\n"
    "32 22 0:41 / /home/sample rw - fuse.sshfs a@b:/ rw\n"
)
HOLD = """
import sys, time
from pathlib import Path
from console.cli.lock import serving
with serving(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_on_one_file_is_told_who_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "elsewhere" / "madoguchi.db"
    holder = subprocess.Popen(  # noqa: S603 # our own Python
        [sys.executable, "-c", HOLD, str(file)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    (tmp_path / "link.db").symlink_to(file)

    try:
        with pytest.raises(AlreadyServed, match=rf"process {holder.pid} .* Stop that one first"):
            serving(file).__enter__()
        with pytest.raises(AlreadyServed), serving(tmp_path / "link.db"):
            pass
        monkeypatch.setattr("console.cli.serve_commands._patch", lambda: None)
        monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(tmp_path / "other"))
        monkeypatch.setenv("MADOGUCHI_DATABASE_URL", f"sqlite:///{file}")
        assert typed("serve", "--port", "0") == 2
        assert f"process {holder.pid}" in capsys.readouterr().err
        assert not file.exists()  # nothing was made or migrated
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()

    with serving(file), serving(tmp_path / "another.db"):
        pass  # a lock dies with its process, and is of its own file alone


def test_the_database_goes_back_for_an_older_version_once_nobody_serves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "data" / "madoguchi.db"
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("MADOGUCHI_DATABASE_URL", raising=False)
    before, newest = versions()[-2:]

    def run(*arguments: str) -> tuple[int, str]:
        status, printed = typed("migrate", *arguments), capsys.readouterr()
        return status, printed.out + printed.err

    assert run()[0] == 0
    with serving(file):
        code, told = run("--to", before)
    assert (code, "Stop that one first" in told) == (2, True)
    assert run("--to", "9999") == (
        2, f"madoguchi: there is no version '9999'; this Madoguchi knows 0001 to {newest}\n",
    )  # fmt: skip
    code, told = run("--to", before)
    assert (code, f"{before}版" in told) == (0, True)
    with sqlite3.connect(file) as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchone() == (before,)
    assert file.with_name(f"{file.name}.before-{newest}").exists()
    assert run()[0] == 0


def test_one_room_alone_needs_postgresql(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("console.cli.serve_commands._patch", lambda: None)
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("MADOGUCHI_DATABASE_URL", raising=False)

    for room in ("web", "worker", "console"):
        assert typed("serve", "--only", room) == 2
        assert "Leave --only out" in capsys.readouterr().err
    assert typed("serve", "--share-port") == 2
    assert "--share-port needs PostgreSQL" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/madoguchi", "ext4"), ("/srv", "nfs4"), ("/srv/madoguchi/data", "nfs4"),
        ("/srv/own disk/data", "xfs"), ("/srvother", "ext4"), ("/home/sample/data", "fuse.sshfs"),
    ],
)  # fmt: skip
def test_the_file_system_of_a_folder_is_that_of_the_nearest_mount(folder: str, kind: str) -> None:
    assert filesystem_of(Path(folder), MOUNTS) == kind


def test_a_networks_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"1 1 8:1 / / rw - ext4 a rw\n2 1 0:1 / {tmp_path}/far rw - nfs4 b rw\n")
    monkeypatch.setattr(lock, "MOUNTS", mounts)

    with pytest.raises(NetworkFilesystem, match=r"nfs4.*MADOGUCHI_DATA_DIR"):
        serving(tmp_path / "far" / "madoguchi.db").__enter__()
    with serving(tmp_path / "near" / "madoguchi.db"):
        pass
    monkeypatch.setattr(lock, "MOUNTS", tmp_path / "nowhere")
    with serving(tmp_path / "far" / "madoguchi.db"):
        pass  # a machine that does not tell
