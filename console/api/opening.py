"""When the counter opens next, by the house's own calendar."""

from console.api.house import shared_files
from console.door import Asker, House, Row
from storage import rows


def next_opening(house: House, _asker: Asker) -> Row:
    """open: whether it is open now; at: when it opens next after that, or None for never."""
    calendar, now = house.store.read(shared_files).calendar(None), house.clock()
    return {"open": calendar.is_open(now), "at": rows.moment(calendar.next_open(now))}
