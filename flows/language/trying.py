"""A talk in a terminal: lines in, text out, under a virtual clock. Nothing is read or printed here.

What does not begin with `:` is what the friend types; a number taps a button. The rest are the
clock, the staff, and a look behind the counter.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from flows.language.book import Book
from flows.language.durations import parse_duration
from flows.language.grammar.talk_files import SENDABLE, Given
from flows.language.normalise import to_ascii_forms
from flows.language.problems import did_you_mean
from flows.language.showing_talk import state_lines, takes_digits, turn_lines
from flows.language.talk_world import PaperFriend, Seen
from flows.language.words import (
    Clicked,
    Event,
    Followed,
    Happened,
    Said,
    Sent,
    StartedByHand,
    Tagged,
    Tapped,
)

Deed = Callable[[PaperFriend], None]
Reader = Callable[[PaperFriend, str], Deed]  # what a command means: the rest of its line
MOST_WAKES = 200  # of one `:wait`: flows that remind for ever
HELP = """\
文をそのまま打つとお客様の発言、番号を打つとボタンを押したことになります。
  :1            1番のボタンを押す(数字で答える質問のとき)
  :wait 3h      時間を進める(10m 3h 2d 1w)
  :state        今の状態・答え・タグ・タイマーを見る
  :undo         1つ前に戻る
  :pick 日時    日時のボタンで選ぶ(:pick 2026-12-01 や :pick 2026-12-01T14:00)
  :send 種類    スタンプや写真を送る(sticker image location video audio file)
  :follow  :event 名前  :postback データ  :click リンク  :start フロー
  :tag タグ  :untag タグ
  :take  :done  スタッフが担当になる・対応を終える
  :quit         終わる"""


class CannotDo(Exception):
    """The line asks for what cannot be done now; the text says what can."""


class Tryout:
    """One talk that is being tried. flow_id: the flow that it begins with, if any."""

    def __init__(self, book: Book, given: Given, flow_id: str | None = None) -> None:
        self.is_over = False
        self._flow_id = flow_id
        self._friend = PaperFriend(book, given)
        self._before: list[PaperFriend] = []

    def begin(self) -> str:
        """What starts the flow, done once; with only texts to start it, an invitation to type."""
        event = _first_event(self._friend.book, self._flow_id)
        if event is None:
            return "お客様の言葉を打ってください(:help で使い方)。"
        told = f"  ※ {_start_text(event)}始めます"
        return "\n".join([told, self._do(lambda friend: friend.happens(event))])

    def enter(self, line: str) -> str:
        """One line; the text to show for it."""
        text = line.strip()
        word, _, rest = text.partition(" ")
        if not text:
            return ""
        try:
            if word in _ASIDE:
                return _ASIDE[word](self)
            return self._do(self._meant(text, word, rest.strip()))
        except CannotDo as refusal:
            return f"  ! {refusal}"

    def undo(self) -> str:
        """Back to before the last line that did something."""
        if not self._before:
            raise CannotDo("これより前はありません。")
        self._friend = self._before.pop()
        return "\n".join(["  1つ戻りました。", *state_lines(self._friend, is_whole=True)])

    def state(self) -> str:
        """Where everything stands."""
        return "\n".join(state_lines(self._friend, is_whole=True))

    def quit(self) -> str:
        """The end."""
        self.is_over = True
        return "  終わります。"

    def _meant(self, text: str, word: str, rest: str) -> Deed:
        if word in _COMMANDS:
            return _COMMANDS[word](self._friend, rest)
        number = to_ascii_forms(text.removeprefix(":"))
        if number.isdigit() and (text.startswith(":") or self._taps_by_number(text)):
            return _tap(self._friend, int(number))
        if text.startswith(":"):
            hint = did_you_mean(word, [*_COMMANDS, *_ASIDE])
            raise CannotDo(f"「{word}」はありません。{hint or ':help で使い方を見られます。'}")
        labels = {option.label: option.data for option in self._friend.offered()}
        event: Event = Tapped(labels[text]) if text in labels else Said(text)
        return lambda friend: friend.happens(event)

    def _taps_by_number(self, text: str) -> bool:
        """A bare number taps, unless it is a label itself or the question takes typed digits."""
        options = self._friend.offered()
        is_label = any(option.label == text for option in options)
        return bool(options) and not is_label and not takes_digits(self._friend)

    def _do(self, deed: Deed) -> str:
        before = self._friend
        after = before.copy()
        after.seed += 1
        lines = list(_happenings(after, deed))
        self._before.append(before)
        self._friend = after
        return "\n".join([*lines, *state_lines(after)])


def _happenings(friend: PaperFriend, deed: Deed) -> Iterator[str]:
    """What the deed does, then what becomes due until the clock stands where it was put."""
    wanted = _WaitTo.of(deed)
    if wanted is None:
        friend.seen = Seen()
        deed(friend)
        yield from turn_lines(friend)
        return
    for _ in range(MOST_WAKES):
        moment = friend.next_moment()
        if moment is None or moment > wanted:
            break
        friend.seen = Seen()
        friend.wait_until(moment)
        yield from turn_lines(friend)
    friend.wait_until(wanted)


class _WaitTo:
    """Time passes until a moment: told step by step, each with its own time."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self, friend: PaperFriend) -> None:
        friend.wait_until(self.moment)

    @staticmethod
    def of(deed: Deed) -> datetime | None:
        return deed.moment if isinstance(deed, _WaitTo) else None


