"""From the folder to the customers, and back: publish, what was published, roll back."""

from sqlmodel import Session

from console import bodies, publishing
from console.api.flow_files import published_row
from console.api.flow_foreseeing import check_named, find_numbered, review_saved
from console.api.numbers import read_number
from console.api.problem_rows import problem_rows
from console.door import Asker, House, Row
from console.flow_review import Review, find_red
from console.flow_wall import check_wall
from console.publishing import Wish, find_removed, publish_folder
from console.refusals import RedTests, UnreadableVersion, Warned
from flows.language.book import DoesNotLoad
from flows.language.bundle_text import render_bundle
from storage import flow_versions
from storage.refusals import NotFound


def publish(house: House, asker: Asker, body: bodies.FlowPublish) -> Row:
    """Publish the folder as it is saved; whole, or not at all."""
    looked_at = house.beside(lambda: _tested(house, asker, body))
    check_named(house, looked_at.folder, body.running)
    wish = _wish(asker, body)
    warnings = (*looked_at.warnings, *find_removed(house.store, looked_at.folder, wish))
    if warnings and not body.accept_warnings:
        raise Warned(problems=problem_rows(warnings, asker.language))
    outcome = publish_folder(house.store, looked_at.folder, wish, house.clock())
    return {"changed": list(outcome.changed)}


def list_versions(house: House, _asker: Asker, flow_id: str) -> Row:
    """Every move of a flow's pointer, newest first; the first is what new runs take."""

    def read(db: Session) -> Row:
        moves = flow_versions.history(db, flow_id)
        if not moves:
            raise NotFound
        return {"items": [published_row(move) for move in moves], "next": None}

    return house.store.read(read)


def get_version(house: House, _asker: Asker, flow_id: str, number: str) -> Row:
    """What one version says, its cards below it, in one fixed layout."""
    version = find_numbered(house, flow_id, read_number(number))
    said = [version.bundle["flow"], *version.bundle.get("flex", {}).values()]
    text = "\n".join(render_bundle(tree) for tree in said)
    return {"number": version.number, "title": version.title, "text": text}


def roll_back(house: House, asker: Asker, flow_id: str, body: bodies.FlowRollback) -> Row:
    """Let new runs take an earlier version; who is under way goes on as was chosen."""
    version = find_numbered(house, flow_id, body.number)
    wanted = {flow_id: version.hash}
    house.store.read(
        lambda db: check_wall(db, wanted, flow_versions.heads(db), wanted, asker.scope.accounts)
    )
    if house.store.read(flow_versions.heads).get(flow_id) != version.hash:
        try:
            publishing.roll_back(house.store, version.hash, _wish(asker, body), house.clock())
        except DoesNotLoad as error:
            raise UnreadableVersion from error
    return list_versions(house, asker, flow_id)


def _wish(asker: Asker, body: bodies.FlowPublish | bodies.FlowRollback) -> Wish:
    return Wish(body.running, body.note or None, asker.operator.id, asker.scope.accounts)


def _tested(house: House, asker: Asker, body: bodies.FlowPublish) -> Review:
    """The folder, when it is sound and its tests are green. Raises what stands in the way."""
    looked_at = review_saved(house, asker, body)
    red = find_red(looked_at.test())
    if red:
        raise RedTests(cases=[{"file": c.file, "line": c.line, "name": c.name} for c in red])
    return looked_at
