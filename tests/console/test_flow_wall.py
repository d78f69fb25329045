"""Who is walled to some accounts changes what those answer, and no other."""

from pathlib import Path

import pytest
from sqlmodel import Session

from console.door import House
from storage import flow_versions
from tests import given
from tests.console.conftest import Browser, SignIn
from tests.console.test_flows import FLOW

OWN = "accounts: [main]\n"
CALLING = """flow: shared
title: 見本
start: {keyword: shared}
steps:
  - id: go
    call: own
  - end: done
"""
ANYBODY = "[follow, {keyword: [質問, しつもん]}]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "flows"
    path.mkdir()
    for name, accounts in (("own", OWN), ("shared", "")):
        text = FLOW.replace("flow: visit", f"flow: {name}").replace(ANYBODY, f"{{keyword: {name}}}")
        (path / f"{name}.yaml").write_text(text.replace("title:", f"{accounts}title:"))
    (path / "tags.yaml").write_text("tags: [新規]\n")
    return path


@pytest.fixture
def house(house: House) -> House:
    def add(db: Session) -> None:
        for account in ("main", "other", "third"):
            given.an_account(db, house.clock(), account)

    house.store.write(add)
    return house


def publish(browser: Browser) -> tuple[int, list[str]]:
    answer = browser.post("/flows/publish", accept_warnings=True)
    error = (answer.json or {}).get("error", {})
    return answer.status_code, error.get("details", {}).get("flows", [])


def heads(house: House) -> dict[str, str]:
    return dict(house.store.read(flow_versions.heads))


def reword(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_text(file.read_text().replace("こんにちは", text))


def test_a_walled_manager_publishes_what_speaks_for_their_accounts_alone(
    house: House, sign_in: SignIn, folder: Path
) -> None:
    everybodys, walled = sign_in("manager"), sign_in("manager", accounts=("main",))
    stranger = sign_in("manager", accounts=("other", "third"))
    assert publish(walled) == (403, ["_folder", "shared"])
    assert heads(house) == {}
    assert publish(everybodys) == (200, [])

    reword(folder, "own.yaml", "ようこそ")
    assert publish(stranger) == (403, ["own"])
    assert publish(walled) == (200, [])
    published = heads(house)

    (folder / "own.yaml").write_text((folder / "own.yaml").read_text().replace(OWN, ""))
    assert publish(walled) == (403, ["own"]), "from now on it would speak for all"
    (folder / "own.yaml").unlink()
    assert publish(stranger) == (403, ["own"]), "it would be taken from another account"
    reword(folder, "shared.yaml", "やあ")
    assert publish(walled) == (403, ["shared"])
    assert heads(house) == published


def test_what_others_flows_call_is_not_ones_own(
    house: House, sign_in: SignIn, folder: Path
) -> None:
    everybodys, walled = sign_in("manager"), sign_in("manager", accounts=("main",))
    (folder / "shared.yaml").write_text(CALLING)
    assert publish(everybodys) == (200, [])
    before = heads(house)

    reword(folder, "own.yaml", "ようこそ")
    assert publish(walled) == (403, ["own"]), "all accounts meet it by the flow that calls it"
    assert heads(house) == before
    assert publish(everybodys) == (200, [])
    assert walled.post("/flows/own/rollback", number=1).status_code == 403


def test_a_walled_manager_goes_back_only_where_both_versions_are_theirs(
    house: House, sign_in: SignIn, folder: Path
) -> None:
    everybodys, walled = sign_in("manager"), sign_in("manager", accounts=("main",))
    assert publish(everybodys) == (200, [])
    for name in ("own.yaml", "shared.yaml"):
        reword(folder, name, "ようこそ")
    assert publish(everybodys) == (200, [])
    before = heads(house)

    assert walled.post("/flows/shared/rollback", number=1).status_code == 403
    assert heads(house) == before
    assert walled.post("/flows/own/rollback", number=1).status_code == 200
    assert everybodys.post("/flows/shared/rollback", number=1).status_code == 200
