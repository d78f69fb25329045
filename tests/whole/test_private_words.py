"""What staff write for each other never leaves for LINE, nor stands on a page of customers."""

import json
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.chaos.staff import Colleague, add_colleague
from tests.whole.conftest import ROOT
from tests.whole.product import PATIENCE_S, Product, serving

WORD = "内輪の合言葉"
SAID = "見本のご返信です"
DRAFT = {"device": "d1"}


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with serving(tmp_path, MADOGUCHI_FLOWS_DIR=str(always_open(tmp_path))) as found:
        yield found


def always_open(tmp_path: Path) -> Path:
    """The managers' files, of a shop that never closes."""
    folder = tmp_path / "flows"
    shutil.copytree(ROOT / "flows", folder, ignore=shutil.ignore_patterns("*.py"))
    hours = "timezone: Asia/Tokyo\nweekly: {mon-sun: 00:00-24:00}\n"
    (folder / "calendars/main.yaml").write_text(hours)
    return folder


def test_no_word_among_staff_reaches_a_customer(product: Product) -> None:
    colleague, leader = add_colleague(product, 1), add_colleague(product, 2)
    user = product.sim("friends", {"account": "main", "name": "見本 花子"})["user_id"]
    product.sim(f"friends/{user}/follow", {})
    product.sim(f"friends/{user}/say", {"text": "スタッフと話したい"})
    talk = waited_for(lambda: first_talk(colleague))

    write_among_staff(colleague, leader, talk)
    answer(colleague, talk)
    product.sim(f"friends/{user}/say", {"text": "駐車場はありますか"})
    waited_for(lambda: SAID in product.said(user))
    waited_for(lambda: len(product.said(user)) > 3)

    seen = json.dumps(
        colleague.call("GET", f"/conversations/{talk['id']}/whole")[1], ensure_ascii=False
    )
    assert seen.count(WORD) >= 4  # they are there, for those whom they are for
    sent = json.dumps(product.sim("log"), ensure_ascii=False)
    assert SAID in sent
    assert WORD not in sent
    assert WORD not in json.dumps(product.sim(f"friends/{user}/screen"), ensure_ascii=False)


def write_among_staff(colleague: Colleague, leader: Colleague, talk: dict[str, Any]) -> None:
    """Notes, drafts of both kinds, a whisper, a tag, and an answer that is planned for later."""
    at, person = f"/conversations/{talk['id']}", talk["customer_id"]
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    row = colleague.call("GET", at)[1]["conversation"]
    done = [
        colleague.call("POST", f"{at}/take", {"epoch": row["epoch"]}),
        colleague.call("POST", f"{at}/notes", {"client_note_id": "n1", "text": f"{WORD} 1"}),
        colleague.call("PUT", f"{at}/draft", DRAFT | {"kind": "reply", "text": f"{WORD} 2"}),
        colleague.call("PUT", f"{at}/draft", DRAFT | {"kind": "note", "text": f"{WORD} 3"}),
        leader.call("POST", f"{at}/whispers", {"client_note_id": "w1", "text": f"{WORD} 4"}),
        colleague.call("PUT", f"/customers/{person}/tags/{quote(WORD)}", {}),
        colleague.call(
            "POST", f"{at}/scheduled",
            {"client_msg_id": "s1", "text": WORD, "send_at": later},
        ),
    ]  # fmt: skip
    assert [status for status, _ in done if status not in {200, 201}] == [], done


def answer(colleague: Colleague, talk: dict[str, Any]) -> None:
    at = f"/conversations/{talk['id']}"
    seq = colleague.call("GET", at)[1]["conversation"]["last_seq"]
    body = {"client_msg_id": "m1", "text": SAID, "seen_seq": seq}
    assert colleague.call("POST", f"{at}/messages", body)[0] == 201
    assert colleague.call("POST", f"{at}/return", {})[0] == 200


def first_talk(colleague: Colleague) -> dict[str, Any] | None:
    _, page = colleague.call("GET", "/conversations?view=all")
    found: list[dict[str, Any]] = [one for one in page["items"] if one["status"] == "waiting"]
    return found[0] if found else None


def waited_for(find: Any) -> Any:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if found := find():
            return found
        time.sleep(0.2)
    raise AssertionError("it did not come")
