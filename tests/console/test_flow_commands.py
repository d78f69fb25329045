"""`madoguchi flows publish|versions|rollback|replay|record`, as managers type them."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from storage.unit import Store, open_store
from tests.commands import typed
from tests.shop import Shop, a_shop

TALK = """flow: f
title: 見本
start: [{keyword: 始め}]
steps:
  - ask: 大きさは?
    id: size
    choices: [大, 小]
    timeout: {after: 1h}
  - say: "{{answer.size}}ですね。"
  - end: done
"""
TEST = """test: f
cases:
  - name: 大きさを聞く
    talk:
      - user: 始め
      - expect: {ask: size}
"""

Command = Callable[..., int]


@pytest.fixture
def store(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Store]:
    path = tmp_path / "sample.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    opened = open_store(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "flows"
    (path / "tests").mkdir(parents=True)
    (path / "f.yaml").write_text(TALK)
    return path


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path) -> Command:
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", f"sqlite:///{tmp_path}/sample.db")
    monkeypatch.setenv("MADOGUCHI_FLOWS_DIR", str(folder))
    return partial(typed, "flows")


@pytest.fixture
def shop(store: Store, command: Command, capsys: pytest.CaptureFixture[str]) -> Shop:
    """Published once by the command; one person is asked for the size."""
    opened = a_shop(store, datetime(2026, 11, 21, 1, 0, tzinfo=UTC), {})
    assert command("publish", "--note", "はじめて") == 0
    opened.says("始め")
    capsys.readouterr()
    return opened


def test_a_dry_run_counts_who_is_in_the_middle_and_changes_nothing(
    shop: Shop, command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "f.yaml").write_text(TALK.replace("大, 小", "大, 小, 中"))

    status = command("publish", "--dry-run")
    finishing = capsys.readouterr().out
    command("publish", "--dry-run", "--running", "move")
    moving = capsys.readouterr().out
    command("versions")
    versions = capsys.readouterr().out

    assert status == 0
    assert "f: 1人が前の版の途中です\n  1人: 前の版で最後まで進みます\n" in finishing
    assert "1人: 同じところから新しい版で続けます" in moving
    assert versions.count("\n") == 1


def test_publish_moves_and_rollback_goes_back_and_versions_tell_it(
    shop: Shop, command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "f.yaml").write_text(TALK.replace("大, 小", "大, 小, 中"))

    published = command("publish", "--running", "move", "--note", "中も")
    shop.work()
    tried = command("rollback", "f", "--dry-run")
    back = command("rollback", "f")
    out = capsys.readouterr().out
    again = command("rollback", "f", "--to", "2", "--note", "やはり中も", "--running", "move")
    capsys.readouterr()
    command("versions")
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]

    assert (published, tried, back, again) == (0, 0, 0, 0)
    assert "f を v1 に戻しました" in out
    assert [(row[1], row[2], row[4], row[5], row[6]) for row in rows] == [
        ("f", "v2", "-", "途中1人・公開中", "やはり中も"),
        ("f", "v1", "-", "途中0人", "v1 に戻す"),
        ("f", "v2", "-", "途中1人・公開中", "中も"),
        ("f", "v1", "-", "途中0人", "はじめて"),
    ]
    assert all(len(row[3]) == 12 for row in rows)
    assert shop.runs()[0].hash.startswith(rows[0][3])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rollback", "f"), "戻せる前の版がありません"),
        (("rollback", "f", "--to", "7"), "戻せるv7 がありません"),
        (("rollback", "g"), "公開されたことがありません"),
        (("record", "nobody"), "nobody"),
        (("replay", "--against", "abcdef"), "abcdef"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(
    arguments: tuple[str, ...],
    told: str,
    shop: Shop,
    command: Command,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command(*arguments) == 2
    assert told in capsys.readouterr().err


def test_a_folder_whose_tests_fail_is_not_published(
    shop: Shop, command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "f.yaml").write_text(
        TALK.replace("id: size", "id: cm").replace("answer.size", "answer.cm")
    )
    (folder / "tests" / "f.yaml").write_text(TEST)

    refused = command("publish", "--yes")
    told = capsys.readouterr().err
    (folder / "tests" / "f.yaml").write_text(TEST.replace("size", "cm"))
    published = command("publish", "--yes")

    assert (refused, published) == (1, 0)
    assert "テストが失敗" in told


def test_replay_tells_what_would_be_otherwise(
    shop: Shop, command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.says("小")
    (folder / "f.yaml").write_text(TALK.replace("大, 小", "大").replace("ですね", "です"))

    status = command("replay", "--format", "json")
    found = json.loads(capsys.readouterr().out)
    command("replay", str(folder / "f.yaml"), "--last", "5")
    text = capsys.readouterr().out
    command("replay", str(folder / "f.yaml"), "--against", "1", "--format", "json")
    same = json.loads(capsys.readouterr().out)
    (folder / "f.yaml").write_text("flow: f\n")
    broken = command("replay", "--format", "json")

    assert (status, broken) == (0, 1)
    assert found["summary"] == {
        "runs": 1, "same": 0, "other_text": 0, "other_tags": 0, "other_end": 0,
        "not_accepted": 1, "diverged": 0, "unknown": 0, "unknown_inputs": 0,
    }  # fmt: skip
    (flow,) = found["flows"]
    assert (flow["flow"], flow["runs"], flow["not_accepted"]) == ("f", 1, 1)
    (example,) = found["examples"]
    assert (example["step"], example["turn"], example["before"]) == ("size", 2, "小")
    assert "答えが受け付けられなくなる: 1件" in text
    assert same["summary"]["same"] == 1


def test_record_writes_a_test_that_the_folder_passes(
    shop: Shop, command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.says("小")
    file = folder / "tests" / "real.yaml"

    written = command("record", shop.talk().id, "--out", str(file))
    printed = command("record", shop.talk().id)
    out = capsys.readouterr().out
    passed = command("test")

    assert (written, printed, passed) == (0, 0, 0)
    assert file.read_text() == out
    assert "失敗 0" in capsys.readouterr().out
