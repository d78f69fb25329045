"""A FAQ through an encoder from files alone: what `flows evaluate` compares the letters with."""

from collections.abc import Iterable, Sequence

from bot.encoder import Encoder, EncoderFailed, Kind
from console.cli.refusals import CannotRun
from flows.language.faq.evaluation import NearOf
from flows.language.faq.matcher import Matcher
from flows.language.faq.nearness import Nearness, find_nearness
from flows.language.faq.vectors import OtherLength, Vectors, texts_of
from flows.language.masking import Mask
from flows.language.normalise import normalise

BATCH = 32
TIMEOUT_S = 30.0
SCOPE = "evaluated"


def near_by(encoder: Encoder, matcher: Matcher, texts: Iterable[str]) -> NearOf:
    """What the encoder says of each of these texts, which leave the machine masked, as in talks.

    Raises CannotRun.
    """
    asks = texts_of([matcher])
    known = dict(zip(asks, _encode(encoder, list(asks.values()), "entry"), strict=True))
    sent = {text: normalise(Mask().text(text)) for text in texts}
    questions = list(dict.fromkeys(sent.values()))
    asked = dict(zip(questions, _encode(encoder, questions, "question"), strict=True))
    try:
        vectors = Vectors(encoder.id, {SCOPE: matcher}, known)
        meanings = {text: vectors.meaning(text, asked[masked]) for text, masked in sent.items()}
    except OtherLength as error:
        raise CannotRun(f"{encoder.id}: {error}. Its server must not change its model.") from error

    def near_of(text: str) -> Nearness | None:
        return find_nearness((meanings[text],), text, SCOPE)

    return near_of


def _encode(encoder: Encoder, texts: Sequence[str], kind: Kind) -> list[bytes]:
    try:
        batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        return [v for batch in batches for v in encoder.encode(batch, kind, TIMEOUT_S)]
    except EncoderFailed as error:
        raise CannotRun(
            f"{encoder.id} gives no vectors: {error}. Check MADOGUCHI_ENCODER_URL and its server."
        ) from error
