"""What a flow that is shown as a web page may hold: questions and what follows from them."""

from collections.abc import Iterator

from flows.language.checks.walk_flow import all_ways
from flows.language.grammar.shapes import Ask, Flow
from flows.language.grammar.steps import VERBS
from flows.language.loader import Folder
from flows.language.nodes import Items, Node, Scalar, Table
from flows.language.problems import Problems

ON_A_PAGE = ("say", "ask", "switch", "if", "goto", "end")
REFUSED = frozenset(VERBS) - set(ON_A_PAGE)


def check_flow(flow: Flow, folder: Folder, problems: Problems) -> None:
    """F003 at every verb that a page has no place for: it cannot wait, call, or hand over."""
    if not flow.is_form:
        return
    found = [*_verbs(folder.trees[flow.place.file]), *_in_ways(flow)]
    for verb, at in found:
        problems.add(
            "F003",
            at.place,
            "not_on_a_page",
            verb=verb,
            verbs=ON_A_PAGE,
        )


def _verbs(tree: Node) -> Iterator[tuple[str, Scalar]]:
    steps = tree.get("steps") if isinstance(tree, Table) else None
    for step in steps.items if isinstance(steps, Items) else ():
        for entry in step.entries if isinstance(step, Table) else ():
            if entry.key.text in REFUSED:
                yield entry.key.text, entry.key


def _in_ways(flow: Flow) -> Iterator[tuple[str, Scalar]]:
    """Flows that a way out calls, and the person that a question gives up to."""
    for way in all_ways(flow):
        if way.call is not None:
            yield "call", way.call
    for step in flow.steps:
        give_up = step.body.give_up if isinstance(step.body, Ask) else None
        if give_up is not None and give_up.handoff is not None:
            yield "handoff", give_up.handoff
