"""Everything that can be known of a folder before a customer meets it. All problems at once."""

from flows.language.checks import graph, labels, names, paths, patience
from flows.language.loader import Folder
from flows.language.problems import Problem, Problems


def check(folder: Folder) -> tuple[Problem, ...]:
    """What loading found, and what only the whole folder shows; by file and line."""
    problems = Problems()
    for problem in folder.loading_problems():
        problems.keep(problem)
    for flow in folder.flows.values():
        names.check_flow(flow, folder, problems)
        labels.check_flow(flow, problems)
        paths.check_flow(flow, folder, problems)
        patience.check_flow(flow, problems)
        if not problems.has_errors(flow.place.file):  # one cause, one problem
            graph.check_flow(flow, problems)
    names.check_folder(folder, problems)
    return problems.sorted()
