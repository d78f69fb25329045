"""The managers' folder: what is in it, how it fares, and one file at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from console import bodies, flow_folder
from console.api.problem_rows import problem_rows
from console.door import Asker, House, Row
from console.flow_folder import FileText
from console.flow_review import Review, find_changed, is_shared_changed, review
from flows.language.grammar.parts import Trigger
from flows.language.grammar.shapes import Flow
from flows.language.nodes import Scalar, Table
from storage import flow_health, flow_versions, rows
from storage.flow_health import Health
from storage.flow_versions import Published

LOOKED_BACK = timedelta(days=30)
ONE_EACH = ("tags", "fields", "links", "queues")


def list_flows(house: House, asker: Asker) -> Row:
    """Every flow of the folder and every published one, with how it fares; and the other files."""
    current = house.store.read(flow_versions.heads)
    looked_at, changed = house.beside(lambda: _look(house, current))
    since = house.clock() - LOOKED_BACK
    known = house.store.read(lambda db: _known(db, asker, since))
    own = _flow_files(looked_at)
    ids = sorted(set(own) | set(known.published))
    return {
        "items": [_flow(looked_at, known, id_, own.get(id_), id_ in changed) for id_ in ids],
        "next": None,
        "files": _other_files(looked_at, set(own.values())),
        "problems": problem_rows(looked_at.problems, asker.language),
        "folder_hash": flow_folder.hash_of(looked_at.folder),
        "is_shared_changed": is_shared_changed(changed),
        "since": rows.moment(since),
    }


def read(house: House, _asker: Asker, file: str) -> Row:
    """One file, and the hash that a change of it has to name."""
    found = house.beside(lambda: flow_folder.read_file(house.settings.flows_dir, file))
    return _file(found)


def write(house: House, _asker: Asker, file: str, body: bodies.FileWrite) -> tuple[Row, int]:
    """Save one file; refused, with the newer text, when it is not the one that was read."""
    root = house.settings.flows_dir
    found = house.beside(lambda: flow_folder.write_file(root, file, body.text, body.hash))
    return _file(found), 201 if body.hash is None else 200


def delete(house: House, _asker: Asker, file: str, body: bodies.FileDelete) -> Row:
    """Delete one file, when it is still the one that was read."""
    root = house.settings.flows_dir
    house.beside(lambda: flow_folder.delete_file(root, file, body.hash))
    return {}


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database knows of flows, each by its id."""

    health: Mapping[str, Health]
    published: Mapping[str, Published]


def _look(house: House, current: Mapping[str, str]) -> tuple[Review, frozenset[str]]:
    looked_at = review(flow_folder.load_draft(house.settings.flows_dir))
    return looked_at, find_changed(looked_at, current)


def _known(db: Session, asker: Asker, since: datetime) -> _Known:
    current = flow_versions.heads(db)
    newest = {p.flow_id: p for p in reversed(flow_versions.history(db)) if p.flow_id in current}
    return _Known(
        health=flow_health.health_of_flows(db, asker.scope, since),
        published=newest,
    )


def _flow_files(looked_at: Review) -> dict[str, str]:
    """Flow id → file, those that do not load too, under the id that they seem to have."""
    own = {flow.id.text: flow.place.file for flow in looked_at.folder.flows.values()}
    for file in looked_at.folder.sources:
        if _kind(file) == "flow" and file not in own.values():
            own.setdefault(_id_in(looked_at, file), file)
    return own


def _id_in(looked_at: Review, file: str) -> str:
    tree = looked_at.folder.trees.get(file)
    named = tree.get("flow") if isinstance(tree, Table) else None
    if isinstance(named, Scalar):
        return named.text
    lines = looked_at.folder.sources[file].splitlines()
    written = (
        line.partition(":")[2].split("#")[0].strip() for line in lines if line[:5] == "flow:"
    )
    return next(written, "") or file.rpartition(".")[0]


def _flow(
    looked_at: Review,
    known: _Known,
    id_: str,
    file: str | None,
    is_changed: bool,  # noqa: FBT001 # a row's value
) -> Row:
    flow = looked_at.folder.flows.get(id_)
    published, health = known.published.get(id_), known.health.get(id_, Health())
    title = flow.title.text if flow is not None else published.title if published else id_
    return {
        "id": id_,
        "title": title,
        "file": file,
        "triggers": trigger_rows(flow),
        "running": health.running,
        "finished": health.finished,
        "dropped": health.dropped,
        "handed_off": health.handed_off,
        "problems": dict(looked_at.counts(file)) if file else {"E": 0, "W": 0, "I": 0},
        "published": published_row(published) if published else None,
        "differs": is_changed or file is None,
    }


def published_row(published: Published) -> Row:
    """One move of a flow's pointer."""
    return {
        "number": published.number,
        "title": published.title,
        "note": published.note,
        "operator_name": published.by,
        "at": rows.moment(published.at),
    }


def trigger_rows(flow: Flow | None) -> list[Row]:
    """What starts a flow."""
    return [_trigger(trigger) for trigger in flow.triggers] if flow is not None else []


def _trigger(trigger: Trigger) -> Row:
    delay = int(trigger.delay.total_seconds()) if trigger.delay is not None else None
    texts = [text.text for text in trigger.texts]
    return {"kind": trigger.kind, "texts": texts, "match": trigger.match, "delay_s": delay}


def _other_files(looked_at: Review, flow_files: set[str]) -> list[Row]:
    files = sorted(set(looked_at.folder.sources) - flow_files)
    return [
        {"file": file, "kind": _kind(file), "problems": dict(looked_at.counts(file))}
        for file in files
    ]


def _kind(file: str) -> str:
    """What a file is for, by where it stands."""
    parent, _, rest = file.partition("/")
    stem = file.rpartition(".")[0]
    if rest:
        return {"calendars": "calendar", "segments": "segment", "tests": "test"}.get(
            parent, parent.removesuffix("s")
        )
    return stem if stem in ONE_EACH else "flow"


def _file(found: FileText) -> Row:
    return {"file": found.file, "text": found.text, "hash": found.hash}
