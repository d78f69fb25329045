"""Before something is published: what becomes of those in the middle, and of talks of the past.

Nothing is changed here. The people counted are those of every account, because a publish reaches
them all; the talks that examples are taken from are only those that one may see.
"""

from collections.abc import Mapping

from console import bodies, flow_folder, publishing
from console.api.problem_rows import problem_rows
from console.door import Asker, House, Row
from console.flow_review import Review, review
from console.publishing import How, Middle, Outcome, Wish
from console.refusals import BadRequest, BrokenFlows, StaleFolder, UnreadableVersion
from console.replaying import draft_of, replay_last
from flows.language.book import DoesNotLoad
from flows.language.loader import Folder
from flows.language.problems import Problem
from flows.language.sayings.catalogue import say
from flows.language.sayings.saying import Language
from storage import flow_versions
from storage.models.flows import FlowVersion
from storage.refusals import NotFound
from storage.unit import Store


def foresee_publish(house: House, asker: Asker, body: bodies.FlowForesee) -> Row:
    """What a publish of the folder would do to those in the middle."""
    wish = Wish(body.running)

    def work() -> Row:
        folder = review_saved(house, asker, body).folder
        check_named(house, folder, body.running)
        outcome = publishing.foresee_publish(house.store, folder, wish)
        warnings = publishing.find_removed(house.store, folder, wish)
        return _foresight(house.store, asker, outcome, warnings)

    row: Row = house.beside(work)
    return row


def foresee_rollback(
    house: House, asker: Asker, flow_id: str, body: bodies.FlowForeseeRollback
) -> Row:
    """What going back to an earlier version would do to those in the middle."""
    version = find_numbered(house, flow_id, body.number)

    def work() -> Row:
        try:
            outcome = publishing.foresee_rollback(house.store, version.hash, Wish(body.running))
        except DoesNotLoad as error:
            raise UnreadableVersion from error
        return _foresight(house.store, asker, outcome)

    row: Row = house.beside(work)
    return row


def replay(house: House, asker: Asker, body: bodies.FlowReplay) -> Row:
    """Real talks of the past, done again in the folder: how many would go otherwise, and where."""

    def work() -> Row:
        draft = draft_of(review_saved(house, asker, body).folder)
        accounts = asker.scope.accounts
        report = replay_last(house.store, draft, body.last, draft.heads, accounts)
        return report.to_json(asker.language)

    row: Row = house.beside(work)
    return row


def check_named(house: House, folder: Folder, running: How | Mapping[str, How]) -> None:
    """Whether what is wanted for those in the middle names flows that are. Raises BadRequest."""
    known = {*folder.flows, *house.store.read(flow_versions.heads)}
    unknown = sorted(set(running) - known) if not isinstance(running, str) else []
    if unknown:
        raise BadRequest(f"There is no flow {', '.join(unknown)}.", flows=unknown)


def review_saved(house: House, asker: Asker, body: bodies.FlowFolder) -> Review:
    """The folder as it is saved, without errors. Raises StaleFolder, BrokenFlows."""
    folder: Folder = flow_folder.load_draft(house.settings.flows_dir)
    if body.folder_hash is not None and body.folder_hash != flow_folder.hash_of(folder):
        raise StaleFolder
    looked_at = review(folder)
    if looked_at.errors:
        raise BrokenFlows(problems=problem_rows(looked_at.errors, asker.language))
    return looked_at


def find_numbered(house: House, flow_id: str, number: int) -> FlowVersion:
    """A version of a flow; the folder's shared files are none. Raises NotFound."""
    found = house.store.read(lambda db: flow_versions.find_numbered(db, flow_id, number))
    if found is None or flow_id == flow_versions.FOLDER:
        raise NotFound
    return found


def _foresight(
    store: Store, asker: Asker, outcome: Outcome, warnings: tuple[Problem, ...] = ()
) -> Row:
    moves = store.read(flow_versions.history)
    titles = {move.flow_id: move.title for move in reversed(moves) if move.hash is not None}
    return {
        "changed": list(outcome.changed),
        "middles": [_middle(middle, titles, asker.language) for middle in outcome.middles],
        "warnings": problem_rows(warnings, asker.language),
    }


def _middle(middle: Middle, titles: Mapping[str, str], language: Language) -> Row:
    return {
        "flow": middle.flow_id,
        "title": titles.get(middle.flow_id, middle.flow_id),
        "people": middle.fates.total(),
        "fates": dict(middle.fates),
        "whys": {say(why, language): count for why, count in middle.whys.items()},
    }
