"""Secrets and passwords come in files, never as arguments, which other users can see."""

from pathlib import Path

from console.cli.refusals import CannotRun


def read_secret(path: Path) -> str:
    """A secret from a file; one final newline is stripped. Raises CannotRun, OSError."""
    try:
        secret = path.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise CannotRun(f"{path} is no text. Put the secret alone into it, as UTF-8.") from None
    if not secret.strip():
        raise CannotRun(f"{path} is empty. Put the secret alone into it.")
    return secret
