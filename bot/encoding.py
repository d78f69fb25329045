"""The FAQ through an encoder: its ways to ask are encoded beside the talks, questions before turns.

Nothing waits for it: while a way to ask has no vector yet, and when a question gets none in time,
the letters alone decide, by gates of their own. What leaves the machine is masked.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.encoder import Encoder, EncoderFailed
from bot.question_vectors import QuestionVectors
from flows.language.book import Book, House
from flows.language.faq.matcher import Matcher
from flows.language.faq.nearness import scope_of
from flows.language.faq.vectors import OtherLength, Vectors, texts_of
from flows.language.faq_steps import scopes_in
from flows.language.masking import Mask
from flows.language.normalise import normalise
from flows.language.words import Meaning
from storage import failpoints
from storage.faq_vectors import find_vectors, forget_vectors, keep_vectors
from storage.unit import Store

log = logging.getLogger(__name__)

BATCH = 32
BATCH_TIMEOUT_S = 30.0
AGAIN_AFTER = timedelta(seconds=30)
MOST_DOUBLINGS = 10

Beside = Callable[[Callable[[], Vectors]], Vectors]


class Encoding:
    """beside: heavy sums, while others go on."""

    def __init__(
        self,
        encoder: Encoder,
        store: Store,
        questions: QuestionVectors,
        clock: Callable[[], datetime],
        beside: Beside = lambda work: work(),
    ) -> None:
        self.questions = questions
        self._encoder = encoder
        self._store = store
        self._clock = clock
        self._beside = beside
        self._vectors: Vectors | None = None
        self._house: House | None = None  # whose ways to ask the vectors are
        self._asks: Mapping[str, Sequence[tuple[str, str]]] = {}
        self._known: dict[str, bytes] = {}  # while they are gathered
        self._gather_at = clock()
        self._restarts = 0  # in a row: each takes longer to come, because all is sent again

    def is_ready(self, book: Book) -> bool:
        """Whether a question to this book's FAQ is worth a call now."""
        vectors = self._vectors
        is_here = vectors is not None and vectors.can_tell and self._house is book.house
        return is_here and self.questions.is_open

    def keep_up(self, book: Book) -> bool:
        """Encode the next of what the FAQ asks that has no vector yet; whether there is more."""
        if book.house is self._house or self._clock() < self._gather_at:
            return False
        matchers = {scope_of(ids): book.house.matcher(ids) for ids in scopes_in(book)}
        asks = {scope: tuple(matcher.asks()) for scope, matcher in matchers.items()}
        if asks == self._asks:  # something else was published
            self._house = book.house
            return False
        wanted = texts_of(matchers.values())
        if not self._known:
            self._known = self._store.read(lambda db: find_vectors(db, self._encoder.id, wanted))
        missing = [key for key in wanted if key not in self._known][:BATCH]
        if missing:
            return self._gather({key: wanted[key] for key in missing})
        self._take_in({key: self._known[key] for key in wanted}, matchers, book.house)
        self._asks, self._known = asks if self._house is book.house else {}, {}
        return False

    def seek(self, texts: Sequence[str], name: str) -> dict[str, Meaning | None]:
        """What each text is near to; None where the encoder could not tell in time.

        name: the customer's, which stays here, like their numbers and addresses.
        """
        mask = Mask((name,))
        return {text: self._meaning(text, normalise(mask.text(text))) for text in texts}

    def _gather(self, texts: Mapping[str, str]) -> bool:
        now = self._clock()
        try:
            vectors = self._encoder.encode(list(texts.values()), "entry", BATCH_TIMEOUT_S)
        except EncoderFailed as error:
            log.warning("the FAQ's ways to ask get no vectors from %s: %s", self._encoder.id, error)
            self._gather_at = now + AGAIN_AFTER
            return False
        found = dict(zip(texts, vectors, strict=True))
        self._store.write(lambda db: keep_vectors(db, self._encoder.id, found, now))
        self._known |= found
        return True

    def _take_in(
        self, known: Mapping[str, bytes], matchers: Mapping[str, Matcher], house: House
    ) -> None:
        try:
            self._vectors = (
                self._beside(partial(Vectors, self._encoder.id, matchers, known)) if known else None
            )
        except OtherLength:
            self._start_over()
            return
        self._house = house
        log.info("the FAQ has %d vectors from %s", len(known), self._encoder.id)

    def _start_over(self) -> None:
        """Behind the same name there is another model now: what it said before is worth nothing."""
        log.warning("%s gives vectors of another length; all are made again", self._encoder.id)
        self._store.write(lambda db: forget_vectors(db, self._encoder.id))
        self._vectors, self._house, self._asks, self._known = None, None, {}, {}
        self.questions.forget()
        self._gather_at = self._clock() + AGAIN_AFTER * 2 ** min(self._restarts, MOST_DOUBLINGS)
        self._restarts += 1

    def _meaning(self, text: str, sent: str) -> Meaning | None:
        vector, vectors = self.questions.find(sent), self._vectors
        failpoints.reach("encoder answered")
        if vector is None or vectors is None:
            return None
        try:
            meaning = vectors.meaning(text, vector)
        except OtherLength:
            self._start_over()
            return None
        self._restarts = 0
        return meaning
