"""A day with strange words in it: none of them, and no secret, is in any log afterwards."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.staff import PASSWORD, add_colleague
from tests.whole.product import Product, serving

WORD = "カナリアの合言葉"
BREAK = """
CREATE TRIGGER broken BEFORE INSERT ON message WHEN NEW.text LIKE '%こわれる%'
BEGIN SELECT RAISE(ABORT, 'sample failure'); END
"""


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with serving(tmp_path) as found:
        yield found


def test_no_log_has_a_customers_word_or_a_secret(product: Product) -> None:
    colleague = add_colleague(product, 1)
    cookie = colleague.cookie.partition("=")[2]
    user = product.sim("friends", {"account": "main", "name": WORD})["user_id"]
    product.sim(f"friends/{user}/follow", {})
    product.sim(f"friends/{user}/say", {"text": f"駐車場はありますか {WORD}"})
    for kind in ("error", "reset_after", "rate"):  # what goes wrong is what is logged
        product.sim("faults", {"kind": kind, "times": 1, "path": "/message/"})
        product.sim(f"friends/{user}/say", {"text": f"{kind} {WORD}"})
        time.sleep(0.5)
    with closing(sqlite3.connect(product.folder / "data" / "madoguchi.db", timeout=20)) as db:
        db.execute(BREAK)
    product.sim(f"friends/{user}/say", {"text": f"こわれる {WORD}"})
    colleague.call("POST", "/session", {"email": f"{WORD}@example.com", "password": WORD})
    tokens = wait_for_calls(product)

    lines = wait_for_lines(product, {"arrival", "delivery"})

    text = (product.folder / "serve.log").read_text()
    secrets = {WORD, user, PASSWORD, "chaos-secret", "chaos-token", colleague.csrf, cookie}
    assert all(secrets)
    assert {secret for secret in secrets | tokens if secret in text} == set()
    assert any(line.get("arrival") and line["error"]["kind"] for line in lines)
    assert all(line["at"].endswith("Z") and line["level"] and line["event"] for line in lines)


def wait_for_calls(product: Product) -> set[str]:
    """The reply tokens that LINE gave and got back."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        bodies = [call["body"] for call in product.sim("log") if call["body"]]
        tokens = {body["replyToken"] for body in bodies if "replyToken" in body}
        if len(tokens) > 3:
            break
        time.sleep(0.2)
    assert len(tokens) > 3
    return tokens


def wait_for_lines(product: Product, names: set[str]) -> list[dict[str, Any]]:
    """Every line but the greeting, once some bear these ids."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        text = (product.folder / "serve.log").read_text()
        lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        if names <= {name for line in lines for name in line}:
            rest = [line for line in text.splitlines() if not line.startswith("{")]
            assert [line.partition(":")[0] for line in rest] == ["Madoguchi"]
            return lines
        time.sleep(0.2)
    raise AssertionError(text)
