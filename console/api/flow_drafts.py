"""A file while it is being written: checked, drawn, compared, talked to, tested; never kept."""

import json
from difflib import SequenceMatcher
from typing import Any

from sqlmodel import Session

from console import bodies, flow_folder
from console.api.flow_files import trigger_rows
from console.api.problem_rows import problem_rows
from console.door import Asker, House, Row
from console.flow_review import Review, review
from console.refusals import BrokenFlows
from flows.language import nodes, picture, vocabulary
from flows.language.book import HOUSE, HOUSE_FILES, HOUSE_FOLDERS, book_of
from flows.language.bundle_text import render_bundle
from flows.language.cards import contents_of
from flows.language.drawing.captions import template_text
from flows.language.folder_files import FLEX
from flows.language.grammar.shapes import Flow
from flows.language.talk_results import Report
from flows.language.talk_trial import read_lines, try_talk
from storage import flow_health, flow_versions
from storage.refusals import NotFound

AROUND = 3  # lines of the same text around what differs


def check(house: House, asker: Asker, body: bodies.FlowText) -> Row:
    """The problems of the folder with this text in it, the picture, and the names to complete."""

    def work() -> Row:
        looked_at = _look(house, body)
        flow = _flow_in(looked_at, body.file)
        drawn = picture.draw(flow, body.text) if flow is not None else None
        return {
            "problems": problem_rows(looked_at.problems, asker.language),
            "summary": dict(looked_at.counts(body.file)),
            "flow": flow.id.text if flow is not None else None,
            "title": flow.title.text if flow is not None else None,
            "triggers": trigger_rows(flow),
            "picture": drawn.to_json() if drawn is not None else None,
            "card": _card_in(looked_at, body.file),
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
            raise BrokenFlows(problems=problem_rows(problems, asker.language))
        return drawn.to_json()

    row: Row = house.beside(work)
    return {**row, "standing": standing(house, asker, flow_id)["standing"]}


def standing(house: House, asker: Asker, flow_id: str) -> Row:
    """How many people stand at each step of a flow now."""
    found = house.store.read(lambda db: flow_health.standing(db, asker.scope, flow_id))
    return {"standing": dict(found)}


def try_out(house: House, asker: Asker, body: bodies.FlowTry) -> Row:
    """Talk to the draft on a virtual clock: the whole talk goes in, the phone comes out."""

    def work() -> Row:
        given, lines, wrong = read_lines(body.given, body.talk)
        if wrong:
            raise ValueError("; ".join(problem.message for problem in wrong))
        looked_at = _look(house, body)
        sound = looked_at.sound()
        flow = _flow_in(looked_at, body.file)
        if flow is None or flow.id.text not in sound.flows:
            raise _broken(looked_at, body.file, asker)
        return try_talk(book_of(sound), given, lines).to_json(asker.language)

    row: Row = house.beside(work)
    return row


def run_tests(house: House, asker: Asker, body: bodies.FlowText) -> Row:
    """Run the folder's tests of talks with this text in it."""
    row: Row = house.beside(lambda: _told(_look(house, body).test(), asker))
    return row


def compare(house: House, asker: Asker, body: bodies.FlowText) -> Row:
    """What differs from what is published, line by line; both in one fixed layout."""

    def parse() -> Any:
        looked_at = _look(house, body)
        tree = looked_at.folder.trees.get(body.file)
        if tree is None:
            raise _broken(looked_at, body.file, asker)
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


def _broken(looked_at: Review, file: str, asker: Asker) -> BrokenFlows:
    problems = [problem for problem in looked_at.errors if problem.file == file]
    return BrokenFlows(problems=problem_rows(problems, asker.language))


def _told(report: Report, asker: Asker) -> Row:
    told = report.to_json(asker.language)
    return {**told, "problems": problem_rows(report.problems, asker.language)}


def _look(house: House, body: bodies.FlowText) -> Review:
    return review(flow_folder.load_draft(house.settings.flows_dir, body.file, body.text))


def _flow_in(looked_at: Review, file: str) -> Flow | None:
    flows = looked_at.folder.flows.values()
    return next((flow for flow in flows if flow.place.file == file), None)


def _card_in(looked_at: Review, file: str) -> Row | None:
    """The card of a file, its holes as they are written; None where there is no sound one."""
    cards = (card for card in looked_at.folder.flex.values() if card is not None)
    card = next((card for card in cards if card.id.place.file == file), None)
    if card is None:
        return None
    contents = json.loads(contents_of(card, template_text))
    return {"alt": template_text(card.alt.template), "contents": contents}


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
