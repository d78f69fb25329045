"""The figures of `/metrics`: what this process counted, and what the database and the disk say."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlmodel import Session, col

from console.door import House
from console.upkeep import read_upkeep
from storage import measures
from storage.arrivals import depth
from storage.broadcast_figures import count_open, count_people
from storage.models.drafting import AccountQuota
from storage.models.work import Arrival, Delivery

Rows = dict[str, float]


@dataclass(frozen=True, slots=True)
class Gauge:
    """One name. rows: by the value of the label; '' where it has none."""

    name: str
    told: str
    rows: Rows
    label: str | None = None


def render(house: House) -> str:
    """Prometheus' text. The database is read beside the hub: it may take a while."""
    found: list[Gauge] = house.beside(lambda: house.store.read(lambda db: list(_kept(house, db))))
    registry = CollectorRegistry()
    registry.register(_Found([*found, *_of_the_machine(house)]))
    text: str = (generate_latest(measures.REGISTRY) + generate_latest(registry)).decode()
    return text + "".join(f"{name} {number}\n" for name, number in house.figures().items())


class _Found(Collector):
    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for gauge in self._gauges:
            labels = [gauge.label] if gauge.label is not None else []
            family = GaugeMetricFamily(gauge.name, gauge.told, labels=labels)
            for value, number in gauge.rows.items():
                family.add_metric([value] if labels else [], number)
            yield family


def _kept(house: House, db: Session) -> Iterator[Gauge]:
    now = house.clock()
    count, oldest = depth(db)
    age_s = (now - oldest).total_seconds() if oldest is not None else 0.0
    yield Gauge("madoguchi_arrivals_pending", "Events that wait for their turn", {"": count})
    yield Gauge("madoguchi_arrivals_oldest_seconds", "Since when the oldest waits", {"": age_s})
    aside = select(func.count()).where(col(Arrival.state) == "aside")
    yield Gauge(
        "madoguchi_arrivals_aside",
        "Events that failed five times and wait for a person",
        {"": db.scalar(aside) or 0},
    )
    states = select(col(Delivery.state), func.count()).group_by(col(Delivery.state))
    deliveries: Rows = {row[0]: row[1] for row in db.execute(states)}
    yield Gauge("madoguchi_deliveries_total", "Deliveries by state", deliveries, "state")
    yield Gauge(
        "madoguchi_multicasts_pending",
        "Calls of broadcasts that have not ended",
        {"": count_open(db)},
    )
    yield Gauge(
        "madoguchi_broadcast_people",
        "Recipients of broadcasts by what became of them",
        {state: float(people) for state, people in count_people(db).items()},
        "state",
    )
    yield Gauge(
        "madoguchi_quota_left", "Messages of the month that are left", _quotas(db), "account"
    )


def _quotas(db: Session) -> Rows:
    rows = db.scalars(select(AccountQuota)).all()
    return {
        row.account_id: max(0, row.most - row.used)
        for row in rows
        if row.most is not None and row.used is not None
    }


def _of_the_machine(house: House) -> Iterator[Gauge]:
    folder = house.settings.data_dir
    if folder.is_dir():
        free = shutil.disk_usage(folder).free
        yield Gauge("madoguchi_disk_free_bytes", "Room beside the data", {"": free})
    now = house.clock()
    ages: Rows = {deed: (now - at).total_seconds() for deed, at in read_upkeep(folder).items()}
    yield Gauge(
        "madoguchi_upkeep_age_seconds",
        "Since the last backup and the last restore test on this machine",
        ages,
        "deed",
    )
