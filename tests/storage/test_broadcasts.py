"""One message to many: each of them once, whatever LINE answers and whoever intervenes."""

from datetime import datetime, timedelta

from storage.broadcasts import audience_size
from storage.outcomes import Sent
from storage.unit import Store
from tests.storage.broadcasting import (
    a_house,
    begun,
    claimed,
    counts,
    found,
    recorded,
)

SECOND = timedelta(seconds=1)


def test_a_broadcast_goes_to_every_friend_in_calls_of_five_hundred(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 1200)
    assert store.read(lambda db: audience_size(db, "main")) == 1200

    broadcast = begun(store, manager, now)
    calls = claimed(store, now)
    assert [len(call.line_user_ids) for call in calls] == [500, 500, 200]
    assert len({one for call in calls for one in call.line_user_ids}) == 1200
    assert claimed(store, now) == []

    for call in calls:
        assert recorded(store, call, Sent("request"), now) == "sent"
    after = found(store, broadcast.id)
    assert (after.status, counts(after)) == ("done", (1200, 1200, 0, 0, 0))
