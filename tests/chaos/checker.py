"""Judges a storm by its evidence alone: pure, and ignorant of how the storm was made.

What a friend is told follows from what they wrote (`expected`); the talk must say just that, and
the phone what the talk says was sent. Each finding has a word for its kind:

  lost twice order strange   between what should be there and what is
  untrue                     said to be sent and not on the phone, or the reverse
  silent                     in the end neither sent nor said not to be
  doubt                      `maybe_sent` that nothing forced, or any in `strict`
  aside                      an event that failed for good
  key                        a retry key with two bodies
  gap again                  of what a browser was told of the journal
  broken                     the database itself
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tests.chaos.evidence import MODES, Bubble, Evidence, Line, Outage, Sending

BEGIN, QUESTION = "はじめ", "つぎをどうぞ"
ASKED = "答えました: "
SHOWN = frozenset({"sent", "inferred_sent"})
TAKEN_OVER = ("cancelled", "taken")  # a colleague was faster than the bot
FREE_WINDOW = timedelta(seconds=30)
ENOUGH = timedelta(seconds=6)  # of life in one piece, to send what waits


@dataclass(frozen=True)
class Finding:
    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


@dataclass(frozen=True)
class Meant:
    """kinds: what each friend of LINE is there for. typed: what colleagues wrote to whom, in order;
    planned: what they let go out at a moment of its own.
    """

    kinds: Mapping[str, str]
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    planned: Mapping[str, Sequence[str]] = field(default_factory=dict)


def check(evidence: Evidence, meant: Meant) -> list[Finding]:
    """Everything that is wrong."""
    states = {one.id: one.state for one in evidence.sendings}
    found: list[Finding] = []
    for user, phone in evidence.phones.items():
        talk = evidence.talks.get(user, ())
        found += _heard(user, phone, talk)
        found += _answered(user, phone, talk, meant)
        found += _shown(user, phone, talk, states)
    found += _sendings(evidence.sendings, _felt(evidence))
    found += _arrivals(evidence)
    found += _keys(evidence)
    found += _files(evidence)
    found += _journals(evidence)
    return found


def bound(count: int) -> str:
    """What no failure among so many means: the upper 95 % bound is three of them."""
    return f"0 in {count} (95 %: at most {min(1, 3 / max(1, count)):.2%})"


def _heard(user: str, phone: Sequence[Bubble], talk: Sequence[Line]) -> Iterator[Finding]:
    """What the friend wrote stands in the talk once, in their order."""
    wrote = [bubble.id for bubble in phone if bubble.is_own]
    heard = [line.line_message_id or "" for line in talk if line.sender == "customer"]
    yield from compare(f"{user} wrote", wrote, heard)


def _answered(
    user: str, phone: Sequence[Bubble], talk: Sequence[Line], meant: Meant
) -> Iterator[Finding]:
    """The bot said what follows from that, and colleagues what they typed."""
    own = [bubble.text for bubble in phone if bubble.is_own]
    said = [line.text for line in talk if line.sender == "bot"]
    kind = meant.kinds.get(user)
    if kind == "count":
        yield from compare(f"{user} is told", counted(own), said)
    if kind == "ask":
        told = [text for text in said if text.startswith(ASKED)]
        yield from compare(f"{user} is answered", [ASKED + text for text in own], told)
    written = [line.text for line in talk if line.sender == "operator"]
    planned = meant.planned.get(user, ())
    replies = [text for text in written if text not in planned]
    yield from compare(f"{user} is written to", list(meant.typed.get(user, ())), replies)
    later = sorted(text for text in written if text in planned)
    yield from compare(f"{user} is written to later", sorted(planned), later)


def counted(own: Sequence[str]) -> list[str]:
    """What `flows/count.yaml` says to these texts."""
    if not own:
        return []
    pairs = [(f"{number}番目: {text}", QUESTION) for number, text in enumerate(own[1:], 1)]
    return [QUESTION, *(bubble for pair in pairs for bubble in pair)]


def _shown(
    user: str, phone: Sequence[Bubble], talk: Sequence[Line], states: Mapping[int, str]
) -> Iterator[Finding]:
    """The phone shows what the talk says was sent, in that order; what is in doubt may be there."""
    said = [line for line in talk if line.delivery_id is not None]
    shown = [bubble.text for bubble in phone if not bubble.is_own]
    sure = [line.text for line in said if states[line.delivery_id or 0] in SHOWN]
    doubtful = Counter(line.text for line in said if states[line.delivery_id or 0] == "maybe_sent")
    spare = Counter(shown) - Counter(sure)
    if missing := Counter(sure) - Counter(shown):
        yield Finding("untrue", f"{user} was not shown {_told(missing)}")
    if more := spare - doubtful:
        kind = "twice" if all(text in shown[:-1] for text in more) else "untrue"
        yield Finding(kind, f"{user} was shown too much: {_told(more)}")
    if not missing and not more:
        yield from _in_order(user, said, shown, states)


def _in_order(
    user: str, said: Sequence[Line], shown: Sequence[str], states: Mapping[int, str]
) -> Iterator[Finding]:
    position = 0
    for line in said:
        if position < len(shown) and shown[position] == line.text:
            position += 1
        elif states[line.delivery_id or 0] in SHOWN:
            yield Finding("order", f"{user} was shown {list(shown)}, said was {_texts(said)}")
            return


def _sendings(sendings: Iterable[Sending], outages: Sequence[Outage]) -> Iterator[Finding]:
    for one in sendings:
        told = f"{one.account} delivery {one.id} is {one.state} ({one.reason})"
        if one.state in SHOWN or (one.state, one.reason) == TAKEN_OVER:
            continue
        if one.state != "maybe_sent":
            yield Finding("silent", told)
        elif MODES.get(one.account) == "strict" or not was_forced(one, outages):
            yield Finding("doubt", told)


def _felt(evidence: Evidence) -> list[Outage]:
    """As those felt it whose call it was: until another worker takes it over, at the earliest."""
    end = evidence.taken_over_s
    return [
        Outage(o.name, o.since, max(o.until, o.since + end) if o.until is not None else None)
        for o in evidence.outages
    ]


def was_forced(one: Sending, outages: Sequence[Outage]) -> bool:
    """Whether nobody was there for long enough while its token was good."""
    end = one.reply_until or one.created_at + FREE_WINDOW
    spans = sorted((o.since, o.until or end.timestamp()) for o in outages)
    at, longest = one.created_at.timestamp(), 0.0
    for since, until in spans:
        if until < at:
            continue
        longest = max(longest, min(since, end.timestamp()) - at)
        at = max(at, until)
    longest = max(longest, end.timestamp() - at)
    return longest < ENOUGH.total_seconds()


def _arrivals(evidence: Evidence) -> Iterator[Finding]:
    for account, event_id, state in evidence.arrivals:
        if state == "aside":
            yield Finding("aside", f"{account} {event_id}")
        elif state != "done":
            yield Finding("silent", f"{account} {event_id} is {state}")
    if evidence.timers:
        yield Finding("silent", f"{evidence.timers} timers are due")


def _keys(evidence: Evidence) -> Iterator[Finding]:
    for call in evidence.log:
        if call.get("is_other_body"):
            yield Finding("key", f"{call['path']} {call['request_id']} has another body")


def _files(evidence: Evidence) -> Iterator[Finding]:
    for sha256, is_there in evidence.files.items():
        if not is_there:
            yield Finding("lost", f"the file {sha256}")
    for user, talk in evidence.talks.items():
        for line in talk:
            if line.media_state not in {None, "ready"}:
                yield Finding("lost", f"{user}'s file is {line.media_state}")


def _journals(evidence: Evidence) -> Iterator[Finding]:
    if evidence.integrity != "ok":
        yield Finding("broken", evidence.integrity)
    for account, ids in evidence.journals.items():
        if list(ids) != list(range(1, len(ids) + 1)):
            yield Finding("gap", f"the journal of {account} has {len(ids)} of {max(ids)}")
        for feed in evidence.feeds:
            yield from _feed(account, ids, feed.get(account, ()))


def _feed(account: str, ids: Sequence[int], taken: Sequence[int]) -> Iterator[Finding]:
    if len(set(taken)) < len(taken):
        yield Finding("again", f"a browser took an entry of {account} twice")
    missing = sorted(set(ids) - set(taken))
    if missing:
        yield Finding("gap", f"a browser lacks {len(missing)} entries of {account}: {missing[:5]}")


def compare(what: str, expected: Sequence[str], found: Sequence[str]) -> Iterator[Finding]:
    """Each once, all of them, in order."""
    wanted, had = Counter(expected), Counter(found)
    if missing := wanted - had:
        yield Finding("lost", f"{what} {_told(missing)}")
    more = had - wanted
    if again := Counter({text: n for text, n in more.items() if text in wanted}):
        yield Finding("twice", f"{what} {_told(again)}")
    if strange := more - again:
        yield Finding("strange", f"{what} {_told(strange)}")
    if wanted == had and list(expected) != list(found):
        yield Finding("order", f"{what} {list(found)}, wanted {list(expected)}")


def _told(counted_texts: Counter[str]) -> str:
    few = list(counted_texts)[:3]
    return f"{few} and more" if len(counted_texts) > len(few) else str(few)


def _texts(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]
