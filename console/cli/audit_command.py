"""`madoguchi audit verify`: whether the history is as it was written."""

import argparse
from pathlib import Path
from typing import Any

BROKEN = 1
WHY = {
    "changed": "{at} 行目が、書かれたときの内容と違います。",
    "missing": "{at} 行目があるはずの所に、別の行があります。",
    "cut": "{at} 行目から後ろが、消されたか、書き足されています。",
}


def add(commands: Any) -> None:
    """Put the command into the parser."""
    audit = commands.add_parser("audit", help="操作履歴を確かめる")
    kinds = audit.add_subparsers(required=True, metavar="verify")
    verify = kinds.add_parser(
        "verify", help="操作履歴のつながりを最初からたどり、書きかえられた行がないか確かめる"
    )
    verify.add_argument(
        "--anchor", metavar="HASH", help="前に控えた末尾の値。いまの履歴がそこを通るかも確かめる"
    )
    verify.add_argument(
        "--anchors", metavar="FILE", type=Path,
        help="毎日控えた値のファイル(はじめはデータフォルダーの audit-anchors.txt)",
    )  # fmt: skip
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
        print(f"{file} が、書かれたときの内容と違います: {error}")
        return BROKEN
    with opened(settings) as store:
        found = store.read(lambda db: verify(db, options.anchor, noted))
    if found.broken_at is not None and found.why is not None:
        print(f"操作履歴が壊れています: {WHY[found.why].format(at=found.broken_at)}")
        return BROKEN
    if not found.passed_anchor:
        print("操作履歴は控えた値を通りません。あとから作り直された疑いがあります。")
        return BROKEN
    if found.missed is not None:
        print(f"操作履歴は {file} に控えた {found.missed} 行目の値を通りません。")
        print("あとから作り直されたか、古いバックアップから戻された疑いがあります。")
        return BROKEN
    print(f"操作履歴 {found.rows} 行に、書きかえられた行はありません。")
    print(f"控えた値 {len(noted)} 個をすべて通ります。末尾: {found.head}")
    return 0
