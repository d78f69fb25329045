"""The built pages: served compressed to who takes it so, and small enough to begin with."""

import gzip
import re
from typing import Any

from flask import Flask

from console.app import DIST

FIRST_LOAD_KB = 150


def first_files() -> list[str]:
    """What a browser loads before anything can be seen."""
    return re.findall(r'(?:src|href)="/assets/([^"]+)"', (DIST / "index.html").read_text())


def test_a_script_goes_compressed_to_who_takes_it_so_and_plain_to_others(app: Flask) -> None:
    client = app.test_client()
    script = next(name for name in first_files() if name.endswith(".js"))

    def get(wanted: str) -> Any:
        answer = client.get(f"/assets/{script}", headers={"Accept-Encoding": wanted})
        assert answer.data  # reads the file to its end, which closes it
        answer.close()
        return answer

    packed, plain, refused = get("gzip, br"), get(""), get("gzip;q=0")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == refused.data
    assert not {"Content-Encoding"} & {*plain.headers.keys(), *refused.headers.keys()}
    for answer in (packed, plain):
        assert answer.mimetype == "text/javascript"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "immutable" in answer.headers["Cache-Control"]


def test_the_first_load_stays_small(app: Flask) -> None:
    files = first_files()
    sizes = {name: len((DIST / "assets" / f"{name}.gz").read_bytes()) for name in files}

    assert len(files) >= 2
    assert sum(sizes.values()) < FIRST_LOAD_KB * 1024, sizes
