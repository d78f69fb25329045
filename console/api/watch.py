"""The supervisor's view: the counter at a glance, and a whisper to whoever holds a talk."""

from dataclasses import asdict
from datetime import timedelta

from sqlmodel import Session

from console.api.periods import start_of, today
from console.api.satisfaction import stretch_of
from console.api.talks import at_now
from console.door import Asker, House, Row
from console.watch_bodies import Whisper
from storage import conversations, delivery_failures, rows, satisfaction, watching, whispering
from storage.delivery_failures import SENDERS, WHICH, Wanted
from storage.report_figures import Period
from storage.watching import FIGURES, HELD, Moment, Seat

FAILURES_SINCE = timedelta(days=7)
MOST_DAYS = 90
SATISFIED_DAYS = 30


def overview(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """Tiles, people, the longest waits, and what is late or soon will be."""
    account, at = query.get("account"), _moment(house)

    def read(db: Session) -> Row:
        heads = at_now(db, asker)
        tiles = asdict(watching.count_tiles(db, asker.scope, account, at))
        waits = watching.longest_waits(db, asker.scope, account)
        due = watching.soonest_due(db, asker.scope, account, at.now)
        seats = watching.list_seats(db, asker.scope, account, at.now)
        wanted = Wanted(at.now - FAILURES_SINCE, account=account)
        return {
            "tiles": {
                **tiles,
                "longest_since": rows.moment(tiles["longest_since"]),
                "failures": delivery_failures.count_failures(db, asker.scope, wanted),
            },
            "satisfaction": _satisfaction(db, house, asker, account),
            "people": [_seat(seat) for seat in seats],
            "waits": rows.conversation_rows(db, waits),
            "due": rows.conversation_rows(db, due),
            "at": heads,
            "time": rows.moment(at.now),
        }

    return house.store.read(read)


def list_talks(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """The talks behind a tile, or of one `operator`; the longest wait first."""
    account, after, operator = query.get("account"), query.get("after"), query.get("operator")
    wanted = query.get("figure")
    held = next((one for one in HELD if operator is not None and one == wanted), None)
    figure = next((one for one in FIGURES if one == wanted), None)
    if figure is None and held is None:
        raise ValueError(f"figure is one of {', '.join(FIGURES)}, of an operator {', '.join(HELD)}")

    def read(db: Session) -> Row:
        heads = at_now(db, asker)
        if held is not None:
            found, following = watching.talks_held(
                db, asker.scope, account, operator or "", held, after
            )
        else:
            found, following = watching.talks_behind(
                db, asker.scope, account, figure or "waiting", _moment(house), after
            )
        return {"items": rows.conversation_rows(db, found), "next": following, "at": heads}

    return house.store.read(read)


def list_failures(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """What did not plainly go out in the last days, the newest first."""
    which = next((one for one in WHICH if one == query.get("which", "all")), None)
    if which is None:
        raise ValueError(f"which is one of {', '.join(WHICH)}")
    sender = next((one for one in SENDERS if one == query.get("sender")), None)
    if sender is None and "sender" in query:
        raise ValueError(f"sender is one of {', '.join(SENDERS)}")
    days = int(query.get("days", FAILURES_SINCE.days))
    since = house.clock() - timedelta(days=max(1, min(days, MOST_DAYS)))
    wanted = Wanted(since, which, query.get("account"), sender)

    def read(db: Session) -> Row:
        found, after = delivery_failures.list_failures(db, asker.scope, wanted, query.get("after"))
        return {"items": found, "next": after}

    return house.store.read(read)


def whisper(house: House, asker: Asker, talk_id: str, body: Whisper) -> tuple[Row, int]:
    """A note of a supervisor, shown at once to whoever holds the talk. Raises NobodyHolds."""

    def write(db: Session) -> tuple[Row, int]:
        conversations.get_conversation(db, asker.scope, talk_id)
        noted, is_new = whispering.whisper(
            db, talk_id, asker.operator, body.client_note_id, body.text, now=house.clock()
        )
        return rows.note_row(db, noted), 201 if is_new else 200

    return house.store.write(write)


def _moment(house: House) -> Moment:
    zone, now = house.settings.timezone, house.clock()
    return Moment(now, start_of(today(zone, now), zone))


def _seat(seat: Seat) -> Row:
    return {
        **asdict(seat),
        "oldest_since": rows.moment(seat.oldest_since),
        "seen_at": rows.moment(seat.seen_at),
    }


def _satisfaction(db: Session, house: House, asker: Asker, account: str | None) -> Row | None:
    """The chosen question over the last days; None while none is chosen."""
    question = satisfaction.chosen_question(db)
    if question is None:
        return None
    last = today(house.settings.timezone, house.clock())
    period = Period(last - timedelta(days=SATISFIED_DAYS - 1), last, account)
    stretch = stretch_of(period, house.settings.timezone)
    found = satisfaction.count_answers(db, asker.scope, stretch, question)
    return {
        "flow": question[0],
        "step": question[1],
        "days": SATISFIED_DAYS,
        "answers": found[0].answers if found else 0,
        "average": found[0].average if found else None,
    }
