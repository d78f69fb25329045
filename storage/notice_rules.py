"""Who is to be told of a journal entry, and by which means: pure, and the same in every browser.

`console/web/src/notices/rules.ts` is its twin; tests/console/test_notice_rules.py holds the two
together by shared cases. Not told: whoever did it, and whoever looks at the talk right now. Of one
talk and occasion one is told once until one looked, or half an hour has passed, so that ten
messages do not ring ten times; in the quiet hours nothing rings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]

OCCASIONS = (
    "reply",  # the customer writes in a talk that I hold
    "unassigned",  # a talk that nobody holds needs a reply, in a queue of mine
    "handoff",  # the bot asks for a person, in a queue of mine
    "mention",  # a note names me
    "assigned",  # a talk was given to me
    "woken",  # a snoozed talk is due
    "at_risk",  # a reply is nearly late
    "breached",  # a reply is late
    "failed",  # what was sent did not arrive
    "notice",  # a flow's own `notify:`
)
KINDS = frozenset(
    {
        *("message.received", "message.delivery", "notice"),
        *("note.added", "note.edited"),
        *("handoff.asked", "handoff.due"),
        *("conversation.waiting", "conversation.trouble", "conversation.assigned"),
        *("conversation.woken", "conversation.at_risk", "conversation.breached"),
    }
)
CHANNELS = ("toast", "sound", "desktop", "line")
FAILED = frozenset({"rejected", "unknown", "maybe_sent"})
UNHELD = frozenset({"bot", "done"})
NO_WORDS = frozenset({"follow", "unfollow"})
REMIND_AFTER = timedelta(minutes=30)
COOL_DOWN = timedelta(seconds=60)
STALE_AFTER = timedelta(minutes=10)


def _by(*channels: str) -> dict[str, bool]:
    return {channel: channel in channels for channel in CHANNELS}


MATRIX: dict[str, dict[str, bool]] = {
    "reply": _by("toast", "sound", "desktop"),
    "unassigned": _by("toast", "sound"),
    "handoff": _by("toast", "sound", "desktop"),
    "mention": _by("toast", "sound", "desktop"),
    "assigned": _by("toast", "sound", "desktop"),
    "woken": _by("toast", "desktop"),
    "at_risk": _by("toast"),
    "breached": _by("toast", "sound", "desktop"),
    "failed": _by("toast", "sound"),
    "notice": _by("toast"),
}
AT_FIRST: dict[str, Any] = {
    "matrix": MATRIX,
    "accounts": {},
    "quiet": {"is_on": False, "days": [0, 1, 2, 3, 4, 5, 6], "begins": "21:00", "ends": "09:00"},
    "sound": {"name": "bell", "volume": 60},
    "desktop_with_text": False,
    "line_with_text": False,
    "line_daily_cap": 20,
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who may be told. queues, accounts None: every one; house_queues: those that there are."""

    id: str
    name: str
    queues: frozenset[str] | None = None
    accounts: frozenset[str] | None = None
    house_queues: frozenset[str] = frozenset()

    def serves(self, queue: str | None) -> bool:
        """Whether a talk of that queue is theirs to look at."""
        return self.queues is None or queue is None or queue in self.queues


@dataclass(frozen=True, slots=True)
class Told:
    """What a person knows of a talk: whether they look at it, did, and were told of what."""

    is_looking: bool = False
    looked_at: datetime | None = None
    told_at: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """An entry concerns somebody. wanted: by their rules; channels: those that ring now."""

    occasion: str
    wanted: tuple[str, ...]
    channels: tuple[str, ...]
    is_quiet: bool


def decide(
    entry: Row, person: Person, rules: Row, told: Told, *, now: datetime, zone: str
) -> Decision | None:
    """None: it does not concern them, or they want to hear nothing of the kind."""
    occasion = occasion_of(entry, person)
    if occasion is None or (told.is_looking and occasion != "notice"):
        return None
    matrix = _matrix_of(rules, entry["account"])
    wanted = tuple(c for c in CHANNELS if matrix.get(occasion, {}).get(c))
    if not wanted:
        return None
    quiet = is_quiet(rules, now, zone)
    is_stale = now - _moment(entry["at"]) > STALE_AFTER
    is_held = quiet or is_stale or _is_told(occasion, told, now)
    return Decision(occasion, wanted, () if is_held else wanted, quiet)


