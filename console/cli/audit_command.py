"""`madoguchi audit verify`: whether the history is as it was written."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.words import add_language, helped, tell
from flows.language.sayings.saying import Language

if TYPE_CHECKING:
    from storage.audit import Verdict

BROKEN = 1


def add(commands: Any) -> None:
    """Put the command into the parser."""
    audit = commands.add_parser("audit", help=helped("audit"))
    kinds = audit.add_subparsers(required=True, metavar="verify")
    verify = kinds.add_parser("verify", help=helped("audit.verify"))
    verify.add_argument("--anchor", metavar="HASH", help=helped("audit.anchor"))
    verify.add_argument("--anchors", metavar="FILE", type=Path, help=helped("audit.anchors"))
    add_language(verify)
    verify.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    from bot.audit_anchors import NAME, BadAnchors, read_heads
    from console.cli.open_store import opened
    from console.settings import read_settings
    from storage.audit import verify

    settings = read_settings()
    file = options.anchors or settings.data_dir / NAME
    try:
        noted = read_heads(file)
    except (BadAnchors, UnicodeDecodeError) as error:
        print(tell(options.lang, "audit.bad_file", file=file, error=error))
        return BROKEN
    with opened(settings) as store:
        found = store.read(lambda db: verify(db, options.anchor, noted))
    print(_told(found, file, len(noted), options.lang))
    is_fine = found.broken_at is None and found.passed_anchor and found.missed is None
    return 0 if is_fine else BROKEN


def _told(found: "Verdict", file: Path, noted: int, language: Language) -> str:
    if found.broken_at is not None and found.why is not None:
        why = tell(language, f"audit.{found.why}", at=found.broken_at)
        return tell(language, "audit.broken", why=why)
    if not found.passed_anchor:
        return tell(language, "audit.not_passed")
    if found.missed is not None:
        return tell(language, "audit.missed", file=file, row=found.missed)
    return tell(language, "audit.fine", rows=found.rows, noted=noted, head=found.head)
