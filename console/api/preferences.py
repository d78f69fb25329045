"""What one prefers, kept by the server: it is the same on every machine."""

from console.checking import checked
from console.door import Asker, House, Row
from console.preference_bodies import SHAPES, Preference
from storage.preferences import keep_preference, preferences_of
from storage.refusals import NotFound


def get_all(house: House, asker: Asker) -> Row:
    """Every preference by its name, as it is at first where one has changed nothing."""
    kept = house.store.read(lambda db: preferences_of(db, asker.operator.id))
    return {name: shape(**kept.get(name, {})).model_dump() for name, shape in SHAPES.items()}


def put(house: House, asker: Asker, name: str, body: Preference) -> Row:
    """One preference as a whole."""
    shape = SHAPES.get(name)
    if shape is None:
        raise NotFound
    value = checked(shape, body.value).model_dump(mode="json")
    house.store.write(lambda db: keep_preference(db, asker.operator.id, name, value))
    return value
