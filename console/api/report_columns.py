"""Which figures a report has, by what its rows are; and what they are called in a file."""

from collections.abc import Mapping, Sequence

from storage.report_figures import TIMES, By, Figures

ALL = (
    "talks", "received", "bot", "staff", "helped", "handed", "reply", "opened", "handled",
    "resolved", "reopened", "bot_only", "free", "push",
)  # fmt: skip
COLUMNS: Mapping[By | None, Sequence[str]] = {
    None: ALL,
    "day": ALL,
    "hour": ALL,
    "account": ALL,
    "tag": ALL,
    "operator": (
        "talks", "staff", "helped", "reply", "opened", "handled", "resolved", "free", "push"
    ),
    "flow": (
        "talks", "bot", "helped", "handed", "reply", "opened", "handled", "resolved", "free", "push"
    ),
    "queue": (
        "talks", "helped", "handed", "reply", "opened", "handled", "resolved", "reopened"
    ),
}  # fmt: skip

NAMES: Mapping[str, tuple[str, str]] = {
    "day": ("日", "Day"),
    "hour": ("時間帯", "Hour"),
    "account": ("アカウント", "Account"),
    "tag": ("タグ", "Tag"),
    "operator": ("担当者", "Assignee"),
    "flow": ("フロー", "Flow"),
    "queue": ("受付先", "Queue"),
    "talks": ("会話数", "Conversations"),
    "received": ("受信", "Messages in"),
    "bot": ("ボットの送信", "Messages of the bot"),
    "staff": ("スタッフの送信", "Messages of staff"),
    "helped": ("有人対応", "Human help"),
    "handed": ("ボット→有人", "Bot to human"),
    "reply": ("初回返信までの時間", "First response"),
    "opened": ("初回返信までの時間(応答時間内)", "First response (business hours)"),
    "handled": ("平均対応時間", "Handle time"),
    "resolved": ("対応済み", "Done"),
    "reopened": ("再開", "Reopened"),
    "bot_only": ("ボットのみ", "Bot only"),
    "free": ("無料送信", "Free sends"),
    "push": ("プッシュ送信", "Push sends"),
    "count": ("件数", "Count"),
    "mean_s": ("平均(秒)", "mean (s)"),
    "median_s": ("中央値(秒)", "median (s)"),
    "p90_s": ("90パーセンタイル(秒)", "90th percentile (s)"),
    "question": ("質問", "Question"),
    "value": ("回答", "Answer"),
    "average": ("平均", "Average"),
    "other": ("(選択肢以外)", "(none of the choices)"),
    "whole": ("合計", "Total"),
}
OF_TIMES = ("count", "mean_s", "median_s", "p90_s")


def name_of(key: str, language: str) -> str:
    """What a figure is called."""
    ja, en = NAMES[key]
    return en if language == "en" else ja


def head_of(columns: Sequence[str], language: str) -> list[str]:
    """The first line of a file: one column for each figure, several for each length of time."""
    heads = []
    for column in columns:
        name = name_of(column, language)
        if column in TIMES:
            heads += [f"{name} {name_of(part, language)}" for part in OF_TIMES]
        else:
            heads.append(name)
    return heads


def cells_of(row: Figures, columns: Sequence[str]) -> list[int | None]:
    """The figures of one row, in the order of the heads."""
    cells: list[int | None] = []
    for column in columns:
        if column in TIMES:
            times = row.times.get(column)
            cells += [getattr(times, part) if times is not None else None for part in OF_TIMES]
        else:
            cells.append(count_of(row, column))
    return cells


def count_of(row: Figures, column: str) -> int | None:
    """A figure that is a number."""
    match column:
        case "talks":
            return row.talks
        case "bot_only":
            return row.bot_only
        case _:
            return row.counts[column]
