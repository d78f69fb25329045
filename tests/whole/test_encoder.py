"""The product as it is served, with an encoder: asked, out of reach, and asked again."""

import time
import urllib.request
from pathlib import Path

from tests.bot.embeddings import serving as embedding
from tests.whole.product import PATIENCE_S, Product, serving

ASKED = "チルドレンのプライス"
MEANT = "キッズカットは小学生まで3,300円"


def answer_to(product: Product, text: str) -> str:
    """What a new friend is told."""
    user = product.sim("friends", {"account": "main", "name": "見本"})["user_id"]
    product.sim(f"friends/{user}/say", {"text": text})
    deadline = time.monotonic() + PATIENCE_S
    while not product.said(user):
        assert time.monotonic() < deadline, text
        time.sleep(0.05)
    return product.said(user)[0]


def metric(product: Product, outcome: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{product.port}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    name = f'madoguchi_encoder_questions_total{{outcome="{outcome}"}} '
    return next(int(line.removeprefix(name)) for line in lines if line.startswith(name))


def until_ready(product: Product, starts: int) -> None:
    """Until the vectors of all that the FAQ asks are there, once for each start."""
    deadline = time.monotonic() + PATIENCE_S
    while (product.folder / "serve.log").read_text().count("the FAQ has") < starts:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_served_with_an_encoder_it_answers_what_is_meant(tmp_path: Path) -> None:
    with embedding() as embeddings:
        settings = {
            "MADOGUCHI_ENCODER_URL": embeddings.url,
            "MADOGUCHI_ENCODER_MODEL": "sample",
            "MADOGUCHI_ENCODER_TIMEOUT_MS": "1500",
            "MADOGUCHI_PRIVATE_HOSTS": "127.0.0.1",
        }
        with serving(tmp_path, **settings) as product:
            until_ready(product, 1)
            assert MEANT in answer_to(product, ASKED)
            sent = len(embeddings.inputs)
            embeddings.status = 503
            assert MEANT in answer_to(product, ASKED)  # it is remembered
            assert MEANT not in answer_to(product, "チルドレンのプライスは")
            counted = {outcome: metric(product, outcome) for outcome in COUNTED}

            embeddings.status = 200
            product.kill()
            product.start()
            until_ready(product, 2)
            assert MEANT in answer_to(product, ASKED)
            after = embeddings.inputs[sent:]

    assert counted == COUNTED
    assert after == [["チルドレンのプライスは"], [ASKED]]  # what was encoded once is kept


COUNTED = {"encoded": 1, "remembered": 1, "failed": 1}
