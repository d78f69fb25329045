"""A file while it is being written: checked, drawn, compared, talked to, tested; never kept."""

from difflib import SequenceMatcher
from typing import Any

from sqlmodel import Session

from console import bodies, flow_folder
from console.api.flow_files import trigger_rows
from console.door import Asker, House, Row
from console.flow_review import Review, review
from console.refusals import BrokenFlows
from flows.language import nodes, picture, vocabulary
from flows.language.book import HOUSE, HOUSE_FILES, HOUSE_FOLDERS, book_of
from flows.language.bundle_text import render_bundle
from flows.language.grammar.shapes import Flow
from flows.language.loader import FLEX
from flows.language.talk_trial import read_lines, try_talk
from storage import flow_health, flow_versions
from storage.refusals import NotFound

AROUND = 3  # lines of the same text around what differs


def check(house: House, _asker: Asker, body: bodies.FlowText) -> Row:
    """The problems of the folder with this text in it, the picture, and the names to complete."""

    def work() -> Row:
        looked_at = _look(house, body)
        flow = _flow_in(looked_at, body.file)
        drawn = picture.draw(flow, body.text) if flow is not None else None
        return {
            "problems": [problem.to_json() for problem in looked_at.problems],
            "summary": dict(looked_at.counts(body.file)),
            "flow": flow.id.text if flow is not None else None,
            "title": flow.title.text if flow is not None else None,
            "triggers": trigger_rows(flow),
            "picture": drawn.to_json() if drawn is not None else None,
            "names": vocabulary.names_of(looked_at.folder, flow),
            "keys": vocabulary.keys(),
        }

    row: Row = house.beside(work)
    return row


def get_picture(house: House, asker: Asker, flow_id: str) -> Row:
    """The picture of a flow of the folder as it is saved, with how many stand where."""

    def work() -> Row:
        folder = flow_folder.load_draft(house.settings.flows_dir)
        flow = folder.flows.get(flow_id)
        if flow is None:
            raise NotFound
        drawn = picture.draw(flow, folder.sources[flow.place.file])
        if drawn is None:
            problems = review(folder).of_file(flow.place.file)
            raise BrokenFlows(problems=[problem.to_json() for problem in problems])
        return drawn.to_json()

    row: Row = house.beside(work)
    return {**row, "standing": standing(house, asker, flow_id)["standing"]}


def standing(house: House, asker: Asker, flow_id: str) -> Row:
    """How many people stand at each step of a flow now."""
    found = house.store.read(lambda db: flow_health.standing(db, asker.scope, flow_id))
    return {"standing": dict(found)}


def try_out(house: House, _asker: Asker, body: bodies.FlowTry) -> Row:
    """Talk to the draft on a virtual clock: the whole talk goes in, the phone comes out."""

    def work() -> Row:
        given, lines, wrong = read_lines(body.given, body.talk)
        if wrong:
            raise ValueError("; ".join(problem.message for problem in wrong))
        looked_at = _look(house, body)
        sound = looked_at.sound()
        flow = _flow_in(looked_at, body.file)
        if flow is None or flow.id.text not in sound.flows:
            problems = [p.to_json() for p in looked_at.errors if p.file == body.file]
            raise BrokenFlows(problems=problems)
        return try_talk(book_of(sound), given, lines).to_json()

    row: Row = house.beside(work)
    return row


def run_tests(house: House, _asker: Asker, body: bodies.FlowText) -> Row:
    """Run the folder's tests of talks with this text in it."""
    row: Row = house.beside(lambda: _look(house, body).test().to_json())
    return row


def compare(house: House, _asker: Asker, body: bodies.FlowText) -> Row:
    """What differs from what is published, line by line; both in one fixed layout."""

    def parse() -> Any:
        looked_at = _look(house, body)
        tree = looked_at.folder.trees.get(body.file)
        if tree is None:
            problems = [p.to_json() for p in looked_at.errors if p.file == body.file]
            raise BrokenFlows(problems=problems)
        return nodes.to_json(tree)

    draft = house.beside(parse)
    published = _published(house, body.file, draft)

    def diff() -> Row:
        before = render_bundle(published["tree"]) if published is not None else ""
        return {
            "number": published["number"] if published is not None else None,
            "lines": _unified(before.splitlines(), render_bundle(draft).splitlines()),
        }

    row: Row = house.beside(diff)
    return row


def _look(house: House, body: bodies.FlowText) -> Review:
    return review(flow_folder.load_draft(house.settings.flows_dir, body.file, body.text))


def _flow_in(looked_at: Review, file: str) -> Flow | None:
    flows = looked_at.folder.flows.values()
    return next((flow for flow in flows if flow.place.file == file), None)


def _published(house: House, file: str, draft: Any) -> Row | None:
    """The newest published tree of what a file holds; None for what never was, or never is."""
    if file.startswith(FLEX):
        return _published_card(house, draft)
    is_house = file in HOUSE_FILES or file.startswith(HOUSE_FOLDERS)
    flow_id = HOUSE if is_house else draft.get("flow") if isinstance(draft, dict) else None
    hash_ = house.store.read(flow_versions.heads).get(flow_id or "")
    if hash_ is None:
        return None
    version = house.store.read(lambda db: flow_versions.get_version(db, hash_))
    tree = version.bundle["files"].get(file) if is_house else version.bundle["flow"]
    return {"number": version.number, "tree": tree} if tree is not None else None


def _published_card(house: House, draft: Any) -> Row | None:
    """A card as the newest version of a flow that says it took it along."""
    id_ = draft.get("flex") if isinstance(draft, dict) else None

    def read(db: Session) -> Row | None:
        for hash_ in flow_versions.heads(db).values():
            version = flow_versions.get_version(db, hash_)
            if id_ in version.bundle.get("flex", {}):
                return {"number": version.number, "tree": version.bundle["flex"][id_]}
        return None

    return house.store.read(read)


def _unified(before: list[str], after: list[str]) -> list[Row]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    lines: list[Row] = []
    for group in matcher.get_grouped_opcodes(AROUND):
        if lines or group[0][1] > 0:
            lines.append({"kind": "gap", "text": "", "old": None, "new": None})
        for tag, old, old_end, new, new_end in group:
            if tag == "equal":
                lines += [
                    {
                        "kind": "same",
                        "text": before[old + n],
                        "old": old + n + 1,
                        "new": new + n + 1,
                    }
                    for n in range(old_end - old)
                ]
                continue
            lines += [
                {"kind": "old", "text": before[n], "old": n + 1, "new": None}
                for n in range(old, old_end)
            ]
            lines += [
                {"kind": "new", "text": after[n], "old": None, "new": n + 1}
                for n in range(new, new_end)
            ]
    return lines
