"""When this install was last backed up and its backups last tried: a small file beside the data.

Not in the database, because it has to be told when the database cannot be opened, and must not
become older by being restored.
"""

import json
import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

Deed = Literal["backup", "restore_test"]
DEEDS: tuple[Deed, ...] = ("backup", "restore_test")


def note_upkeep(data_dir: Path, deed: Deed, now: datetime) -> None:
    """Keep that it was done; the file is there whole or as it was before."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = _file(data_dir)
    done = {one: at.isoformat() for one, at in read_upkeep(data_dir).items()}
    draft = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    draft.write_text(json.dumps({**done, deed: now.isoformat()}))
    os.replace(draft, path)


def read_upkeep(data_dir: Path) -> Mapping[Deed, datetime]:
    """What was ever done, and when last. A file that cannot be read says nothing."""
    try:
        kept = json.loads(_file(data_dir).read_text())
        return {deed: datetime.fromisoformat(kept[deed]) for deed in DEEDS if deed in kept}
    except (OSError, ValueError, TypeError):
        return {}


def _file(data_dir: Path) -> Path:
    return data_dir / "upkeep.json"