def _first_event(book: Book, flow_id: str | None) -> Event | None:
    version = book.head(flow_id) if flow_id is not None else None
    if version is None or flow_id is None:
        return None
    for trigger in version.flow.triggers:
        first = trigger.texts[0].text if trigger.texts else ""
        match trigger.kind:
            case "follow":
                return Followed()
            case "keyword":
                return Said(first)
            case "event":
                return Happened(first)
            case "message" | "off_hours":
                return None
            case _:
                continue
    return StartedByHand(flow_id)


def _start_text(event: Event) -> str:
    match event:
        case Followed():
            return "友だち追加で"
        case Said():
            return f"「{event.text}」で"
        case Happened():
            return f"出来事 {event.name} で"
        case _:
            return "スタッフが手で"


def _tap(friend: PaperFriend, number: int) -> Deed:
    options = friend.offered()
    if not 1 <= number <= len(options):
        raise CannotDo(
            f"{number}番のボタンはありません(1〜{len(options)})。"
            if options
            else "ボタンは出ていません。"
        )
    data = options[number - 1].data
    return lambda other: other.happens(Tapped(data))


def _wait(friend: PaperFriend, rest: str) -> Deed:
    length = parse_duration(to_ascii_forms(rest))
    if length is None:
        raise CannotDo("長さは 10m(10分)、3h、2d、1w のように書きます。例: :wait 3h")
    return _WaitTo(friend.now + length)


def _pick(friend: PaperFriend, rest: str) -> Deed:
    picker = friend.picker()
    if picker is None or picker.kind not in {"date", "time", "datetime"}:
        raise CannotDo("日時を選ぶボタンは出ていません。")
    if not rest:
        raise CannotDo("例: :pick 2026-12-01 や :pick 2026-12-01T14:00")
    picked = Tapped(picker.data, {picker.kind: rest.replace(" ", "T")})
    return lambda other: other.happens(picked)


def _send(_friend: PaperFriend, rest: str) -> Deed:
    if rest not in SENDABLE:
        raise CannotDo(f"送れるもの: {'、'.join(SENDABLE)}")
    return lambda other: other.happens(Sent(rest, f"sample-{rest}"))


def _start(friend: PaperFriend, rest: str) -> Deed:
    if friend.book.head(rest) is None:
        known = friend.book.heads
        raise CannotDo(
            f"フロー「{rest}」はありません。{did_you_mean(rest, known) or '、'.join(known)}"
        )
    return lambda other: other.happens(StartedByHand(rest))


def _tag(_friend: PaperFriend, rest: str) -> Deed:
    def do(other: PaperFriend) -> None:
        is_new = rest not in other.tags
        other.tags.add(rest)
        if is_new:
            other.happens(Tagged(rest))

    return do


def _untag(_friend: PaperFriend, rest: str) -> Deed:
    return lambda other: other.tags.discard(rest)


def _happen(
    event_of: Callable[[str], Event],
) -> Reader:
    def read(_friend: PaperFriend, rest: str) -> Deed:
        return lambda other: other.happens(event_of(rest))

    return read


_ASIDE: Mapping[str, Callable[[Tryout], str]] = {
    ":help": lambda _tryout: HELP,
    ":state": Tryout.state,
    ":undo": Tryout.undo,
    ":quit": Tryout.quit,
}
_COMMANDS: Mapping[str, Reader] = {
    ":wait": _wait,
    ":pick": _pick,
    ":send": _send,
    ":follow": _happen(lambda _rest: Followed()),
    ":event": _happen(Happened),
    ":postback": _happen(Tapped),
    ":click": _happen(Clicked),
    ":start": _start,
    ":tag": _tag,
    ":untag": _untag,
    ":take": lambda _friend, _rest: PaperFriend.person_takes,
    ":done": lambda _friend, _rest: PaperFriend.person_is_done,
}
