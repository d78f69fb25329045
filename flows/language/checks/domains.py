"""What can stand at a path: the values of a question's choices, of a field's type, or anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flows.language.checks.walk_flow import ways_of
from flows.language.conditions import Missing
from flows.language.grammar.asks import yesno_choices
from flows.language.grammar.house_files import Field
from flows.language.grammar.shapes import Ask, Faq, Flow, Step
from flows.language.loader import Folder
from flows.language.words import Value

MOMENTS = frozenset({"date", "time", "datetime"})
NOTHING: tuple[Value, ...] = (None,)


@dataclass(frozen=True, slots=True)
class Domain:
    """What may stand somewhere.

    fixed: values known one by one. kind: what else may stand there (`any` text, number or
    moment), if anything. members: a list of some of these. range, between: what a value keeps to.
    """

    fixed: tuple[Value | Missing, ...] = ()
    kind: str = ""
    members: tuple[str, ...] = ()
    range: tuple[float, float] | None = None
    is_integer: bool = False
    between: tuple[str, str] | None = None


ANYTHING = Domain(fixed=NOTHING, kind="any")


@dataclass(frozen=True, slots=True)
class Domains:
    """The domains of one flow, or of a segment, which has no answers."""

    answers: Mapping[str, Domain] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)

    def of(self, path: str) -> Domain:
        """What may stand at a path."""
        kind, _, name = path.partition(".")
        if kind == "answer":
            return self.answers.get(name, ANYTHING)
        if kind == "field" and name in self.fields:
            return _of_field(self.fields[name])
        return ANYTHING

    def having(self, name: str, domain: Domain) -> "Domains":
        """The same with another domain for one answer."""
        return replace(self, answers={**self.answers, name: domain})


def domains_of(flow: Flow, folder: Folder) -> Domains:
    """The domains of a flow's answers and of the house's fields."""
    answers = {step.name: _of_answer(step, folder) for step in flow.steps}
    return Domains(answers, folder.fields or {})


def of_new_answer(ask: Ask) -> Domain:
    """What a question accepts, as it is stored."""
    values = tuple(choice.value for choice in yesno_choices(ask))
    if ask.type == "multi":
        return Domain(members=values, fixed=((),) if ask.min == 0 else ())
    if ask.type == "choice":
        return Domain(fixed=values)
    if ask.type == "yesno":
        return Domain(fixed=("yes", "no", *values))
    kind = ask.type if ask.type == "number" or ask.type in MOMENTS else "any"
    bounds = ask.bounds
    return Domain(values, kind, (), bounds.range, bounds.is_integer, bounds.between)


def _of_answer(step: Step, folder: Folder) -> Domain:
    statuses = (Missing("not_asked"), Missing("no_reply"))
    if any(way.call is not None for way in ways_of(step)):  # then it is the child's end
        return Domain(fixed=(*statuses, None), kind="any")
    match step.body:
        case Ask():
            own = of_new_answer(step.body)
            is_free = step.body.other is not None or step.body.any_answer is not None
            found = (*own.fixed, *statuses, *_statuses(step.body))
            return replace(own, fixed=found, kind="any" if is_free else own.kind)
        case Faq():
            files = {file.text for file in step.body.files} or set(folder.faqs)
            entries = [e for id_ in files & set(folder.faqs) for e in folder.faqs[id_].entries]
            is_known = files <= set(folder.faqs)
            ids = tuple(entry.id.text for entry in entries)
            return Domain(fixed=(*ids, *statuses, None), kind="" if is_known else "any")
        case _:
            return Domain(fixed=(*statuses, None), kind="any")


def _statuses(ask: Ask) -> tuple[Missing, ...]:
    found = [Missing("skipped")] if ask.skip is not None else []
    if ask.give_up is not None:
        found.append(Missing("skipped" if ask.give_up.is_skip else "gave_up"))
    return tuple(found)


def _of_field(field: Field) -> Domain:
    match field.type:
        case "choice":
            return Domain(fixed=(*field.options, None))
        case "yesno":
            return Domain(fixed=("yes", "no", None))
        case "list":
            return Domain(fixed=NOTHING, kind="any", members=field.options)
        case "number" | "date" | "time" | "datetime":
            return Domain(fixed=NOTHING, kind=field.type)
        case _:
            return ANYTHING
