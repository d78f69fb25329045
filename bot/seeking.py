"""A turn that looks a text up is undone, the encoder is asked, and the turn is done again with it.

So no transaction waits for a server, and no rule has to guess which texts a flow will look up: the
engine, which is pure, has just said it. What it is told is kept with the turn for replay.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.talk import Talk
from flows.language.effects import LookedUp
from flows.language.events import Event
from flows.language.routing import Turn, take
from flows.language.run import Run
from flows.language.words import Context

MOST_TEXTS = 3  # of one arrival


class Unsought(Exception):
    """The turn looks texts up of which the encoder was not asked yet."""

    def __init__(self, texts: Sequence[str], name: str) -> None:
        super().__init__(f"{len(texts)} texts")
        self.texts = texts
        self.name = name


def decide(talk: Talk, runs: Sequence[Run], event: Event, context: Context) -> tuple[Turn, Context]:
    """What the flows make of an event, and what they were told for it. Raises Unsought."""
    if talk.sought is None:
        return take(talk.book, runs, event, context), context
    told = tuple(meaning for meaning in talk.sought.values() if meaning is not None)
    context = replace(context, meanings=told)
    turn = take(talk.book, runs, event, context)
    looked_up = [effect for effect in turn.effects if isinstance(effect, LookedUp)]
    texts = dict.fromkeys(each.text for each in looked_up if _is_open(each))
    unsought = [text for text in texts if text not in talk.sought]
    if unsought and len(talk.sought) < MOST_TEXTS:
        raise Unsought(unsought, context.facts.name)
    return turn, context


def _is_open(looked_up: LookedUp) -> bool:
    """Whether an encoder could have told more than the letters."""
    return looked_up.by == "letters" and bool(looked_up.text.strip())
