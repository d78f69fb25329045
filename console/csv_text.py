"""Tables as CSV that opens in a spreadsheet as it was meant: Japanese words, and no formulas.

UTF-8 with its mark, every cell in quotes, lines ended as RFC 4180 says. A text that a spreadsheet
would take for a formula gets an apostrophe in front (security: CSV injection). Numbers are written
with a point and without separators; what is not known is empty.
"""

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # wide ones too
Cell = str | int | float | None


def write_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """The whole file as a text."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([[_shown(cell) for cell in row] for row in rows])
    return MARK + out.getvalue()


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return repr(cell) if isinstance(cell, int) else f"{cell:.4f}".rstrip("0").rstrip(".")
