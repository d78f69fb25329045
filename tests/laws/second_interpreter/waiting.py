"""The verbs that wait: a question until its answer, a person until they are done, a moment."""

from datetime import datetime, timedelta

from tests.laws.second_interpreter.asking import Asked, Meaning
from tests.laws.second_interpreter.reading import Tree, Way, is_yes, labelled, length, moments
from tests.laws.second_interpreter.seeing import Status
from tests.laws.second_interpreter.walking import Leaves, Walked, Walking

BUILT_IN = "(built in)"
STAY = "(stay)"
BUILT_IN_END = timedelta(days=30)


class Run(Walking):
    """One friend's walk through one flow."""

    def rest(self, kind: str, timers: dict[str, datetime]) -> Walked:
        """Wait until something wakes the run."""
        self.rests = kind
        self.timers = {name: self.in_window(at) for name, at in timers.items()}
        happening = yield
        self.timers = {}
        return happening

    def in_window(self, at: datetime) -> datetime:
        """The moment, or the next opening of the send window; a handoff's clock has none."""
        windows = (frame.flow.get("send_window") for frame in reversed(self.frames))
        window = next(filter(None, windows), None)
        if window is None or self.rests == "handoff":
            return at
        start, end = window.split("-")
        while not start <= at.strftime("%H:%M") < end:
            at = at.replace(second=0) + timedelta(minutes=1)
        return at

    def do_ask(self, step: Tree) -> Walked:
        """A question, until it is answered, given up or left."""
        asked = self.asked = Asked(step, self.friend.now, self.top.flow.get("defaults", {}))
        self.say_open(self.render(step["ask"]))
        while True:
            kind, what = yield from self.rest("question", asked.clocks())
            self.asked = asked
            target = STAY
            if kind == "resume":
                asked.begin_again(self.friend.now)
                self.say_open(self.render(step["ask"]))
            elif kind == "timer":
                target = yield from self._ring(asked, what)
            elif what.kind == "toggle":
                asked.chosen, asked.since, asked.waits_from = set(what.value), self.friend.now, None
                self.say_open("選択中: " + ("、".join(what.value) or "なし"))
            elif what.kind == "wrong":
                target = yield from self._wrong(asked, what)
            else:
                return (yield from self._answered(asked, what))
            if target != STAY:
                return target

    def _answered(self, asked: Asked, meaning: Meaning) -> Walked:
        step, answers = asked.step, self.top.answers
        if meaning.kind == "skip":
            answers[step["id"]] = Status("skipped")
            return (yield from self.way(meaning.ways[0], step))
        last = step.get("any_answer", {})
        if meaning.kind == "other":
            last = step.get("other", last)
        answers[step["id"]] = meaning.value
        path = last.get("save", step.get("save"))
        if path:
            self.keep(path, meaning.value)
        ways = [*meaning.ways, last]
        for way in ways:
            self.do_effects(way)
            self.say(way.get("say"))
        for way in ways:
            if "call" in way:
                yield from self.call(way["call"], step)
                break
        return next((way["goto"] for way in ways if "goto" in way), None)

    def _wrong(self, asked: Asked, meaning: Meaning) -> Walked:
        asked.wrong += 1
        retry = int(asked.step.get("retry", asked.defaults.get("retry", 2)))
        if "give_up" in asked.step and asked.wrong > retry:
            return (yield from self._give_up(asked.step))
        asked.since, asked.waits_from = self.friend.now, None
        say = asked.step.get("retry_say", asked.defaults.get("retry_say", BUILT_IN))
        say = asked.step.get("check_say", say) if meaning.fails_check else say
        self.say_open(self.render(say))
        return STAY

    def _give_up(self, step: Tree) -> Walked:
        """Where no step is named, it goes on as `skip` would."""
        way = step["give_up"]
        is_skip = is_yes(way.get("skip", "no"))
        self.top.answers[step["id"]] = Status("skipped" if is_skip else "gave_up")
        if "handoff" not in way:
            target = yield from self.way(way, step)
        else:
            self.do_effects(way)
            self.say(way.get("say", BUILT_IN))
            target = yield from self._with_people({})
        return target or next((out.get("goto") for _, out in labelled(step.get("skip"))), None)

    def _ring(self, asked: Asked, timer: str) -> Walked:
        """A reminder, the time-out, or the end that every question has."""
        if timer.startswith("remind:"):
            place = int(timer.removeprefix("remind:"))
            asked.reminded.add(place)
            self.say_last_open(moments(asked.patience("remind"))[place]["say"])
            return STAY
        answers, name = self.top.answers, asked.step["id"]
        if answers.get(name) is None:
            answers[name] = Status("no_reply")
        if timer == "expiry":
            raise Leaves(self.top, "end", "timed_out")
        way = asked.patience("timeout")
        if not is_yes(way.get("stay", "no")):
            return (yield from self._leave_late(way, asked.step))
        asked.has_timed_out, asked.waits_from = True, self.friend.now
        self.do_effects(way)
        self.say_last_open(way.get("say"))
        return STAY

    def _leave_late(self, way: Way, step: Tree) -> Walked:
        target = yield from self.way(way, step)
        if target is None:
            raise Leaves(self.top, "end", "timed_out")
        return target

    def do_wait(self, step: Tree) -> Walked:
        """A moment; one that has passed is not waited for."""
        at = self.friend.wake_at(step["wait"], self)
        if at is None or at <= self.friend.now:
            late = step["wait"].get("late", {}) if isinstance(step["wait"], dict) else {}
            return (yield from self.way(late, step))
        yield from self.rest("wait", {"wake": at})
        return None

    def do_wait_for(self, step: Tree) -> Walked:
        """What is to come, or the time-out."""
        way = step["timeout"]
        timers = {"timeout": self.friend.now + length(way["after"])}
        while True:
            _, what = yield from self.rest("wait_for", timers)
            if what == "matched":
                return None
            if what == "expiry":
                raise Leaves(self.top, "end", "timed_out")
            if not is_yes(way.get("stay", "no")):
                return (yield from self._leave_late(way, step))
            self.do_effects(way)
            self.say(way.get("say"))
            timers = {"expiry": self.friend.now + BUILT_IN_END}

    def do_handoff(self, step: Tree) -> Walked:
        """A person, until they are done."""
        self.say(step["handoff"])
        return (yield from self._with_people(step))

    def _with_people(self, step: Tree) -> Walked:
        self.friend.ask_person(self)
        timeout = step.get("timeout")
        timers = {"timeout": self.friend.now + length(timeout["after"])} if timeout else {}
        while True:
            kind, _ = yield from self.rest("handoff", timers)
            if kind == "done":
                return (yield from self.way(step.get("done", {}), step))
            if not is_yes(timeout.get("stay", "no")):
                return (yield from self._leave_late(timeout, step))
            timers = {}
            self.do_effects(timeout)
            self.say(timeout.get("say"))
