"""The commands for managers speak Japanese, and English to whoever asks for it."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from tests.commands import typed

FLOW = """flow: booking
title: 見本の予約
start: [{keyword: 予約}]
steps:
  - ask: ご希望の日は?
    id: day
    type: date
    skpi: 未定
    timeout: {after: 1h}
  - end: done
"""
SOUND = FLOW.replace("skpi", "skip") + "    id: fin\n"
STUCK = SOUND.replace("{after: 1h}", "{after: 1h, stay: yes}").replace(
    "  - end", "  - if: {tag: 常連}\n    then: {goto: fin}\n  - goto: day\n  - end"
)
TALK = """test: booking
cases:
  - name: 予約を始める
    talk:
      - user: 予約
      - expect: {state: time, not_said: ご希望, has_tags: [常連]}
  - name: ボタンがない
    talk:
      - user: 予約
      - tap: あさって
"""

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "flows"
    (path / "tests").mkdir(parents=True)
    (path / "booking.yaml").write_text(FLOW)
    return path


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", f"sqlite:///{tmp_path}/data/sample.db")
    monkeypatch.setenv("MADOGUCHI_FLOWS_DIR", str(folder))
    monkeypatch.delenv("MADOGUCHI_LANGUAGE", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = typed("flows", *arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_a_problem_is_told_in_the_language_that_is_asked_for(command: Command) -> None:
    _, japanese, _ = command("check")
    status, english, _ = command("check", "--lang", "en")

    assert "「skpi」はaskでは使えません。" in japanese
    assert "直し方: 「skip」の間違いではありませんか?" in japanese
    assert status == 1
    assert english.splitlines()[:7] == [
        "booking.yaml:8:5 F002 “skpi” cannot be used in ask.",
        "  |     skpi: 未定",
        "  |     ^~~~~~~~~~",
        "  Why: A key that was skipped in silence would do something else than its writer meant.",
        "  How to fix: Did you mean “skip”?",
        "  More: flows/README.md#the-numbers-of-problems",
        "Errors 1, warnings 0, notes 0",
    ]


@pytest.mark.parametrize("form", ["json", "github", "sarif"])
def test_programs_get_japanese_unless_they_ask_for_english(command: Command, form: str) -> None:
    _, japanese, _ = command("check", "--format", form)
    _, english, _ = command("check", "--format", form, "--lang", "en")

    assert "使えません" in japanese
    assert "cannot be used" in english
    assert "使えません" not in english
    if form == "json":
        (told,), (same,) = json.loads(japanese)["problems"], json.loads(english)["problems"]
        words = {"message", "hint"}
        assert told.keys() == same.keys()
        assert {k: told[k] for k in told.keys() - words} == {
            k: same[k] for k in told.keys() - words
        }


def test_the_environment_may_choose_and_the_option_has_the_last_word(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MADOGUCHI_LANGUAGE", "en")
    _, english, _ = command("check")
    _, japanese, _ = command("check", "--lang", "ja")
    monkeypatch.setenv("MADOGUCHI_LANGUAGE", "fr")
    status, out, error = command("check")

    assert "Did you mean" in english
    assert "間違いではありませんか" in japanese
    assert (status, out) == (2, "")
    assert "ja or en, not 'fr'" in error


def test_a_folder_that_is_not_there_is_told_in_the_same_language(command: Command) -> None:
    assert command("check", "nowhere")[2].endswith("フローのフォルダーを指定してください。\n")
    status, _, error = command("check", "nowhere", "--lang", "en")

    assert (status, error) == (
        2,
        "madoguchi: nowhere is not there. Name the folder of the flows.\n",
    )


def test_what_a_test_saw_is_told_in_both_languages(command: Command, folder: Path) -> None:
    (folder / "booking.yaml").write_text(SOUND)
    (folder / "tests" / "booking.yaml").write_text(TALK)

    status, japanese, _ = command("test")
    _, english, _ = command("test", "--lang", "en")
    _, told, _ = command("test", "--format", "json", "--lang", "en")

    assert status == 1
    assert "state: time のはずが day でした。" in japanese
    assert "not_said: 「ご希望」を言わない のはずが ご希望の日は? でした。" in japanese
    assert "「あさって」のボタンは出ていません(出ているもの: 未定)。" in japanese
    assert "state: expected time, but it was day." in english
    assert "has_tags: expected [常連], but it was []." in english
    assert "There is no button “あさって” (there are: 未定)." in english
    assert english.endswith("Tests of talks: 0 passed, 2 failed\n")
    first = json.loads(told)["cases"][0]["failures"][1]
    assert (first["key"], first["expected"]) == ("not_said", "not to say “ご希望”")


def test_what_exploring_found_is_told_in_both_languages(command: Command, folder: Path) -> None:
    (folder / "booking.yaml").write_text(STUCK)

    _, japanese, _ = command("explore")
    status, english, _ = command("explore", "--lang", "en")

    assert status == 1
    assert "ここからは終わりにたどり着けません(「予約」)。" in japanese
    assert "「day」から end への道を作ってください。" in japanese.replace(" から", "から")
    assert "From here no end can be reached (“予約”)." in english
    assert "How to fix: Make a way to end from “day”." in english
    assert english.endswith("Flows walked 1, with problems 1\n")


def test_a_talk_is_tried_in_english(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "booking.yaml").write_text(SOUND)
    monkeypatch.setattr("sys.stdin", StringIO(":wiat 1h\n:wait 2h\n:undo\n:state\n未定\n:quit\n"))

    status, english, _ = command("try", "booking", "--lang", "en", "--now", "2026-11-21 10:00")

    assert status == 0
    for line in (
        "  * It begins: “予約”",
        "  10:00 Bot: ご希望の日は?",
        "  State: booking.day (asking)",
        "  ! There is no “:wiat”. Did you mean “:wait”?",
        "  One back.",
        "  Tags: none",
        "  State: booking has ended (done)",
        "You> :quit",
        "  Bye.",
    ):
        assert line in english.splitlines()
    assert "  Timers: 2026-11-21 11:00 timeout" in english


def test_a_publish_that_is_refused_says_so_in_english(command: Command, folder: Path) -> None:
    refused = command("publish", "--lang", "en")
    (folder / "booking.yaml").write_text(SOUND)
    done = command("publish", "--lang", "en", "--yes")
    again = command("publish", "--lang", "en", "--yes")
    versions = command("versions", "--lang", "en")

    assert refused[0] == 1
    assert refused[2] == "Nothing was published. Mend these first.\n"
    assert "Did you mean" in refused[1]
    assert (done[0], again[0]) == (0, 0)
    assert done[1].endswith("Published: booking, shared files\n")
    assert again[1].endswith("Published: nothing has changed\n")
    assert "0 in the middle, published" in versions[1]


def test_how_well_a_faq_answers_is_told_in_english(command: Command, folder: Path) -> None:
    (folder / "booking.yaml").write_text(SOUND)
    (folder / "faq").mkdir()
    (folder / "faq" / "q.yaml").write_text(
        "faq: q\nentries:\n  - id: parking\n    ask: [駐車場はありますか, 車で行けますか, 車は停められますか]\n"
        "    answer: 3台あります。\n"
    )
    asked, wrong = folder.parent / "asked.csv", folder.parent / "wrong.csv"
    asked.write_text("駐車場はありますか,parking\n明日の天気は?,\n")
    wrong.write_text("駐車場はありますか,price\n")

    status, told, _ = command("evaluate", str(asked), "--lang", "en")
    refused = command("evaluate", str(wrong), "--lang", "en")

    assert status == 0
    assert "Questions 2 (of them without an answer 1)" in told
    assert "The right entry comes first (S@1): 100.0%" in told
    assert refused[0] == 2
    assert refused[2].endswith("wrong.csv: Line 1: the FAQ has no entry “price”.\n")
