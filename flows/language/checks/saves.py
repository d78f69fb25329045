"""What `save` writes must be of the field's own type, and personal facts need a reason."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flows.language.checks.walk_flow import words_on_entry
from flows.language.grammar.asks import yesno_choices
from flows.language.grammar.house_files import Field
from flows.language.grammar.parts import Words
from flows.language.grammar.shapes import Ask, Flow, Handoff
from flows.language.nodes import Scalar
from flows.language.problems import Problems
from flows.language.sayings.saying import Param, saying
from flows.language.templates import show
from flows.language.typed import read_typed

FREE = "text"
ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # 明日 is kept as it stands, so it is never a date
CONSENT_WORDS = ("個人情報", "プライバシー", "利用目的", "同意")
PURPOSE_WORDS = ("ため", "使い", "使用", "利用", "お送り", "お届け", "ご連絡", "お知らせ", "ご案内")


def check_flow(flow: Flow, fields: Mapping[str, Field], problems: Problems) -> None:
    """W205, W210."""
    has_consent = False
    for step in flow.steps:
        texts = [_plain(words) for words in words_on_entry(step)]
        if not isinstance(step.body, Handoff):
            has_consent |= any(word in text for text in texts for word in CONSENT_WORDS)
        if isinstance(step.body, Ask):
            is_explained = has_consent or any(w in t for t in texts for w in PURPOSE_WORDS)
            _ask(step.body, fields, problems, is_explained=is_explained)


def _ask(ask: Ask, fields: Mapping[str, Field], problems: Problems, *, is_explained: bool) -> None:
    field = _field(ask.save, fields)
    if ask.save is not None and field is not None and not _suits(ask, field):
        _wrong_type(ask.save, ask.type, field, problems)
    for way in (ask.other, ask.any_answer):
        save = (way.save or ask.save) if way is not None else None
        free = _field(save, fields)
        if save is not None and free is not None and free.type != FREE:
            _wrong_type(save, saying("free_text"), free, problems)
    saves = [ask.save, *(way.save for way in (ask.other, ask.any_answer) if way is not None)]
    for save in saves:
        kept = _field(save, fields)
        if save is not None and kept is not None and kept.is_personal and not is_explained:
            problems.add(
                "W210",
                save.place,
                "no_consent",
                title=kept.title,
            )


def _suits(ask: Ask, field: Field) -> bool:
    if ask.type in {"choice", "multi"}:
        allowed = {"choice": field.type != "list", "multi": field.type in {"list", FREE}}
        return allowed[ask.type] and all(_fits(c.value, field) for c in ask.choices)
    if ask.type == "yesno":
        values = [choice.value for choice in yesno_choices(ask)]
        return field.type == "yesno" or all(_fits(value, field) for value in values)
    return ask.type == field.type or (field.type == FREE and ask.type in {"image", "location"})


def _fits(value: str, field: Field) -> bool:
    if field.type == "choice":
        return value in field.options
    return field.type in {FREE, "list"} or show(read_typed(field.type, value, ANY_DAY)) == value


def _field(save: Scalar | None, fields: Mapping[str, Field]) -> Field | None:
    return fields.get(save.text.removeprefix("field.")) if save is not None else None


def _wrong_type(save: Scalar, type_: Param, field: Field, problems: Problems) -> None:
    problems.add(
        "W205",
        save.place,
        "wrong_type",
        type=type_,
        title=field.title,
        field_type=field.type,
        key=field.key,
    )


def _plain(words: Words) -> str:
    return "".join(part for part in words.template.parts if isinstance(part, str))
