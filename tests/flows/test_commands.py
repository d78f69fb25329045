"""The commands for managers: what they print for programs, and when they refuse to publish."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from flows.language.run import Frame, Run
from storage import flow_versions, runs
from storage.runs import RunState
from storage.talks import lock
from storage.unit import open_store
from tests import given
from tests.bot.embeddings import serving
from tests.commands import typed

FLOW = """flow: booking
title: 見本の予約
start: [{keyword: 予約}]
steps:
  - ask: ご希望の日は?
    id: day
    type: date
    save: field.day
    skip: 未定
    timeout: {after: 1h}
  - end: done
"""
TALK = """test: booking
cases:
  - name: 予約を始める
    talk:
      - user: 予約
      - expect: {state: time}
"""

Command = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "見本の flows"
    (path / "tests").mkdir(parents=True)
    (path / "booking.yaml").write_text(FLOW)
    return path


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path) -> Command:
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", f"sqlite:///{tmp_path}/data/sample.db")
    monkeypatch.setenv("MADOGUCHI_FLOWS_DIR", str(folder))
    return partial(typed, "flows")


def test_sarif_names_each_problem_with_its_place_and_level(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "予約.yaml").write_text(FLOW.replace("booking", "other") + "  - say: 終わり # 済\n")

    status = command("check", "--format", "sarif")
    log = json.loads(capsys.readouterr().out)

    assert status == 1
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    found = {
        result["ruleId"]: (
            result["level"],
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            result["locations"][0]["physicalLocation"]["region"],
        )
        for result in run["results"]
    }
    name = "%E4%BA%88%E7%B4%84.yaml"
    assert found["F030"] == ("error", name, {"startLine": 12, "startColumn": 5})
    assert found["W216"] == ("warning", name, {"startLine": 12, "startColumn": 10})
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert all(result["message"]["text"] for result in run["results"])


@pytest.mark.parametrize("format_", ["sarif", "github"])
def test_a_failed_talk_is_told_as_a_problem_of_its_line(
    format_: str, command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "tests" / "booking.yaml").write_text(TALK)

    failed, out = command("test", "--format", format_), capsys.readouterr().out
    (folder / "tests" / "booking.yaml").write_text(TALK.replace("time", "day"))
    passed, quiet = command("test", "--format", format_), capsys.readouterr().out

    assert (failed, passed) == (1, 0)
    assert "tests/booking.yaml" in out
    assert "tests/booking.yaml" not in quiet


@pytest.mark.parametrize("format_", ["sarif", "github"])
def test_a_workflow_is_told_the_file_from_where_it_runs(
    format_: str,
    command: Command,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    below = folder.rename(folder.parent / "shop")
    (below / "booking.yaml").write_text(FLOW.replace("done", "nowhere: 1"))
    monkeypatch.chdir(below.parent)

    command("check", "--format", format_, "shop/booking.yaml")
    from_above = capsys.readouterr().out
    monkeypatch.chdir(below / "tests")
    command("check", "--format", format_, "..")

    assert "shop/booking.yaml" in from_above
    assert "shop/" not in capsys.readouterr().out


def test_check_counts_the_problems_of_all_folders_in_one_object(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "booking.yaml").write_text(FLOW.replace("done", "done # 済") + "  - say: 終わり\n")

    command("check", "--format", "json", str(folder), str(folder))
    told = json.loads(capsys.readouterr().out)

    assert told["summary"]["files"] == 2
    assert [p["code"] for p in told["problems"]] == ["F030"] * 2
    assert {p["file"] for p in told["problems"]} == {"booking.yaml"}


def test_check_of_one_file_tells_of_that_file_alone(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = FLOW.replace("booking", "other").replace("予約}", "変更}")
    (folder / "other.yaml").write_text(other + "  - say: 終わり\n")

    good = command("check", str(folder / "booking.yaml"))
    bad = command("check", "--format", "json", str(folder / "other.yaml"))

    assert (good, bad) == (0, 1)
    told = json.loads(capsys.readouterr().out.split("\n")[-2])
    assert {problem["file"] for problem in told["problems"]} == {"other.yaml"}


def test_a_step_is_not_taken_from_under_those_who_wait_on_it_without_a_word(
    command: Command,
    folder: Path,
    tmp_path: Path,
    now: datetime,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command("publish") == 0
    _stand_on("day", tmp_path, now)
    again = command("publish")
    capsys.readouterr()
    (folder / "booking.yaml").write_text(FLOW.replace("id: day", "id: wanted"))

    refused = command("publish")
    told = capsys.readouterr().out
    accepted = command("publish", "--yes", "--format", "json")
    listed = json.loads(capsys.readouterr().out)
    after = command("publish")

    assert (again, refused, accepted, after) == (0, 1, 0, 0)
    assert "booking.yaml:1:7 W213" in told
    assert "「day」に1人" in told
    assert [problem["code"] for problem in listed["problems"]] == ["W213"]
    assert "W213" not in capsys.readouterr().out  # they were told of once


def test_a_red_test_is_not_published(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "tests" / "booking.yaml").write_text(TALK)

    refused = command("publish")
    told = capsys.readouterr()
    (folder / "tests" / "booking.yaml").write_text(TALK.replace("time", "day"))

    assert (refused, command("publish")) == (1, 0)
    assert "✗ tests/booking.yaml:3 予約を始める" in told.out
    assert "公開しませんでした" in told.err


@pytest.mark.parametrize("file", ["booking.yaml", "tests/booking.yaml", "tests/deep/booking.yaml"])
def test_the_folder_of_a_file_is_found_wherever_it_lies(
    file: str, command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "tests" / "見本"  # a folder above that has the name of one of ours
    for name, text in (("booking.yaml", FLOW), (file, TALK if "/" in file else FLOW)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    command("check", "--format", "json", str(folder / file))
    told = json.loads(capsys.readouterr().out)

    assert told == {
        "problems": [],
        "summary": {"files": len({"booking.yaml", file}), "E": 0, "W": 0, "I": 0},
    }


FAQ = """faq: salon
title: 見本
entries:
  - id: parking
    ask: [駐車場はありますか, 車で行けますか, 車はどこに停められますか]
    answer: 裏に3台分ございます。
  - id: kids_cut
    ask: [キッズカットの料金, 子どものカットはできますか, 小学生の髪を切れますか]
    answer: 3,300円です。
