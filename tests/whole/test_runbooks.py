"""The runbooks of the README, each gone through on the running product.

A full disk and a clock that jumps are met under traffic in tests/chaos/test_refusals.py; a month
that is used up in tests/storage/test_month_and_rate.py and tests/whole/test_delivery_day.py.
"""

import hmac
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus
from pathlib import Path

import pytest
from sqlalchemy import Select, select
from sqlmodel import col

from console.upkeep import read_upkeep
from storage.models.talks import Message
from storage.models.work import Delivery
from storage.unit import open_store
from tests.whole.conftest import ROOT
from tests.whole.product import PATIENCE_S, Product, serving

KEY = "見本の鍵" * 8
ASKED = "駐車場はありますか"
PAGE_BYTES = 4096
SOON_S = 5.0


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with serving(tmp_path, MADOGUCHI_SECRET_KEY=KEY) as found:
        yield found


def run(product: Product, *words: str, **more: str) -> tuple[int, str]:
    """A command as a manager of the machine types it: its status, and all that it says."""
    done = subprocess.run(
        [sys.executable, "-m", "console", *words], cwd=ROOT, text=True, check=False,
        env={**product.environment(), **more}, capture_output=True,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    return done.returncode, said


def customer(product: Product) -> str:
    user: str = product.sim("friends", {"account": "main", "name": "見本 花子"})["user_id"]
    product.sim(f"friends/{user}/follow", {})
    return user


def is_answered(product: Product, user: str, patience_s: float = PATIENCE_S) -> bool:
    """Whether a question gets an answer in the end."""
    before = len(product.said(user))
    product.sim(f"friends/{user}/say", {"text": ASKED})
    return becomes(lambda: len(product.said(user)) > before, patience_s)


def lets_in(product: Product, secret: str) -> bool:
    """Whether a webhook without events, signed with that secret, is taken."""
    body = b'{"destination": "sample", "events": []}'
    signature = b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()
    webhook = f"http://127.0.0.1:{product.port}/line/main/webhook"
    request = urllib.request.Request(webhook, body, {"X-Line-Signature": signature})
    try:
        urllib.request.urlopen(request, timeout=PATIENCE_S).close()
    except urllib.error.HTTPError as refused:
        if refused.code != HTTPStatus.UNAUTHORIZED:
            raise
        return False
    return True


def becomes(wanted: object, patience_s: float = PATIENCE_S) -> bool:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if wanted():  # type: ignore[operator] # a function of nothing
            return True
        time.sleep(0.1)
    return False


def rejected(product: Product) -> list[str]:
    return read(product, select(col(Delivery.reason)).where(col(Delivery.state) == "rejected"))


def heard(product: Product) -> list[str]:
    return read(product, select(col(Message.text)).where(col(Message.sender) == "customer"))


def read(product: Product, query: Select[tuple[str | None]]) -> list[str]:
    url = f"sqlite:///{product.folder / 'data' / 'madoguchi.db'}"
    with closing(open_store(url)) as store:
        return [found or "" for found in store.read(lambda db: db.scalars(query).all())]


def damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for place in range(2 * PAGE_BYTES, len(content), 3 * PAGE_BYTES):
        content[place : place + 200] = b"\xff" * 200
    file.write_bytes(content)


def test_a_damaged_database_is_named_and_the_newest_backup_takes_its_place(
    product: Product, tmp_path: Path
) -> None:
    user, backup = customer(product), tmp_path / "backup.tar"
    assert is_answered(product, user)
    assert run(product, "backup", str(backup))[0] == 0
    product.kill()
    damage(product.folder / "data" / "madoguchi.db")

    for words in (("doctor", "--offline", "--lang", "en"), ("serve",), ("migrate",)):
        status, said = run(product, *words)
        assert (status in {1, 2}, "restore FILE" in said) == (True, True), said
    status, said = run(product, "restore", str(backup), "--lang", "en")
    assert status == 0, said
    assert "The database that was there is" in said

    product.start()
    assert is_answered(product, user)
    assert "The database's file is whole" in run(product, "doctor", "--offline", "--lang", "en")[1]


def test_a_lost_machine_comes_back_from_what_it_kept_by_itself_and_its_key(
    product: Product, tmp_path: Path
) -> None:
    user, folder = customer(product), tmp_path / "backups"
    assert is_answered(product, user)
    product.kill()
    product.more = {**product.more, "MADOGUCHI_BACKUP_DIR": str(folder)}
    product.start()
    assert becomes(lambda: "backup" in read_upkeep(product.folder / "data"))
    product.kill()
    shutil.rmtree(product.folder / "data")
    [backup] = folder.glob("*.tar")

    status, said = run(
        product, "restore", str(backup), "--lang", "en", MADOGUCHI_SECRET_KEY="別の鍵の見本" * 8
    )
    assert (status, "LINE's tokens cannot be read" in said) == (1, True)
    product.start()
    assert is_answered(product, user)
    assert heard(product).count(ASKED) == 2  # what was said before is there too


def test_a_revoked_token_is_named_and_a_new_one_is_taken_without_a_restart(
    product: Product, tmp_path: Path
) -> None:
    user = customer(product)
    assert is_answered(product, user)
    known = {"id": "main", "secret": "chaos-secret", "token": "new-token"}
    webhook = f"http://127.0.0.1:{product.port}/line/main/webhook"
    product.sim("accounts", {**known, "webhook_url": webhook})

    product.sim(f"friends/{user}/say", {"text": ASKED})
    assert becomes(lambda: rejected(product))
    status, said = run(product, "doctor", "--lang", "en")
    assert (status, "LINE does not accept the token" in said) == (1, True), said
    (tmp_path / "new").write_text("new-token")
    assert run(product, "account", "set", "main", "--token-file", str(tmp_path / "new"))[0] == 0

    assert becomes(lambda: is_answered(product, user, SOON_S))  # the running process has noticed
    before = rejected(product)
    assert is_answered(product, user)
    assert rejected(product) == before
    assert "the token is valid" in run(product, "doctor", "--lang", "en")[1]


def test_a_reissued_secret_is_taken_beside_the_old_one(product: Product, tmp_path: Path) -> None:
    user = customer(product)
    assert is_answered(product, user)
    known = {"id": "main", "secret": "new-secret", "token": "chaos-token"}
    webhook = f"http://127.0.0.1:{product.port}/line/main/webhook"
    product.sim("accounts", {**known, "webhook_url": webhook})
    (tmp_path / "new").write_text("new-secret")

    assert run(product, "account", "secret", "main", "--add-file", str(tmp_path / "new"))[0] == 0

    assert becomes(lambda: lets_in(product, "new-secret"))
    assert lets_in(product, "chaos-secret")
    assert is_answered(product, user)
    assert run(product, "account", "secret", "main", "--retire")[0] == 0
    assert becomes(lambda: not lets_in(product, "chaos-secret"))
    assert is_answered(product, user)


def test_the_readme_names_what_is_gone_through_here() -> None:
    told = (
        (ROOT / "README.md").read_text().split("### When something is wrong")[1].split("\n## ")[0]
    )
    commands = ("madoguchi doctor", "madoguchi restore FILE", "account set ID --token-file F",
                "account secret ID --add-file F", "--retire")  # fmt: skip
    for command in commands:
        assert command in told, command
    assert os.fspath(ROOT) not in told
