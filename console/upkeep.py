"""When this install was last looked after: a small file beside the data.

Not in the database, because it has to be told when the database cannot be opened, and must not
become older by being restored.
"""

import json
import os
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

Deed = Literal["backup", "restore_test"]
DEEDS: tuple[Deed, ...] = ("backup", "restore_test")
OLD_AFTER: Mapping[Deed, timedelta] = {
    "backup": timedelta(days=2),
    "restore_test": timedelta(days=8),
}
REDELIVERY = "redelivery"


def note_upkeep(data_dir: Path, deed: Deed, now: datetime) -> None:
    """Keep that it was done."""
    _write(data_dir, {deed: now.isoformat()})


def read_upkeep(data_dir: Path) -> Mapping[Deed, datetime]:
    """What was ever done, and when last. A file that cannot be read says nothing."""
    kept = _read(data_dir)
    try:
        return {deed: datetime.fromisoformat(kept[deed]) for deed in DEEDS if deed in kept}
    except (ValueError, TypeError):
        return {}


def is_old(deed: Deed, at: datetime | None, now: datetime) -> bool:
    """Whether somebody should see to it; what was never done is as old as can be."""
    return at is None or now - at > OLD_AFTER[deed]


def confirm_redelivery(data_dir: Path, account: str) -> None:
    """A person has seen that LINE delivers this account's events again."""
    _write(data_dir, {REDELIVERY: sorted({*read_confirmed(data_dir), account})})


def read_confirmed(data_dir: Path) -> frozenset[str]:
    """The accounts of which somebody has said so."""
    kept = _read(data_dir).get(REDELIVERY)
    return frozenset(map(str, kept)) if isinstance(kept, list) else frozenset()


def _read(data_dir: Path) -> dict[str, Any]:
    try:
        kept = json.loads(_file(data_dir).read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write(data_dir: Path, news: Mapping[str, object]) -> None:
    """The file is there whole, or as it was before."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = _file(data_dir)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    draft.write_text(json.dumps({**_read(data_dir), **news}))
    os.replace(draft, path)


def _file(data_dir: Path) -> Path:
    return data_dir / "upkeep.json"
