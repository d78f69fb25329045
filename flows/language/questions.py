"""One question: how it is shown, what a text or a tap means to it. Nothing is changed here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import re2

from flows.language.conditions import holds, moment_of
from flows.language.effects import Bubble, Option, Picker
from flows.language.grammar.asks import yesno_choices
from flows.language.grammar.parts import Choice
from flows.language.grammar.shapes import Ask, Step
from flows.language.normalise import normalise, to_ascii_forms
from flows.language.run import Frame
from flows.language.templates import show
from flows.language.typed import count_graphemes, read_typed
from flows.language.words import Value
from flows.language.world import View, moment_in

DONE = "決定"
MAX_LENGTH = 1000
CHOSEN = "選択中: "
NOTHING_CHOSEN = "なし"
LABELS_BETWEEN = re2.compile(r"[、,・/\s]+")
PICKER_LABELS = {
    "date": "日付を選ぶ",
    "time": "時間を選ぶ",
    "datetime": "日時を選ぶ",
    "image": "写真を送る",
    "location": "場所を送る",
}
RETRY_SAYS = {
    "choice": "下のボタンから選んでください。",
    "multi": "下のボタンから選んで、最後に「決定」を押してください。",
    "yesno": "「はい」か「いいえ」でお答えください。",
    "number": "数字でお答えください。",
    "phone": "電話番号を数字10〜11桁で入力してください。",
    "email": "メールアドレスを確かめて、もう一度入力してください。",
    "postcode": "郵便番号を7桁の数字で入力してください。",
    "date": "日付を「12月1日」のように入力してください。",
    "time": "時間を「14:30」のように入力してください。",
    "datetime": "日時を「12月1日 14:30」のように入力してください。",
    "image": "写真を送ってください。",
    "location": "位置情報を送ってください。",
    "text": "もう一度入力してください。",
}


@dataclass(frozen=True, slots=True)
class Understood:
    """What an answer is. way: of the machine. toggled: the labels chosen now, of a `multi`."""

    way: str
    value: Value = None
    choice: Choice | None = None
    toggled: tuple[str, ...] | None = None
    fails_check: bool = False


def question_bubble(view: View, run_id: str, step: Step, text: str) -> Bubble:
    """A text that keeps the question open, with everything that one can tap."""
    ask = step.body
    if not isinstance(ask, Ask):
        raise TypeError("only an ask is shown as a question")
    entry = view.frame.entry
    return Bubble(
        text=text,
        options=tuple(Option(label, f"f={run_id}&s={entry}&v={key}") for key, label in offers(ask)),
        picker=_picker(view, run_id, ask),
        look=ask.look,
    )


def offers(ask: Ask) -> list[tuple[str, str]]:
    """What is on offer, in order: (the postback's value, the label)."""
    found = [(str(n), choice.label.text) for n, choice in enumerate(yesno_choices(ask))]
    if ask.type == "multi":
        found.append(("done", done_label(ask)))
    if ask.skip is not None:
        found.append(("skip", ask.skip.label.text))
    return found


def done_label(ask: Ask) -> str:
    """The label that ends a `multi`."""
    return ask.done.text if ask.done is not None else DONE


def by_label(view: View, ask: Ask, text: str) -> Understood | None:
    """Rule 2: a label, synonym, `done` or `skip`, normalised and exact."""
    said = normalise(text)
    for number, choice in enumerate(yesno_choices(ask)):
        known = (choice.label.text, *(synonym.text for synonym in choice.synonyms))
        if any(normalise(word) == said for word in known):
            return _checked(view, ask, _chosen(ask, view.frame, number, choice))
    if ask.type == "multi" and normalise(done_label(ask)) == said:
        return _checked(view, ask, _finish(ask, view.frame.chosen))
    if ask.skip is not None and normalise(ask.skip.label.text) == said:
        return Understood("skip", choice=ask.skip)
    return None


def by_key(view: View, ask: Ask, key: str) -> Understood | None:
    """A tap, by the value in its postback; None when it was never on offer."""
    label = dict(offers(ask)).get(key)
    return by_label(view, ask, label) if label is not None else None


def by_type(view: View, ask: Ask, text: str) -> Understood | None:
    """Rule 4: a text of the question's type; one that breaks a bound is a wrong answer."""
    if ask.type == "multi":
        several = _several(ask, text)
        return _checked(view, ask, several) if several is not None else None
    value = read_typed(ask.type, text, view.now)
    if value is None or not _fits_pattern(ask, value):
        return None
    if not keeps_bounds(view, ask, value):
        return Understood("wrong")
    return _checked(view, ask, _accepted(ask, value))


def keeps_bounds(view: View, ask: Ask, value: Value) -> bool:
    """range, integer, lengths and between."""
    bounds = ask.bounds
    if isinstance(value, int | float) and not _is_number_allowed(bounds, value):
        return False
    if ask.type == "text" and isinstance(value, str):
        length = count_graphemes(value)
        low, high = bounds.min_length or 0, bounds.max_length or MAX_LENGTH
        if not low <= length <= high:
            return False
    if bounds.between is not None and isinstance(value, str):
        low_text, high_text = between(view, ask)
        return low_text <= value <= high_text
    return True


def between(view: View, ask: Ask) -> tuple[str, str]:
    """The bounds of `between`, worked out now."""
    if ask.bounds.between is None:
        return ("", "")
    low, high = (_bound(view, ask.type, text) for text in ask.bounds.between)
    if ask.type == "datetime":  # a date alone is the whole of that day
        return _with_time(low, "00:00"), _with_time(high, "23:59")
    return low, high


def chosen_text(labels: Sequence[str]) -> str:
    """What a `multi` answers to each toggle."""
    return CHOSEN + ("、".join(labels) if labels else NOTHING_CHOSEN)


def _chosen(ask: Ask, frame: Frame, number: int, choice: Choice) -> Understood:
    if ask.type != "multi":
        return Understood(_way_of(ask, number), choice.value, choice)
    label = choice.label.text
    now_chosen = set(frame.chosen) ^ {label}
    return Understood("wrong", toggled=_in_order(ask, now_chosen))


def _checked(view: View, ask: Ask, understood: Understood) -> Understood:
    """The answer, or a wrong one where `check` does not hold for it."""
    is_answer = understood.way != "wrong" and understood.toggled is None
    if is_answer and not _passes_check(view, ask, understood.value):
        return Understood("wrong", fails_check=True)
    return understood


def _several(ask: Ask, text: str) -> Understood | None:
    words = [word for word in LABELS_BETWEEN.split(to_ascii_forms(text)) if word]
    labels = {
        normalise(word.text): choice.label.text
        for choice in ask.choices
        for word in (choice.label, *choice.synonyms)
    }
    found = {labels[normalise(word)] for word in words if normalise(word) in labels}
    if len(words) < 2 or not found:  # noqa: PLR2004 # "two or more labels"
        return None
    if any(normalise(word) not in labels for word in words):
        return Understood("wrong")
    return _finish(ask, _in_order(ask, found))


def by_labels(ask: Ask, labels: Sequence[str]) -> Understood:
    """The whole answer to a `multi`, chosen at once; labels that it has not are left out."""
    return _finish(ask, _in_order(ask, set(labels)))


def _finish(ask: Ask, labels: tuple[str, ...]) -> Understood:
    most = ask.max if ask.max is not None else len(ask.choices)
    if not ask.min <= len(labels) <= most:
        return Understood("wrong")
    values = {choice.label.text: choice.value for choice in ask.choices}
    return Understood("accepted", tuple(values[label] for label in labels), toggled=None)


def _in_order(ask: Ask, labels: set[str]) -> tuple[str, ...]:
    return tuple(c.label.text for c in ask.choices if c.label.text in labels)


def _accepted(ask: Ask, value: Value) -> Understood:
    for number, choice in enumerate(yesno_choices(ask)):
        if ask.type != "text" and show(choice.value) == show(value):
            return Understood(_way_of(ask, number), value, choice)
    return Understood("accepted", value)


def _way_of(ask: Ask, number: int) -> str:
    """The way of a choice; はい and いいえ that nobody wrote down have none of their own."""
    return f"choice:{number}" if ask.choices else "accepted"


def _fits_pattern(ask: Ask, value: Value) -> bool:
    pattern, text = ask.bounds.pattern, show(value)
    if pattern is None:
        return True
    forms = (text, to_ascii_forms(text))  # ＡＢ１２ is AB12, though it is stored as it was typed
    return any(re2.fullmatch(pattern.text, form) is not None for form in forms)


def _is_number_allowed(bounds: Any, value: float) -> bool:
    if bounds.is_integer and value != int(value):
        return False
    return bounds.range is None or bounds.range[0] <= value <= bounds.range[1]


def _passes_check(view: View, ask: Ask, value: Value) -> bool:
    if ask.check is None:
        return True
    step_name = view.frame.state
    frame = view.frame.copy()
    frame.answers[step_name] = value
    at = moment_in(view.calendar, value) if isinstance(value, str) and "T" in value else None
    return holds(ask.check.condition, replace(view, frame=frame, at=at))


def _bound(view: View, type_: str, text: str) -> str:
    like = "2026-12-01" if type_ == "date" else "2026-12-01T00:00"
    found = moment_of(to_ascii_forms(text), view.now, like) or text
    if type_ == "time" and "T" in found:
        return found.partition("T")[2]
    return found.replace(" ", "T") if type_ == "datetime" else found


def _with_time(moment: str, time: str) -> str:
    return moment if "T" in moment else f"{moment}T{time}"


def _picker(view: View, run_id: str, ask: Ask) -> Picker | None:
    if ask.type not in PICKER_LABELS:
        return None
    kind: Any = ask.type
    low, high = between(view, ask)
    return Picker(
        kind=kind,
        data=f"f={run_id}&s={view.frame.entry}&v=pick",
        label=PICKER_LABELS[ask.type],
        min=low or None,
        max=high or None,
    )
