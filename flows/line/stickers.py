"""The stickers that a business may send: LINE lists them, and takes no other by its API.

They stand in `stickers.json` beside this file, where the console's picker reads them too: packages
with the first and the last id of their stickers, which follow each other. Packages and titles are
LINE's own, https://developers.line.biz/en/docs/messaging-api/sticker-list/, read 2026-11-27 in a
stored copy. That page has its ids in pictures, so they were held against three public lists of it,
which agree. `words` say what a picture shows, in our own words: of the two sets of pictures of
which one public list names all and another, in another language, agrees wherever it says anything
(seven pictures of each). All others have a number alone.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "stickers.json"


def _read() -> dict[str, range]:
    packages = json.loads(FILE.read_text(encoding="utf-8"))["packages"]
    return {one["id"]: range(one["first"], one["last"] + 1) for one in packages}


SENDABLE = _read()  # package id -> the ids of its stickers


def is_sendable(message: Mapping[str, Any]) -> bool:
    """Whether LINE takes this sticker from a business; both ids are strings of digits."""
    package, sticker = message["packageId"], message["stickerId"]
    return sticker.isdecimal() and int(sticker) in SENDABLE.get(package, ())
