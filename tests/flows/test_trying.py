"""A talk in the terminal: clean in a pipe, under its own clock, and every line can be taken back."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pytest

from flows.language.book import book_of
from flows.language.grammar.talk_files import Given
from flows.language.loader import load_files
from flows.language.trying import Tryout
from tests.commands import typed
from tests.flows.talks import FIN, HUMAN, WAIT, flow, other
from tests.flows.test_salon import FLOWS

NOW = datetime(2026, 4, 1, 10)  # noqa: DTZ001 # the calendar's zone is put in by the friend
COLOUR = (
    "  - ask: 色は?\n    id: c\n    choices: [赤, {青: {tag: 常連}}]\n    remind: {after: 10m, say: まだですか}\n"
    + WAIT
)

Try = Callable[..., str]


def tried(files: Mapping[str, str], flow_id: str | None = "f") -> Tryout:
    folder = load_files({name: text.encode() for name, text in files.items()})
    return Tryout(book_of(folder), Given(now=NOW), flow_id)


def test_a_number_taps_a_text_is_typed_and_everything_that_is_known_is_shown() -> None:
    tryout = tried(flow(COLOUR + FIN))

    begun = tryout.begin()
    wrong = tryout.enter("みどり")
    done = tryout.enter("2")

    assert "ボット: 色は?" in begun
    assert "[1] 赤  [2] 青" in begun
    assert "状態: f.c(質問中)" in begun
    assert "タイマー: 2026-04-01 10:10 催促、2026-04-01 11:00 時間切れ" in begun
    assert "ボタンから選んで" in wrong
    assert "答え: c=青" in done
    assert "タグ: 常連" in done
    assert "f は終わりました(done)" in done


def test_the_clock_moves_only_by_wait_and_tells_what_comes_at_its_own_time() -> None:
    tryout = tried(flow(COLOUR + FIN))
    tryout.begin()

    waited = tryout.enter(":wait 2h")
    refused = tryout.enter(":wait すこし")

    assert "10:10 ボット: まだですか" in waited
    assert "時刻: 2026-04-01 12:00" in waited
    assert "答え: c=(返事なし)" in waited
    assert "! 長さは" in refused


def test_every_line_can_be_taken_back_to_the_beginning() -> None:
    tryout = tried(flow(COLOUR + FIN))
    begun = tryout.begin()
    tryout.enter("2")

    back = tryout.enter(":undo")
    again = tryout.enter("赤")
    tryout.enter(":undo")
    tryout.enter(":undo")

    assert "状態: f.c(質問中)" in back
    assert "常連" not in back
    assert "答え: c=赤" in again
    assert tryout.enter(":undo") == "  ! これより前はありません。"
    assert begun


def test_digits_answer_a_question_that_wants_them_and_a_colon_taps() -> None:
    steps = "  - ask: 何名?\n    id: n\n    type: number\n    skip: 未定\n" + WAIT

    typed, tapped = (tried(flow(steps + "  - say: どうも\n" + FIN)) for _ in range(2))
    typed.begin()
    begun = tapped.begin()

    assert "[:1] 未定" in begun
    assert "答え: n=1" in typed.enter("１")
    assert "答え: n=(答えない)" in tapped.enter(":1")
    assert tapped.enter(":1") == "  ! ボタンは出ていません。"


def test_a_day_is_picked_and_a_sticker_is_sent() -> None:
    tryout = tried(
        flow("  - ask: いつ?\n    id: d\n    type: date\n" + WAIT + "  - say: どうも\n" + FIN)
    )

    assert "[:pick] 日付を選ぶ" in tryout.begin()
    assert "日付を" in tryout.enter(":send sticker")
    assert "送れるもの" in tryout.enter(":send 花")
    assert "例: :pick" in tryout.enter(":pick")
    assert "答え: d=2026-05-01" in tryout.enter(":pick 2026-05-01")
    assert "日時を選ぶボタンは出ていません" in tryout.enter(":pick 2026-05-01")


def test_staff_take_and_end_the_talk_and_are_seen_to_be_asked() -> None:
    steps = "  - notify: 店長\n" + HUMAN + "    done: {say: 終わりました, goto: fin}\n"
    tryout = tried(flow(steps + FIN))

    begun = tryout.begin()

    assert "スタッフへの通知: 店長" in begun
    assert "対応: 受付で待機中" in begun
    assert "スタッフが対応中" in tryout.enter(":take")
    assert "終わりました" in tryout.enter(":done")


def test_what_starts_flows_can_be_done_by_hand() -> None:
    files = {
        **flow("  - say: あ\n" + FIN, "start: [{event: purchase}]\n"),
        **other("g", "  - say: い\n" + FIN, "start: [{tag_added: 大}]\n"),
        **other("h", "  - say: う\n" + FIN, "start: [{postback: p}, {url_click: l}, follow]\n"),
    }
    tryout = tried(files, None)

    assert "お客様の言葉を打ってください" in tryout.begin()
    assert "動いているフローはありません" in tryout.enter(":state")
    assert "どのフローも受け取りませんでした" in tryout.enter("あれ")
    assert "ボット: あ" in tryout.enter(":event purchase")
    assert "ボット: い" in tryout.enter(":tag 大")
    assert "ボット" not in tryout.enter(":tag 大")
    assert "タグ" not in tryout.enter(":untag 大")
    assert all(
        "ボット: う" in tryout.enter(f":{word}")
        for word in ("postback p", "click l", "follow", "start h")
    )
    assert "「g」の間違い" in tryout.enter(":start g1")
    assert tryout.enter(":hepl") == "  ! 「:hepl」はありません。「:help」の間違いではありませんか?"
    assert ":undo         1つ前に戻る" in tryout.enter(":help")
    assert tryout.enter("  ") == ""


def test_a_start_that_is_held_is_seen_to_come() -> None:
    tryout = tried(flow("  - say: あ\n" + FIN, "start: [{event: paid, delay: 10m}]\n"))

    begun = tryout.begin()

    assert "動いているフローはありません" in begun
    assert f"{begun.partition('時刻: ')[2][:10]} 10:10 に始まります" in begun
    assert "ボット: あ" in tryout.enter(":wait 10m")


@pytest.mark.parametrize(
    ("head", "said"),
    [("start: [follow]\n", "ボット: あ"), ("start: [{event: e}]\n", "ボット: あ"), ("start: [{schedule: 毎日 10:00}]\n", "ボット: あ"),
     ("start: []\n", "ボット: あ"), ("start: [message]\n", "打ってください"), ("start: [off_hours]\n", "打ってください")],
)  # fmt: skip
def test_a_flow_begins_by_its_first_trigger(head: str, said: str) -> None:
    assert said in tried(flow("  - say: あ\n" + FIN, head)).begin()


def test_lots_fall_differently_from_line_to_line_and_the_same_when_it_is_done_again() -> None:
    files = flow("  - random: [{say: 表}, {say: 裏}]\n" + FIN)

    first, second = (
        [tryout.enter("始め") for _ in range(8)]
        for tryout in (tried(files, None), tried(files, None))
    )

    assert first == second
    assert any("表" in text for text in first)
    assert any("裏" in text for text in first)


def test_the_command_talks_through_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("MADOGUCHI_FLOWS_DIR", str(FLOWS))
    monkeypatch.setattr("sys.stdin", io.StringIO("はじめて\n:state\n:quit\nはじめて\n"))

    status = typed("flows", "try", "salon_welcome", "--now", "2026-11-21 10:00")
    out = capsys.readouterr().out

    assert status == 0
    assert "あなた> はじめて\n" in out
    assert "タグ: 新規" in out
    assert out.endswith("終わります。\n")


def test_a_flow_is_named_by_its_id_its_file_or_its_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, text in {**flow("  - say: あ\n" + FIN), **other("g", "  - say: い\n")}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("MADOGUCHI_FLOWS_DIR", str(tmp_path))
    said = {}

    for name in (
        "f",
        str(tmp_path / "f.yaml"),
        str(tmp_path),
        "g",
        str(tmp_path / "g.yaml"),
        "nobody",
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO("始め\n"))
        said[name] = (typed("flows", "try", name), capsys.readouterr())

    (by_id, by_file, by_folder, broken, broken_file, unknown) = said.values()
    assert [status for status, _ in said.values()] == [0, 0, 0, 1, 1, 2]
    assert all("ボット: あ" in told.out for _, told in (by_id, by_file, by_folder))
    assert all("g.yaml:5:5 F030" in told.out for _, told in (broken, broken_file))
    assert "フロー「nobody」はありません" in unknown[1].err
