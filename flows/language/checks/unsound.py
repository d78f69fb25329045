"""What else is wrong in a flow with a mistake that leaves it out, and does not follow from that.

All problems at once, but one cause is one problem: a choice that could not be read may be the only
way to a step, so that nothing is said of who reaches what.
"""

from flows.language.checks import graph, labels, lengths, names, paths, patience
from flows.language.checks.routes import routes_of
from flows.language.grammar.shapes import Flow
from flows.language.loader import Folder
from flows.language.problems import Problem, Problems


def check_flow(flow: Flow, folder: Folder, problems: Problems) -> None:
    """Names, labels and lengths of all that was read; what a step lacks, where it is sound."""
    names.check_flow(flow, folder, problems)
    paths.check_flow(flow, folder, problems)
    labels.check_flow(flow, problems)
    lengths.check_flow(flow, folder, problems)
    found = Problems()
    patience.check_flow(flow, found)
    for problem in found.sorted():
        if _step_at(flow, problem) in _sound_steps(flow, problems):
            problems.keep(problem)
    check_sound_steps(flow, problems)


def check_sound_steps(flow: Flow, problems: Problems) -> None:
    """The way from step to step, as far as every step was read."""
    known = {step.name for step in flow.steps}
    if len(known) == len(flow.steps) and not flow.lost_ids:
        graph.check_sound_steps(flow, _sound_steps(flow, problems), routes_of(flow), problems)


def _sound_steps(flow: Flow, problems: Problems) -> set[str]:
    file = flow.place.file
    found = [p for p in problems.sorted() if p.file == file and p.severity == "E"]
    return {step.name for step in flow.steps} - {_step_at(flow, problem) for problem in found}


def _step_at(flow: Flow, problem: Problem) -> str:
    """The step in whose lines a problem stands; empty for what stands before them all."""
    before = [step.name for step in flow.steps if step.place.line <= problem.line]
    return before[-1] if before else ""
