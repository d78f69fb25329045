"""The bot's health: how each flow fares, question by question, and the talks behind each figure.

All of it is read beside the hub: counting a busy month takes longer than a socket should wait.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from console import flow_folder
from console.api.numbers import read_days, read_number
from console.door import Asker, House, Row
from flows.language.book import HOUSE, DoesNotLoad, compile_bundle
from flows.language.picture import Told, tell_steps
from storage import conversations, faq_questions, flow_figures, flow_talks, flow_versions, rows
from storage.flow_figures import RunFigures, StepFigures, Wanted
from storage.flow_talks import RUN_FIGURES, STEP_FIGURES, Behind
from storage.flow_versions import Published
from storage.refusals import NotFound

ALL = "all"


def overview(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """How every published flow fares, what the FAQ did not answer, and who waits for a person."""
    days = read_days(query)
    since = house.clock() - timedelta(days=days)

    def read(db: Session) -> Row:
        heads = {id_: hash_ for id_, hash_ in flow_versions.heads(db).items() if id_ != HOUSE}
        waits = conversations.find_waits(db, asker.scope)
        return {
            "items": [_flow(db, asker, Wanted(id_, since), heads[id_]) for id_ in sorted(heads)],
            "next": None,
            "days": days,
            "since": rows.moment(since),
            "unanswered": faq_questions.count_open(db, asker.scope, since),
            "alone": waits.alone,
            "longest_since": rows.moment(waits.longest_since),
            "longest_id": waits.longest_id,
        }

    def work() -> Row:
        found, files = house.store.read(read), _files(house)
        items = [{**item, "file": files.get(item["id"])} for item in found["items"]]
        return {**found, "items": items}

    row: Row = house.beside(work)
    return row


def of_flow(house: House, asker: Asker, flow_id: str, query: dict[str, str]) -> Row:
    """How one flow fares, in one of its versions or in all of them."""
    days = read_days(query)

    def read(db: Session) -> Row:
        published = _history(db, flow_id)
        wanted = _wanted(db, house, flow_id, query)
        shown = wanted.hash or next(move.hash for move in published if move.hash is not None)
        return {
            "flow": flow_id,
            "title": flow_versions.get_version(db, shown).title,
            "version": None if wanted.hash is None else read_number(query["version"]),
            "versions": sorted({m.number for m in published if m.number}, reverse=True),
            "published": published[0].number,
            "days": days,
            "since": rows.moment(wanted.since),
            "runs": _runs(flow_figures.count_runs(db, asker.scope, wanted)),
            "steps": _steps(db, shown, flow_figures.count_steps(db, asker.scope, wanted)),
        }

    def work() -> Row:
        return {**house.store.read(read), "file": _files(house).get(flow_id)}

    row: Row = house.beside(work)
    return row


def list_talks(house: House, asker: Asker, flow_id: str, query: dict[str, str]) -> Row:
    """The talks behind one figure, newest first; `step` empty: of the whole flow."""
    figure, step, after = query.get("figure", "begun"), query.get("step"), query.get("after")

    def read(db: Session) -> Row:
        _history(db, flow_id)
        wanted = _wanted(db, house, flow_id, query)
        if step is None:
            of_runs = _named(RUN_FIGURES, figure)
            found, after_them = flow_talks.behind_runs(db, asker.scope, wanted, of_runs, after)
        else:
            of_step = _named(STEP_FIGURES, figure)
            found, after_them = flow_talks.behind_step(
                db, asker.scope, wanted, step, of_step, after
            )
        return {"items": [_behind(one) for one in found], "next": after_them}

    row: Row = house.beside(lambda: house.store.read(read))
    return row


def _named(figures: Sequence[Any], figure: str) -> Any:
    if figure not in figures:
        raise ValueError(f"figure is one of {', '.join(figures)}")
    return figure


def _wanted(db: Session, house: House, flow_id: str, query: dict[str, str]) -> Wanted:
    """Which runs a query speaks of. Raises NotFound for a version that never was."""
    since = house.clock() - timedelta(days=read_days(query))
    asked = query.get("version", ALL)
    if asked == ALL:
        return Wanted(flow_id, since)
    version = flow_versions.find_numbered(db, flow_id, read_number(asked))
    if version is None:
        raise NotFound
    return Wanted(flow_id, since, version.hash)


def _history(db: Session, flow_id: str) -> list[Published]:
    moves = flow_versions.history(db, flow_id)
    if not moves:
        raise NotFound
    return moves


def _flow(db: Session, asker: Asker, wanted: Wanted, hash_: str) -> Row:
    version = flow_versions.get_version(db, hash_)
    steps = _steps(db, hash_, flow_figures.count_steps(db, asker.scope, wanted))
    worst = max(steps, key=_drop_off, default=None)
    return {
        "id": wanted.flow_id,
        "title": version.title,
        "version": version.number,
        "runs": _runs(flow_figures.count_runs(db, asker.scope, wanted)),
        "worst": worst if worst is not None and worst["left"] > 0 else None,
    }


def _drop_off(step: Row) -> tuple[int, float]:
    """How many left at a step; of equal ones, the larger share of those who reached it.

    By share alone, a step at the end that two people have seen would always be the worst.
    """
    return (step["left"], step["left"] / step["reached"] if step["reached"] else 0.0)


def _runs(found: RunFigures) -> Row:
    return {"begun": found.begun, **asdict(found)}


def _steps(db: Session, hash_: str, found: Sequence[StepFigures]) -> list[Row]:
    """The steps that wait, in the order of the script; those of other versions after them."""
    counted = {one.step: one for one in found}
    told = {one.step: one for one in _told(db, hash_) if one.waits or one.step in counted}
    order = [*told, *(step for step in counted if step not in told)]
    return [_step(told.get(name), counted.get(name) or _nobody(name)) for name in order]


def _told(db: Session, hash_: str) -> Sequence[Told]:
    """What a version says at its steps; nothing when it cannot be read any more."""
    try:
        version = flow_versions.get_version(db, hash_)
        return tell_steps(compile_bundle(version.bundle, hash_).flow)
    except DoesNotLoad:
        return ()


def _nobody(step: str) -> StepFigures:
    return StepFigures(step, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def _step(told: Told | None, found: StepFigures) -> Row:
    return {
        "verb": told.verb if told is not None else None,
        "text": told.text if told is not None else "",
        "is_named": told is None or told.is_named,
        "reached": found.reached,
        **asdict(found),
    }


def _behind(found: Behind) -> Row:
    return {
        **asdict(found),
        "started_at": rows.moment(found.started_at),
        "at": rows.moment(found.at),
    }


def _files(house: House) -> dict[str, str]:
    """Where each flow of the folder is written."""
    folder = flow_folder.load_draft(house.settings.flows_dir)
    return {flow_id: flow.place.file for flow_id, flow in folder.flows.items()}