def occasion_of(entry: Row, person: Person) -> str | None:
    """What an entry is to a person, if anything."""
    if person.accounts is not None and entry["account"] not in person.accounts:
        return None
    actor = entry["actor"]
    if actor.get("kind") == "operator" and actor.get("id") == person.id:
        return None
    if entry["kind"] == "notice":
        return "notice" if _is_named(entry["payload"]["notice"]["to"], person) else None
    talk = entry["payload"].get("conversation")
    if talk is not None and talk.get("of_operator"):
        return None
    return _of_talk(entry, talk, person)


def _of_talk(entry: Row, talk: Row | None, person: Person) -> str | None:
    kind, payload = entry["kind"], entry["payload"]
    if kind == "message.delivery":
        return "failed" if _is_own_failure(payload.get("message"), person) else None
    if kind in {"note.added", "note.edited"}:
        return "mention" if person.id in _called(payload) else None
    if talk is None:
        return None
    if kind in {"handoff.asked", "handoff.due"}:
        is_later = kind == "handoff.asked" and payload["handoff"].get("notify_at") is not None
        is_mine = talk["assignee_id"] is None and person.serves(payload["handoff"].get("queue"))
        return "handoff" if is_mine and not is_later else None
    return _of_standing(kind, talk, payload, person)


def _called(payload: Row) -> Sequence[str]:
    """Whom a note calls; once it is edited, those alone whom it had not called before."""
    note: Row = payload["note"]
    calls = payload["called"]["to"] if "called" in payload else note.get("mentions")
    return () if note.get("deleted_at") else calls or ()


def _of_standing(kind: str, talk: Row, payload: Row, person: Person) -> str | None:
    is_mine = talk["assignee_id"] == person.id and talk["status"] not in UNHELD
    is_nobodys = talk["assignee_id"] is None and person.serves(talk["queue"])
    match kind:
        case "message.received":
            has_words = payload["message"]["kind"] not in NO_WORDS
            return "reply" if is_mine and has_words else None
        case "conversation.waiting" | "conversation.trouble":
            if is_mine:
                return "reply"
            return "unassigned" if is_nobodys and talk["status"] == "waiting" else None
        case "conversation.assigned":
            if is_mine:
                return "assigned"
            return "unassigned" if is_nobodys and talk["status"] == "waiting" else None
        case "conversation.woken":
            return "woken" if is_mine or is_nobodys else None
        case "conversation.at_risk" | "conversation.breached":
            return kind.partition(".")[2] if is_mine or is_nobodys else None
    return None


def is_quiet(rules: Row, now: datetime, zone: str) -> bool:
    """Whether nothing may ring now. Hours that cross midnight belong to the day they begin on."""
    quiet = rules["quiet"]
    if not quiet["is_on"]:
        return False
    local = now.astimezone(ZoneInfo(zone))
    minute, day = local.hour * 60 + local.minute, local.weekday()
    begins, ends = _minute(quiet["begins"]), _minute(quiet["ends"])
    if begins < ends:
        return day in quiet["days"] and begins <= minute < ends
    is_evening = day in quiet["days"] and minute >= begins
    return is_evening or ((day - 1) % 7 in quiet["days"] and minute < ends)


def complete(kept: Row) -> dict[str, Any]:
    """The rules of somebody who has changed some of them."""
    return {**AT_FIRST, **kept}


def _matrix_of(rules: Row, account: str) -> Row:
    own = rules["accounts"].get(account)
    if own is None:
        matrix: Row = rules["matrix"]
        return matrix
    return own["matrix"] if own["mode"] == "own" else {}


def _is_told(occasion: str, told: Told, now: datetime) -> bool:
    last = told.told_at.get(occasion)
    if last is None or occasion == "notice":
        return False
    if now - last < COOL_DOWN:
        return True
    has_looked = told.looked_at is not None and told.looked_at >= last
    return not has_looked and now - last < REMIND_AFTER


def _is_own_failure(message: Any, person: Person) -> bool:
    lines = message if isinstance(message, list) else [message]
    return any(
        line is not None and line["delivery"] in FAILED and line["operator_id"] == person.id
        for line in lines
    )


def _is_named(to: Any, person: Person) -> bool:
    """A flow's notice names people, or queues: then it is for everybody who serves one of them."""
    names = [to] if isinstance(to, str) else list(to)
    served = person.house_queues if person.queues is None else person.queues
    return any(name in {person.id, person.name} or name in served for name in names)


def _minute(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
