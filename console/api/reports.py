"""Reports: the figures of a period, the talks behind each, and both as files.

All of it is read beside the hub: counting a busy year takes longer than a socket should wait.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from console.api.periods import days_of, read_period
from console.api.report_columns import COLUMNS, cells_of, count_of, head_of, name_of
from console.api.report_labels import labels_of
from console.api.satisfaction import answer_lines
from console.csv_text import Cell, write_csv
from console.door import Asker, House, Row
from console.watch_bodies import ReportFile
from storage import report_figures, report_talks, rows
from storage.audit import Deed, by_operator, note
from storage.report_figures import BYS, TIMES, By, Figures, Period
from storage.report_keeping import lag
from storage.report_talks import FIGURES
from storage.report_talks import Cell as FigureCell

HOURS = tuple(f"{hour:02}" for hour in range(24))


def table(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """A period as a whole, and by day, hour, operator, tag, flow, queue or account."""
    zone, now = house.settings.timezone, house.clock()
    period, by = read_period(query, zone, now), _by(query.get("by", "day"))

    def read(db: Session) -> Row:
        found = _rows(db, asker, period, by)
        labels = labels_of(db, by, [row.key for row in found])
        behind = lag(db, asker.scope.allows)
        return {
            "by": by,
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
            "zone": zone,
            "columns": list(COLUMNS[by]),
            "whole": _row(report_figures.count_whole(db, asker.scope, period), "", COLUMNS[None]),
            "items": [_row(row, labels[row.key], COLUMNS[by]) for row in found],
            "next": None,
            "lag": asdict(behind),
            "time": rows.moment(now),
        }

    row: Row = house.beside(lambda: house.store.read(read))
    return row


def list_talks(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """The talks behind one figure: of the whole, or with `by` and `key` of one row."""
    period = read_period(query, house.settings.timezone, house.clock())
    by = _by(query["by"]) if "by" in query else None
    figure = next((one for one in FIGURES if one == query.get("figure", "talks")), None)
    if figure is None or figure not in COLUMNS[by]:
        raise ValueError(f"figure is one of {', '.join(COLUMNS[by])}")
    cell = FigureCell(figure, by, query.get("key", "") if by is not None else "")

    def read(db: Session) -> Row:
        found, after = report_talks.behind(db, asker.scope, period, cell, query.get("after"))
        return {"items": [asdict(one) for one in found], "next": after}

    row: Row = house.beside(lambda: house.store.read(read))
    return row


def make_file(house: House, asker: Asker, body: ReportFile) -> Row:
    """A table as CSV, in the reader's language; it leaves the house, so the history has it."""
    given = {"from": body.since.isoformat(), "to": body.to.isoformat(), "account": body.account}
    period = read_period(given, house.settings.timezone, house.clock())
    by: By | None = next((one for one in BYS if one == body.by), None)

    def read(db: Session) -> list[Sequence[Cell]]:
        if by is None:
            return answer_lines(db, house, asker, period)
        return _lines(db, asker, period, by)

    lines = house.beside(lambda: house.store.read(read))
    params = {"by": body.by, "from": given["from"], "to": given["to"]}
    deed = Deed(
        "report_exported", by_operator(asker.operator), address=asker.address, params=params
    )
    house.store.write(lambda db: note(db, deed, house.clock()))
    name = f"madoguchi-{body.by}-{given['from']}-{given['to']}.csv"
    return {"name": name, "text": write_csv(lines)}


def _lines(db: Session, asker: Asker, period: Period, by: By) -> list[Sequence[Cell]]:
    language, columns = asker.language, COLUMNS[by]
    found = _rows(db, asker, period, by)
    labels = labels_of(db, by, [row.key for row in found])
    whole = report_figures.count_whole(db, asker.scope, period)
    return [
        [name_of(by, language), *head_of(columns, language)],
        *([labels[row.key], *cells_of(row, columns)] for row in found),
        [name_of("whole", language), *cells_of(whole, columns)],
    ]


def _by(text: str) -> By:
    by = next((one for one in BYS if one == text), None)
    if by is None:
        raise ValueError(f"by is one of {', '.join(BYS)}")
    return by


def _rows(db: Session, asker: Asker, period: Period, by: By) -> list[Figures]:
    """Days and hours in which nothing happened are rows too."""
    found = {row.key: row for row in report_figures.count_by(db, asker.scope, period, by)}
    if by == "day":
        return [found.get(d, Figures(d)) for d in (day.isoformat() for day in days_of(period))]
    if by == "hour":
        return [found.get(hour, Figures(hour)) for hour in HOURS]
    return sorted(found.values(), key=lambda row: (-row.talks, -row.counts["helped"], row.key))


def _row(row: Figures, label: str, columns: Sequence[str]) -> Row:
    """A figure that rows of this kind do not have is left out."""
    counts: dict[str, Any] = {c: count_of(row, c) for c in columns if c not in TIMES}
    times = {c: asdict(row.times[c]) if c in row.times else None for c in columns if c in TIMES}
    return {"key": row.key, "label": label, "counts": counts, "times": times}
