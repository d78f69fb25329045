"""What tells others how this install is: alive, ready, its figures, and what watches them."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlmodel import select

from console.app import create_app
from console.cli.doctor.database import check_database
from console.door import House
from console.upkeep import note_upkeep, read_upkeep
from storage import arrivals, measures, quota
from storage.broadcast_outcomes import Halted
from storage.models.people import Account
from storage.models.work import Arrival
from storage.outcomes import KEY_LIFE, NoAnswer, Sent
from storage.quota import Told
from tests.console.conftest import ORIGIN, Clock
from tests.storage.broadcasting import a_house, begun, claimed, recorded

ALERTS = Path(__file__).parent.parent.parent / "console" / "alerts.yaml"


def figures(house: House) -> dict[str, float]:
    """Every sample by its name with its labels."""
    page = create_app(house).test_client().get("/metrics").get_data(as_text=True)
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_ready_means_that_the_database_is_migrated_and_takes_a_write(
    app: Flask, house: House, database_url: str
) -> None:
    client = app.test_client()
    assert client.get("/readyz").get_json() == {"ok": True, "reasons": []}

    house.store.write(lambda db: db.execute(text("UPDATE alembic_version SET version_num='0001'")))
    old = client.get("/readyz")
    assert old.status_code == 503
    assert "migrated" in old.get_json()["reasons"][0]
    assert client.get("/healthz").status_code == 200

    house.store.write(lambda db: db.execute(text("ALTER TABLE alembic_version RENAME TO gone")))
    broken = client.get("/readyz")
    assert broken.status_code == 503
    assert any("write" in reason for reason in broken.get_json()["reasons"])


def test_a_backlog_is_a_figure_and_no_reason(
    app: Flask, house: House, talk: str, clock: Clock
) -> None:
    at = clock()
    event = {"type": "message", "webhookEventId": "e1", "timestamp": int(at.timestamp() * 1000)}
    house.store.write(lambda db: arrivals.keep(db, db.get_one(Account, "main"), [event], at))
    clock.pass_s(3600)

    found = figures(house)

    assert found["madoguchi_arrivals_pending"] == 1
    assert found["madoguchi_arrivals_oldest_seconds"] == 3600
    assert app.test_client().get("/readyz").status_code == 200


def test_what_came_twice_and_what_came_late_is_counted(
    house: House, talk: str, clock: Clock
) -> None:
    before = figures(house)
    old = int((clock() - timedelta(minutes=5)).timestamp() * 1000)
    events: list[dict[str, Any]] = [
        {"type": "message", "webhookEventId": "e1", "timestamp": old},
        {"type": "message", "webhookEventId": "e2", "timestamp": old + 299_000},
        {"type": "message", "webhookEventId": "e3", "timestamp": 10**400},
        {"type": "message", "webhookEventId": "e1", "timestamp": old},
    ]

    house.store.write(lambda db: arrivals.keep(db, db.get_one(Account, "main"), events, clock()))

    after = figures(house)
    for name in ("madoguchi_arrivals_duplicate_total", "madoguchi_arrivals_late_total"):
        assert after[name] - before[name] == 1
    assert after["madoguchi_commit_seconds_count"] > before["madoguchi_commit_seconds_count"]


def test_what_is_set_aside_the_quota_and_failed_sign_ins_are_told(
    app: Flask, house: House, talk: str, clock: Clock
) -> None:
    def fill(db: Any) -> None:
        quota.claim(db, "main", clock())
        db.flush()
        quota.record(db, "main", Told(200, 30), clock())
        arrivals.keep(db, db.get_one(Account, "main"), [{"type": "broken"}], clock())
        broken = db.exec(select(Arrival).where(Arrival.kind == "broken")).one()
        broken.state = "aside"
        db.add(broken)

    house.store.write(fill)
    before = figures(house)
    wrong = {"email": "nobody@example.com", "password": "見本の違うパスワード"}
    app.test_client().post("/api/v1/session", json=wrong, headers={"Origin": ORIGIN})

    found = figures(house)

    assert found["madoguchi_quota_left[main]"] == 170
    assert found["madoguchi_arrivals_aside"] == 1
    failures = "madoguchi_sign_in_failures_total"
    assert found[failures] - before[failures] == 1


def test_what_became_of_broadcasts_is_told(house: House, clock: Clock) -> None:
    manager = a_house(house.store, clock(), 1200)
    begun(house.store, manager, clock())
    first, second, third = claimed(house.store, clock())
    before = figures(house)
    recorded(house.store, first, Sent(), clock())
    recorded(house.store, second, NoAnswer("timeout"), clock() + KEY_LIFE)
    recorded(house.store, third, Halted("token"), clock())

    found = figures(house)
    assert (before["madoguchi_multicasts_pending"], found["madoguchi_multicasts_pending"]) == (3, 1)
    assert found["madoguchi_broadcast_people[sent]"] == 500
    assert found["madoguchi_broadcast_people[unknown]"] == 500
    ended = "madoguchi_multicasts_ended_total[sent]"
    assert found[ended] - before.get(ended, 0) == 1

    troubled = {finding.key for finding in check_database(house.store)}
    assert {"broadcasts.stopped", "broadcasts.unknown"} <= troubled


def test_the_age_of_the_last_backup_is_told(house: House, clock: Clock) -> None:
    folder = house.settings.data_dir
    assert not [name for name in figures(house) if "upkeep" in name]

    note_upkeep(folder, "backup", clock())
    clock.pass_s(60)
    note_upkeep(folder, "restore_test", clock())
    clock.pass_s(30)

    found = figures(house)
    assert found["madoguchi_upkeep_age_seconds[backup]"] == 90
    assert found["madoguchi_upkeep_age_seconds[restore_test]"] == 30
    (folder / "upkeep.json").write_text("{")
    assert read_upkeep(folder) == {}


def test_the_rules_that_ship_watch_figures_that_are_there(house: House, clock: Clock) -> None:
    rules = yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
    families = {name.partition("[")[0] for name in figures(house)}
    families |= {
        sample for metric in measures.REGISTRY.collect() for sample in _samples(metric.name)
    }

    assert len({rule["alert"] for rule in rules}) == 8
    for rule in rules:
        named = set(re.findall(r"madoguchi_\w+", rule["expr"]))
        assert named <= families | {"madoguchi_quota_left", "madoguchi_upkeep_age_seconds"}, rule
        assert {"summary", "remedy"} <= rule["annotations"].keys()


def _samples(name: str) -> set[str]:
    return {name, f"{name}_total", f"{name}_bucket"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"X-Forwarded-For": "192.0.2.1"}, 403),
        ({"X-Forwarded-For": "192.0.2.1", "Authorization": "Bearer sample-token"}, 200),
        ({"X-Forwarded-For": "192.0.2.1", "Authorization": "Bearer other"}, 403),
    ],
)
def test_figures_are_for_this_machine_or_for_who_has_the_token(
    house: House, headers: dict[str, str], status: int
) -> None:
    settings = replace(house.settings, metrics_token="sample-token")
    app = create_app(replace(house, settings=settings))

    answer = app.test_client().get("/metrics", headers=headers)

    assert answer.status_code == status
    assert ("madoguchi_arrivals_pending" in answer.get_data(as_text=True)) is (status == 200)
