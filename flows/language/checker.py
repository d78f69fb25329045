"""Everything that can be known of a folder before a customer meets it. All problems at once."""

from flows.language.checks import (
    always,
    asked,
    bounds,
    bubbles,
    forms,
    graph,
    labels,
    lengths,
    names,
    paths,
    patience,
    pushes,
    saves,
    steals,
    triggers,
    unsound,
    unused,
    waiting,
)
from flows.language.checks.domains import Domains, domains_of
from flows.language.checks.routes import is_whole, routes_of
from flows.language.grammar.shapes import Flow
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
        lengths.check_flow(flow, folder, problems)
        paths.check_flow(flow, folder, problems)
        patience.check_flow(flow, problems)
        forms.check_flow(flow, folder, problems)
        waiting.check_flow(flow, problems)
        domains = domains_of(flow, folder)
        always.check_flow(flow, domains, problems)
        bounds.check_flow(flow, domains, problems)
        saves.check_flow(flow, folder.fields or {}, problems)
        unused.check_flow(flow, problems)
        _check_routes(flow, problems)
    for flow in folder.unsound_flows:
        unsound.check_flow(flow, folder, problems)
    names.check_folder(folder, problems)
    paths.check_folder(folder, problems)
    lengths.check_folder(folder, problems)
    triggers.check_folder(folder, problems)
    unused.check_folder(folder, problems)
    for faq in folder.faqs.values():
        steals.check_faq(faq, problems)
    for segment in folder.segments.values():
        always.check_condition(segment.when, Domains(fields=folder.fields or {}), problems)
    return problems.sorted()


def _check_routes(flow: Flow, problems: Problems) -> None:
    if not is_whole(flow):  # what only follows from a misspelt goto is not reported again
        unsound.check_sound_steps(flow, problems)
        return
    routes = routes_of(flow)
    graph.check_flow(flow, routes, problems)
    asked.check_flow(flow, routes, problems)
    bubbles.check_flow(flow, routes, problems)
    pushes.check_flow(flow, routes, problems)
