"""Colleagues who work through the API while browsers look on: signed in once, as scripts are."""

import http.client
import json
import random
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from tests.whole.conftest import ROOT
from tests.whole.product import Product

PASSWORD = "drei stumme Laternen am Kai"
SOON = "2030-01-01T00:00:00Z"


@dataclass
class Colleague:
    """One operator: the cookie of their browser, and what they may call with it."""

    product: Product
    email: str
    id: str = ""
    cookie: str = ""
    csrf: str = ""

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and answer; 0 when nobody answers, as when the product is being restarted."""
        line = http.client.HTTPConnection("127.0.0.1", self.product.port, timeout=10)
        headers = {
            "Content-Type": "application/json",
            "Origin": f"http://127.0.0.1:{self.product.port}",
            "Cookie": self.cookie,
            "X-CSRF-Token": self.csrf,
        }
        sent = None if body is None else json.dumps(body)
        try:
            line.request(method, f"/api/v1{path}", sent, headers)
            answer = line.getresponse()
            if path == "/session" and method == "POST":
                self.cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException):
            return 0, None
        finally:
            line.close()

    def sign_in(self) -> None:
        status, session = self.call("POST", "/session", {"email": self.email, "password": PASSWORD})
        assert status == 200, session
        self.id, self.csrf = session["operator"]["id"], session["csrf_token"]

    def do_something(self, talk: str, draw: random.Random) -> None:
        """One of the verbs, at the talk as it is now; a refusal is as good as a change."""
        status, detail = self.call("GET", f"/conversations/{talk}")
        if status != 200:
            return
        row, person = detail["conversation"], detail["customer"]["id"]
        at = f"/conversations/{talk}"
        tag = draw.choice(["sample-a", "sample-b"])
        method, path, body = draw.choice(
            [
                ("POST", f"{at}/take", {"epoch": row["epoch"]}),
                ("POST", f"{at}/assign", {"operator_id": None, "epoch": row["epoch"]}),
                ("POST", f"{at}/resolve", {}),
                ("POST", f"{at}/return", {}),
                ("POST", f"{at}/snooze", {"until": SOON}),
                ("POST", f"{at}/seen", {"seq": row["last_seq"]}),
                ("PUT", f"/customers/{person}/tags/{tag}", {}),
                ("DELETE", f"/customers/{person}/tags/{tag}", None),
                ("PATCH", f"/customers/{person}", {"name": f"見本の名 {draw.randrange(1000)}"}),
            ]
        )
        self.call(method, path, body)


def add_colleague(product: Product, number: int) -> Colleague:
    """A supervisor with an account of their own."""
    email, password = f"colleague{number}@example.com", product.folder / "password"
    password.write_text(PASSWORD)
    subprocess.run(
        [sys.executable, "-m", "console", "operator", "add", email, "--name", f"見本 {number}",
         "--role", "supervisor", "--password-file", str(password)],
        cwd=ROOT, env=product.environment(), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    found = Colleague(product, email)
    found.sign_in()
    return found
