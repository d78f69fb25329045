"""A call that was claimed and never made."""

from datetime import datetime

from storage.outcomes import NoAnswer, NotBegun
from storage.restored import distrust_deliveries
from storage.unit import Store
from tests.storage.test_outbox import SECOND, an_answer, claimed, found, recorded


def test_a_call_that_was_never_begun_is_as_if_it_had_not_been_claimed(
    store: Store, now: datetime
) -> None:
    delivery_id = an_answer(store, now)
    (first,) = claimed(store, now)

    assert recorded(store, first, NotBegun(), now) == "pending"

    delivery = found(store, delivery_id)
    told = (delivery.tries, delivery.first_tried_at, delivery.is_unsure, delivery.due_at)
    assert told == (0, None, False, None)
    (again,) = claimed(store, now + SECOND)
    assert (again.mode, again.reply_token) == ("reply", first.reply_token)
    assert recorded(store, again, NoAnswer("timeout"), now + SECOND) == "pending"
    (third,) = claimed(store, now + 3 * SECOND)
    assert recorded(store, third, NotBegun(), now + 3 * SECOND) == "pending"
    delivery = found(store, delivery_id)
    assert (delivery.tries, delivery.first_tried_at) == (1, now + SECOND)
    assert delivery.is_unsure


def test_what_may_have_been_sent_before_a_restore_is_no_younger_for_a_call_that_was_not_made(
    store: Store, now: datetime
) -> None:
    delivery_id = an_answer(store, now)
    store.write(lambda db: distrust_deliveries(db, now + SECOND))

    (call,) = claimed(store, now + 3 * SECOND)
    assert recorded(store, call, NotBegun(), now + 3 * SECOND) == "pending"

    delivery = found(store, delivery_id)
    assert (delivery.tries, delivery.is_unsure) == (0, True)
    assert delivery.first_tried_at == delivery.created_at
