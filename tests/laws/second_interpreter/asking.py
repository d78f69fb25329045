"""An open question, and what a text means to it: §3.3 and the second and fourth rule of §5."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.laws.second_interpreter.reading import (
    Tree,
    Way,
    is_yes,
    labelled,
    length,
    listed,
    moments,
)
from tests.laws.second_interpreter.seeing import Sight, Stored, day_or, shown
from tests.laws.second_interpreter.typed import nfkc, normal, read_as

IN_WORDS = {"yes": "はい", "no": "いいえ"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One label. words: what chooses it when typed."""

    label: str
    value: str
    words: list[str]
    way: Way


@dataclass(frozen=True, slots=True)
class Meaning:
    """kind: accept skip toggle other wrong. way: the chosen label's."""

    kind: str
    value: Stored = None
    ways: tuple[Way, ...] = ()
    fails_check: bool = False


WRONG = Meaning("wrong")


@dataclass(slots=True)
class Asked:
    """A question while it is open. since: when the friend last did something at it."""

    step: Tree
    since: datetime
    defaults: Tree
    wrong: int = 0
    chosen: set[str] = field(default_factory=set)
    reminded: set[int] = field(default_factory=set)
    has_timed_out: bool = False
    waits_from: datetime | None = None

    @property
    def type(self) -> str:
        """Of the answer."""
        return str(self.step.get("type", "choice" if "choices" in self.step else "text"))

    def patience(self, key: str) -> Any:
        """`timeout` or `remind`: the step's, else the flow's."""
        return self.step.get(key, self.defaults.get(key))

    def clocks(self) -> dict[str, datetime]:
        """The moments that are still to come, by the names of their timers."""
        reminds = enumerate(moments(self.patience("remind")))
        timers = {
            f"remind:{n}": self.since + length(each["after"])
            for n, each in reminds
            if n not in self.reminded
        }
        timeout = self.patience("timeout")
        if timeout in (None, "none") or self.has_timed_out:
            timers["expiry"] = (self.waits_from or self.since) + timedelta(days=30)
        else:
            timers["timeout"] = self.since + length(timeout["after"])
        return timers

    def begin_again(self, now: datetime) -> None:
        """Every entry to the step starts afresh."""
        self.since, self.wrong, self.waits_from = now, 0, None
        self.chosen, self.reminded, self.has_timed_out = set(), set(), False

    def choices(self) -> list[Choice]:
        """The labels in the order of the file; はい and いいえ come by themselves."""
        found = []
        for label, way in labelled(self.step.get("choices")):
            yes_or_no = read_as("yesno", label, self.since) if self.type == "yesno" else None
            value = str(way.get("value", yes_or_no or label))
            found.append(Choice(label, value, [label, *listed(way.get("synonyms"))], way))
        if self.type == "yesno" and not found:
            return [Choice(said, value, [said], {}) for value, said in IN_WORDS.items()]
        return found

    def options(self) -> list[str]:
        """The quick replies."""
        done = [self.step.get("done", "決定")] if self.type == "multi" else []
        skip = [label for label, _ in labelled(self.step.get("skip"))]
        return [choice.label for choice in self.choices()] + done + skip

    def in_order(self, labels: set[str]) -> list[Choice]:
        """The chosen ones, in the order of the file."""
        return [choice for choice in self.choices() if choice.label in labels]

    def by_label(self, text: str, sight: Sight) -> Meaning | None:
        """What is on offer, word for word."""
        said = normal(text)
        for label, way in labelled(self.step.get("skip")):
            if normal(label) == said:
                return Meaning("skip", ways=(way,))
        chosen = [c for c in self.choices() if said in map(normal, c.words)]
        if self.type != "multi":
            if chosen:
                return self._checked(chosen[0].value, (chosen[0].way,), sight)
            return None
        if chosen:
            return Meaning(
                "toggle", [c.label for c in self.in_order(self.chosen ^ {chosen[0].label})]
            )
        if said == normal(self.step.get("done", "決定")):
            return self._several(self.chosen, sight)
        return self._list(text, sight)

    def _list(self, text: str, sight: Sight) -> Meaning | None:
        words = [normal(word) for word in re.split(r"[、,・/\s]+", nfkc(text)) if word]
        labels = {normal(word): c.label for c in self.choices() for word in c.words}
        if len(words) < 2 or not set(words) & set(labels):
            return None
        if not set(words) <= set(labels):
            return WRONG
        return self._several({labels[word] for word in words}, sight)

    def _several(self, labels: set[str], sight: Sight) -> Meaning:
        least = int(self.step.get("min", 1))
        most = int(self.step.get("max", len(self.choices())))
        if not least <= len(labels) <= most:
            return WRONG
        chosen = self.in_order(labels)
        return self._checked([c.value for c in chosen], tuple(c.way for c in chosen), sight)

    def by_type(self, text: str, sight: Sight) -> Meaning | None:
        """A text that fits the type; a bound that it breaks makes it a wrong answer."""
        value = read_as(self.type, text, sight.now)
        if value is None:
            return None
        pattern = self.step.get("pattern")
        if pattern and not any(re.fullmatch(pattern, t) for t in (str(value), nfkc(text))):
            return None
        if not self._keeps_bounds(value, sight.now):
            return WRONG
        same = [c.way for c in self.choices() if c.value == shown(value) and self.type != "text"]
        return self._checked(value, tuple(same[:1]), sight)

    def _keeps_bounds(self, value: str | int | float, now: datetime) -> bool:
        if isinstance(value, str):
            low, high = int(self.step.get("min_length", 0)), int(self.step.get("max_length", 1000))
            if self.type == "text" and not low <= len(value) <= high:
                return False
            between = [day_or(bound, now) for bound in listed(self.step.get("between"))]
            return not between or between[0] <= value <= between[1]
        if is_yes(self.step.get("integer", "no")) and value != int(value):
            return False
        within = [float(bound) for bound in listed(self.step.get("range"))]
        return not within or within[0] <= value <= within[1]

    def _checked(self, value: Stored, ways: tuple[Way, ...], sight: Sight) -> Meaning:
        def lookup(path: str) -> Stored:
            return value if path == f"answer.{self.step['id']}" else sight.lookup(path)

        seen = Sight(sight.tags, lookup, sight.is_open, sight.segments, sight.now)
        if not seen.holds(self.step.get("check")):
            return Meaning("wrong", fails_check=True)
        return Meaning("accept", value, ways)
