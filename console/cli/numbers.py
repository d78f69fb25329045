"""Numbers as they are typed behind an option."""

import argparse
from collections.abc import Callable

from console.cli.words import either


def counted(most: int) -> Callable[[str], int]:
    """A whole number from 1 to `most`."""

    def read(text: str) -> int:
        is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
        if not is_number or not 1 <= int(text) <= most:
            told = either(f"1から{most}までの数を書きます", f"a number from 1 to {most}")
            raise argparse.ArgumentTypeError(f"{told}: {text}")
        return int(text)

    return read
