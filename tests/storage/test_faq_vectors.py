"""The FAQ's vectors: kept once for each encoder and text, and forgotten together."""

from datetime import datetime

from storage.faq_vectors import AT_ONCE, find_vectors, forget_vectors, keep_vectors
from storage.unit import Store

VECTOR, OTHER = bytes(range(256)), b"\x00\xff\x80\x7f"


def test_a_vector_is_kept_byte_for_byte_by_encoder_and_text(store: Store, now: datetime) -> None:
    store.write(lambda db: keep_vectors(db, "one", {"a": VECTOR, "b": OTHER}, now))
    store.write(lambda db: keep_vectors(db, "two", {"a": OTHER}, now))
    store.write(lambda db: keep_vectors(db, "one", {"a": OTHER, "c": OTHER}, now))  # too late

    assert store.read(lambda db: find_vectors(db, "one", ["a", "b", "c", "d", "a"])) == {
        "a": VECTOR,
        "b": OTHER,
        "c": OTHER,
    }
    assert store.read(lambda db: find_vectors(db, "two", ["a", "b"])) == {"a": OTHER}
    assert store.read(lambda db: find_vectors(db, "one", [])) == {}

    store.write(lambda db: forget_vectors(db, "one"))
    assert store.read(lambda db: find_vectors(db, "one", ["a", "b"])) == {}
    assert store.read(lambda db: find_vectors(db, "two", ["a"])) == {"a": OTHER}


def test_as_many_as_a_large_faq_has_are_found(store: Store, now: datetime) -> None:
    many = {f"{number:016x}": OTHER for number in range(2 * AT_ONCE + 1)}
    store.write(lambda db: keep_vectors(db, "one", many, now))

    assert store.read(lambda db: find_vectors(db, "one", many)) == many
