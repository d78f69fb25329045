"""`madoguchi account` and `operator`: what they refuse, in words, leaving nothing half-done."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import typed

Command = Callable[..., int]
PERSON = ("--name", "見本", "--role", "operator", "--password-file", "good.txt")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """A command in an empty folder with a good file, an empty one and one that is no text."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("MADOGUCHI_DATABASE_URL", raising=False)
    Path("good.txt").write_text("見本のパスワード1234\n")
    Path("empty.txt").write_text("\n")
    Path("binary.txt").write_bytes(b"\xff\xfe")
    return typed


def add_account(id_: str, from_file: str = "good.txt") -> tuple[str, ...]:
    files = ("--secret-file", from_file, "--token-file", "good.txt")
    return ("account", "add", id_, "--name", "見本", *files)


@pytest.mark.parametrize("secret", ["empty.txt", "binary.txt", "nowhere.txt"])
def test_a_file_without_a_secret_is_named(
    command: Command, capsys: pytest.CaptureFixture[str], secret: str
) -> None:
    assert command(*add_account("main", secret)) == 2
    told = capsys.readouterr().err
    assert secret in told
    assert "Traceback" not in told
    command("account", "list")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("id_", ["", "a/b", "見本", "a b", "a" * 65])
def test_an_id_that_cannot_stand_in_an_address_is_refused(command: Command, id_: str) -> None:
    assert command(*add_account(id_)) == 2
    assert command(*add_account("@123abcde")) == 0


def test_an_operator_is_given_only_accounts_that_are_there(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("operator", "add", "a@example.com", *PERSON, "--account", "nobody") == 2
    assert "account list" in capsys.readouterr().err
    command("operator", "list")
    assert capsys.readouterr().out == ""

    assert command(*add_account("main")) == 0
    assert command("operator", "add", "a@example.com", *PERSON, "--account", "main") == 0
    assert command("operator", "set", "a@example.com", "--account", "nobody") == 2
    assert command("operator", "set", "a@example.com") == 2
    assert command("operator", "set", "a@example.com", "--disable") == 0


def test_a_weak_password_and_the_last_manager_are_refused_here_too(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("common.txt").write_text("password1234\n")
    Path("own.txt").write_text("hanako-no-niwa-3\n")
    manager = ("--name", "見本 花子", "--role", "manager", "--password-file")
    for weak in ("common.txt", "own.txt"):
        assert command("operator", "add", "hanako@example.com", *manager, weak) == 2
    assert "many people use" in capsys.readouterr().err
    assert command("operator", "add", "hanako@example.com", *manager, "good.txt") == 0

    for change in (("--disable",), ("--role", "viewer"), ("--password-file", "own.txt")):
        assert command("operator", "set", "hanako@example.com", *change) == 2
    assert "no other manager" in capsys.readouterr().err
    capsys.readouterr()
    command("operator", "list")
    assert "manager" in capsys.readouterr().out
    assert command("operator", "set", "hanako@example.com", "--password-file", "good.txt") == 0


def test_the_history_is_verified_and_a_broken_one_is_named(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    command(*add_account("main"))
    command("operator", "add", "a@example.com", *PERSON)
    capsys.readouterr()

    assert command("audit", "verify") == 0
    told = capsys.readouterr().out
    assert "2 行" in told
    head = told.rstrip().rpartition(" ")[2]
    assert command("audit", "verify", "--anchor", head) == 0
    assert command("audit", "verify", "--anchor", "f" * 64) == 1

    Path("data/audit-anchors.txt").write_text(f"2026-11-27T00:00:00+00:00 2 {head}\n")
    assert command("audit", "verify") == 0
    assert "控えた値 1 個" in capsys.readouterr().out
    for line in (f"2026-11-27T00:00:00+00:00 1 {head}", "nonsense"):
        Path("elsewhere.txt").write_text(f"{line}\n")
        assert command("audit", "verify", "--anchors", "elsewhere.txt") == 1
    with sqlite3.connect("data/madoguchi.db") as db:
        db.execute("DROP TRIGGER audit_row_no_update")
        db.execute("UPDATE audit_row SET target_name = '別の人' WHERE id = 2")
    db.close()
    capsys.readouterr()
    assert command("audit", "verify") == 1
    assert "2 行目" in capsys.readouterr().out


@pytest.mark.parametrize("url", ["nonsense", "mysql://u@localhost/x", "postgresql://u@localhost/x"])
def test_another_database_is_refused_with_those_that_work(
    command: Command,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    url: str,
) -> None:
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", url)

    assert command("account", "list") == 2
    told = capsys.readouterr().err
    assert "MADOGUCHI_DATABASE_URL" in told
    assert "postgresql+psycopg://" in told


def test_a_database_that_does_not_answer_is_told_in_one_sentence(
    command: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", "postgresql+psycopg://u@127.0.0.1:1/x")

    assert command("account", "list") == 2
    told = capsys.readouterr().err
    assert "Check MADOGUCHI_DATABASE_URL" in told
    assert "sqlalche.me" not in told


def test_an_account_is_changed_and_its_secret_in_two_steps(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    command(*add_account("main"))
    assert command("account", "set", "main") == 2
    assert command("account", "set", "main", "--reserve", "101") == 2
    assert command("account", "set", "nobody", "--reserve", "20") == 2
    assert "account list" in capsys.readouterr().err
    change = ("--reserve", "0", "--mode", "strict", "--loading", "off", "--mark-read", "on")
    assert command("account", "set", "main", *change, "--token-file", "good.txt") == 0
    capsys.readouterr()
    command("account", "list")
    assert capsys.readouterr().out.strip().endswith("strict")

    assert command("account", "secret", "main", "--retire") == 2
    assert command("account", "secret", "main", "--add-file", "good.txt") == 0
    assert command("account", "secret", "main", "--add-file", "good.txt") == 2
    assert command("account", "secret", "main", "--retire") == 0
    with sqlite3.connect("data/madoguchi.db") as db:
        row = db.execute(
            "SELECT reserve_percent, shows_loading, marks_read, next_secret_sealed FROM account"
        ).fetchone()
        kinds = [kind for (kind,) in db.execute("SELECT kind FROM audit_row ORDER BY id")]
    assert row == (0, 0, 1, None)
    assert kinds == ["account_added", "account_changed", "secret_added", "secret_retired"]


def test_what_was_set_aside_is_listed_and_given_back(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    command(*add_account("main"))
    with sqlite3.connect("data/madoguchi.db") as db:
        for number in (1, 2):
            db.execute(
                "INSERT INTO arrival (id, account_id, event_id, lane, kind, is_inside, raw,"
                " received_at, state, tries, trouble) VALUES"
                " (?, 'main', ?, ?, 'message', 0, '{}', '2026-11-21 01:00:00.000000', 'aside', 5,"
                " 'KeyError: odd')",
                (number, f"e{number}", f"l{number}"),
            )
    capsys.readouterr()
    assert command("requeue") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines[:2]] == ["2", "1"]
    assert lines[0].endswith("\tKeyError"), "what the exception said may be the customer's"
    assert "madoguchi requeue" in lines[2]

    assert command("requeue", "9") == 2
    assert command("requeue", "1") == 0
    assert command("requeue", "--all") == 0
    capsys.readouterr()
    command("requeue")
    assert capsys.readouterr().out == ""
    with sqlite3.connect("data/madoguchi.db") as db:
        rows = set(db.execute("SELECT state, tries, trouble FROM arrival"))
    assert rows == {("pending", 0, None)}
