"""From the folder to the customers, and back: publish, what was published, roll back."""

from sqlmodel import Session

from console import bodies, flow_folder, publishing
from console.api.flow_files import published_row
from console.api.numbers import read_number
from console.door import Asker, House, Row
from console.flow_review import Review, find_red, review
from console.publishing import Wish, find_removed, publish_folder
from console.refusals import BrokenFlows, RedTests, StaleFolder, Warned
from flows.language.bundle_text import render_bundle
from storage import flow_versions
from storage.models.flows import FlowVersion
from storage.refusals import NotFound


def publish(house: House, asker: Asker, body: bodies.FlowPublish) -> Row:
    """Publish the folder as it is saved; whole, or not at all."""
    looked_at = house.beside(lambda: _reviewed(house, body))
    warnings = (*looked_at.warnings, *find_removed(house.store, looked_at.folder))
    if warnings and not body.accept_warnings:
        raise Warned(problems=[problem.to_json() for problem in warnings])
    changed = publish_folder(
        house.store, looked_at.folder, _wish(asker, body.note), house.clock()
    ).changed
    return {"changed": list(changed)}


def list_versions(house: House, _asker: Asker, flow_id: str) -> Row:
    """Every move of a flow's pointer, newest first; the first is what new runs take."""

    def read(db: Session) -> Row:
        moves = flow_versions.history(db, flow_id)
        if not moves:
            raise NotFound
        return {"items": [published_row(move) for move in moves], "next": None}

    return house.store.read(read)


def get_version(house: House, _asker: Asker, flow_id: str, number: str) -> Row:
    """What one version says, in one fixed layout."""
    version = _numbered(house, flow_id, read_number(number))
    text = render_bundle(version.bundle["flow"])
    return {"number": version.number, "title": version.title, "text": text}


def roll_back(house: House, asker: Asker, flow_id: str, body: bodies.FlowRollback) -> Row:
    """Let new runs take an earlier version; who is under way goes on as after a publish."""
    version = _numbered(house, flow_id, body.number)
    if house.store.read(flow_versions.heads).get(flow_id) != version.hash:
        publishing.roll_back(house.store, version.hash, _wish(asker, body.note), house.clock())
    return list_versions(house, asker, flow_id)


def _wish(asker: Asker, note: str) -> Wish:
    return Wish(note=note or None, by=asker.operator.id)


def _numbered(house: House, flow_id: str, number: int) -> FlowVersion:
    """A version of a flow; the folder's shared files are none. Raises NotFound."""
    found = house.store.read(lambda db: flow_versions.find_numbered(db, flow_id, number))
    if found is None or flow_id == flow_versions.FOLDER:
        raise NotFound
    return found


def _reviewed(house: House, body: bodies.FlowPublish) -> Review:
    """The folder, when it is sound and its tests are green. Raises what stands in the way."""
    folder = flow_folder.load_draft(house.settings.flows_dir)
    if body.folder_hash is not None and body.folder_hash != flow_folder.hash_of(folder):
        raise StaleFolder
    looked_at = review(folder)
    if looked_at.errors:
        raise BrokenFlows(problems=[problem.to_json() for problem in looked_at.errors])
    red = find_red(looked_at.test())
    if red:
        raise RedTests(cases=[{"file": c.file, "line": c.line, "name": c.name} for c in red])
    return looked_at