"""


def test_an_encoder_is_judged_beside_the_letters(
    command: Command,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder / "faq").mkdir()
    (folder / "faq" / "salon.yaml").write_text(FAQ)
    questions = folder.parent / "questions.csv"
    questions.write_bytes("駐車場は,parking\n".encode("cp932"))  # as Excel saves it by itself
    assert command("evaluate", str(questions)) == 2
    assert "CSV UTF-8" in capsys.readouterr().err
    questions.write_text("チルドレンのプライス 090-1234-5678,kids_cut\n駐車場は,parking\n株価,\n")

    assert command("evaluate", str(questions), "--encoder") == 2
    assert "MADOGUCHI_ENCODER_URL" in capsys.readouterr().err
    assert command("evaluate", str(questions), "--grams") == 0
    assert "左から: 文字だけ、grams-512" in capsys.readouterr().out
    assert command("evaluate", str(questions), "--format", "json") == 0
    letters = json.loads(capsys.readouterr().out)
    with serving() as embeddings:
        monkeypatch.setenv("MADOGUCHI_ENCODER_URL", embeddings.url)
        monkeypatch.setenv("MADOGUCHI_ENCODER_MODEL", "sample")
        monkeypatch.setenv("MADOGUCHI_PRIVATE_HOSTS", "127.0.0.1")
        assert command("evaluate", str(questions), "--encoder", "--format", "json") == 0
        both = json.loads(capsys.readouterr().out)
        embeddings.status = 500
        assert command("evaluate", str(questions), "--encoder") == 2

    ((id_, encoded),) = both.pop("encoders").items()
    assert both == letters
    assert id_.startswith("sample#")
    assert (letters["first"], encoded["first"]) == (0.5, 1.0)
    assert not any("1234" in text for text in embeddings.texts)
    assert "500" in capsys.readouterr().err


def _stand_on(step: str, tmp_path: Path, now: datetime) -> None:
    store = open_store(f"sqlite:///{tmp_path}/data/sample.db")
    hash_ = store.read(flow_versions.heads)["booking"]
    frame = Frame("booking", hash_, state=step, phase="question")
    run = Run("1.1", "booking", hash_, now, [frame])

    def begin(db) -> None:
        talk = given.a_talk(db, given.an_account(db, now), now)
        state = RunState(run.id, run.flow, run.hash, run.status, run.to_json(), now, step)
        runs.save_run(db, lock(db, talk.id), state, now)

    store.write(begin)
    store.close()


@pytest.mark.parametrize("arguments", [("learn", "--days"), ("replay", "--last")])
@pytest.mark.parametrize("number", ["0", "-3", "９９", "1.5", "9" * 30])
def test_a_number_that_counts_nothing_is_refused(
    arguments: tuple[str, ...], number: str, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(*arguments, number) == 2
    assert "1から" in capsys.readouterr().err
