"""The FAQ's ways to ask as vectors, by encoder: each text is sent to an encoder once, and kept."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from storage.dialects import insert_once
from storage.models.flows import FaqVector

AT_ONCE = 500  # keys of one query


def find_vectors(db: Session, encoder: str, keys: Iterable[str]) -> dict[str, bytes]:
    """Those of these texts that the encoder has seen: key → vector."""
    wanted = sorted(set(keys))
    found: dict[str, bytes] = {}
    for start in range(0, len(wanted), AT_ONCE):
        query = select(col(FaqVector.text_key), col(FaqVector.vector)).where(
            col(FaqVector.encoder) == encoder,
            col(FaqVector.text_key).in_(wanted[start : start + AT_ONCE]),
        )
        found |= {row.text_key: row.vector for row in db.execute(query)}
    return found


def keep_vectors(db: Session, encoder: str, vectors: Mapping[str, bytes], now: datetime) -> None:
    """Write down what the encoder said; of two processes that asked it, the first one's counts."""
    for key, vector in sorted(vectors.items()):
        row = {"encoder": encoder, "text_key": key, "vector": vector, "at": now}
        insert_once(db, FaqVector, row, ["encoder", "text_key"])


def forget_vectors(db: Session, encoder: str) -> None:
    """The encoder is another one now, though it has kept its name."""
    db.execute(delete(FaqVector).where(col(FaqVector.encoder) == encoder))
