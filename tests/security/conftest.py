"""The whole application as it is served, on each database: the console, the webhook, the forms."""

from pathlib import Path

import pytest
from flask import Flask

from bot.accounts import Accounts
from bot.flow_source import FlowSource
from bot.forms import form_pages
from bot.webhook import webhook
from console import app as console_app
from console.app import create_app
from console.door import House
from console.publishing import Wish, publish_folder
from console.settings import read_settings
from flows.language.loader import load_folder
from storage.unit import Store
from tests import given
from tests.console.conftest import Clock
from tests.console.test_faq_learning import FAQ
from tests.console.test_flows import FLOW, TALK
from tests.console.test_satisfaction import SURVEY

ORIGIN = "https://madoguchi.example.com"
FORM = SURVEY.replace("flow: survey", "flow: form\nform: yes").replace("質問}", "調査}")
CALENDAR = "timezone: Asia/Tokyo\nweekly: {mon-sun: 09:00-18:00}\n"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(store: Store, tmp_path: Path, clock: Clock) -> House:
    """Two accounts, `main` and `other`, and a small folder of flows, published."""
    folder = _write_flows(tmp_path / "flows")
    settings = read_settings(
        {
            "MADOGUCHI_DATA_DIR": str(tmp_path),
            "MADOGUCHI_FLOWS_DIR": str(folder),
            "MADOGUCHI_PUBLIC_URL": ORIGIN,
        }
    )
    (tmp_path / "media").mkdir()
    made = House(store, settings, given.KEY, beside=lambda work: work(), clock=clock)
    store.write(lambda db: given.an_account(db, clock.now))
    store.write(lambda db: given.an_account(db, clock.now, "other", provider="別の見本"))
    publish_folder(store, load_folder(folder), Wish(), clock.now)
    return made


@pytest.fixture
def app(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """With sample pages in the place of those that are built."""
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    for name in ("index.html", "icon.svg", "icon-dot.svg", "sw.js", "assets/sample.js"):
        (dist / name).write_text("sample")
    monkeypatch.setattr(console_app, "DIST", dist)
    store, clock = house.store, house.clock
    doors = (
        webhook(store, Accounts(store, given.KEY), clock),
        form_pages(store, FlowSource(store), given.KEY, clock),
    )
    return create_app(house, *doors)


def _write_flows(folder: Path) -> Path:
    for name, text in {
        "visit.yaml": FLOW,
        "form.yaml": FORM,
        "tags.yaml": "tags: [新規]\n",
        "calendars/main.yaml": CALENDAR,
        "faq/salon.yaml": FAQ,
        "tests/visit.yaml": TALK,
    }.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder
