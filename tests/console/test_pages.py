"""The built pages: served compressed to who takes it so, and small enough to begin with."""

import gzip
import re
from typing import Any

from flask import Flask

from console.app import DIST

FIRST_LOAD_KB = 150


def first_files() -> list[str]:
    """What a browser loads before anything can be seen: what the page names, and its words."""
    named = re.findall(r'(?:src|href)="/assets/([^"]+)"', (DIST / "index.html").read_text())
    return [*named, *words_at_first("ja")]


def words_at_first(language: str) -> list[str]:
    """The catalogue of the first screen, and that of the keys."""
    assets = DIST / "assets"
    [first] = assets.glob(f"{language}_first-*.js")
    [keys] = [
        one for one in assets.glob(f"words_{language}-*.js") if "remap.fixed" in one.read_text()
    ]
    return [first.name, keys.name]


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

    assert len(files) >= 4
    assert sum(sizes.values()) < FIRST_LOAD_KB * 1024, sizes


def test_one_language_is_loaded_and_not_the_other(app: Flask) -> None:
    english = words_at_first("en")
    scripts = [name for name in first_files() if name.endswith(".js")]

    assert not {*english} & {*scripts}
    for name in scripts:
        assert "Mark as done" not in (DIST / "assets" / name).read_text(), name
