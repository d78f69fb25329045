"""`madoguchi backup`, `restore`, `restore-test`: so that nothing is lost with a disk."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.words import add_language, helped, tell

if TYPE_CHECKING:
    from console.cli.verifying import Restored
    from flows.language.sayings.saying import Language

WRONG_KEY = 1
MEGABYTE = 1_000_000


def add(commands: Any) -> None:
    """Put the commands into the parser."""
    backup = commands.add_parser("backup", help=helped("backup"))
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.add_argument("--without-media", action="store_true", help=helped("backup.without_media"))
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help=helped("restore"))
    test = commands.add_parser("restore-test", help=helped("restore_test"))
    for parser, run in ((restore, _restore), (test, _restore_test)):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.set_defaults(run=run)
    for parser in (backup, restore, test):
        add_language(parser)


def _backup(options: argparse.Namespace) -> int:
    from console.cli.backing_up import back_up
    from console.settings import read_settings

    settings, language = read_settings(), options.lang
    made = back_up(
        settings, options.file.absolute(), language, with_media=not options.without_media
    )
    size = f"{made.size_bytes / MEGABYTE:.1f}"
    media = _count(made.media, language)
    print(tell(language, "backup.done", file=options.file, rows=made.rows, media=media, size=size))
    key = "MADOGUCHI_SECRET_KEY" if settings.secret_key else settings.data_dir / "secret.key"
    print(tell(language, "backup.key", key=key))
    return 0


def _restore(options: argparse.Namespace) -> int:
    from console.cli.restoring import restore
    from console.settings import read_settings

    done = restore(read_settings(), options.file.absolute(), options.lang)
    status = _tell(done, "restore.done", options.lang)
    if done.before is not None:
        print(tell(options.lang, "restore.before", before=done.before))
    print(tell(options.lang, "restore.between"))
    return status


def _restore_test(options: argparse.Namespace) -> int:
    from console.cli.restoring import restore_test
    from console.settings import read_settings

    done = restore_test(read_settings(), options.file.absolute(), options.lang)
    return _tell(done, "restore.tested", options.lang)


def _tell(done: "Restored", key: str, language: "Language") -> int:
    media = _count(done.media, language)
    print(tell(language, key, made_at=done.made_at, rows=done.rows, media=media))
    if done.in_doubt:
        print(tell(language, "restore.in_doubt", count=done.in_doubt))
    if done.aside:
        print(tell(language, "restore.aside", count=done.aside))
    if done.is_key_right:
        return 0
    print(tell(language, "restore.wrong_key"))
    return WRONG_KEY


def _count(media: int | None, language: "Language") -> str:
    return tell(language, "backup.without_media") if media is None else str(media)
