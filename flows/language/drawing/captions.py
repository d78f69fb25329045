"""What a step says of itself in a picture: its own words, shortened by whoever draws."""

from collections.abc import Mapping
from datetime import timedelta
from typing import assert_never

from flows.language.condition_text import condition_text
from flows.language.grammar.parts import Effects, Trigger, Words
from flows.language.grammar.shapes import (
    Ask,
    Body,
    Call,
    End,
    Faq,
    Goto,
    Handoff,
    If,
    Loop,
    Nothing,
    Random,
    Say,
    Start,
    Step,
    Switch,
    Wait,
    WaitFor,
)
from flows.language.templates import Template

TRIGGERS: Mapping[str, str] = {
    "follow": "友だち追加",
    "message": "ほかが受け取らない文",
    "off_hours": "営業時間外の文",
    "manual": "スタッフが手で",
    "postback": "メニュー",
    "tag_added": "タグ",
    "url_click": "リンク",
    "qr": "QR",
    "event": "出来事",
    "schedule": "予定の時刻",
}
DAY, HOUR, MINUTE = 86400, 3600, 60


def caption(step: Step) -> str:
    """The step in its own words."""
    text = _of_body(step.body)
    return text or effects_text(step.effects) or "次へ"


def trigger_text(trigger: Trigger) -> str:
    """What starts a flow, or what is waited for."""
    names = "・".join(text.text for text in trigger.texts)
    if trigger.kind == "keyword":
        return f"「{names}」"
    return f"{TRIGGERS[trigger.kind]} {names}".strip()


def effects_text(effects: Effects) -> str:
    """What is done, in the order in which it is done."""
    parts = [f"タグ: {tag.text}" for tag in effects.tag]
    parts += [f"タグを外す: {tag.text}" for tag in effects.untag]
    parts += [f"記入: {setting.path.text}" for setting in effects.set]
    parts += [f"加算: {adding.path.text}" for adding in effects.add]
    parts += [f"通知: {notice.to.text}" for notice in effects.notify]
    return "、".join(parts)


def words_text(words: Words) -> str:
    """A text with its holes as they are written."""
    return template_text(words.template).strip()


def bubble_text(words: Words) -> str:
    """One bubble of a `say`."""
    if words.flex is not None:
        return f"カード: {words_text(words)}"
    return "画像" if words.is_image else words_text(words)


def length_text(length: timedelta) -> str:
    """1日12時間, 30分."""
    seconds = int(length.total_seconds())
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, HOUR)
    parts = [(days, "日"), (hours, "時間"), (rest // MINUTE, "分")]
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0分"


def template_text(template: Template) -> str:
    """A template as it is written, without its filters."""
    return "".join(
        part if isinstance(part, str) else f"{{{{{part.path}}}}}" for part in template.parts
    )


def _of_body(body: Body) -> str:
    match body:
        case Say():
            return " / ".join(bubble_text(words) for words in body.bubbles)
        case Ask():
            return words_text(body.text)
        case Handoff():
            return words_text(body.text) or "スタッフにつなぐ"
        case Faq():
            return "よくある質問で調べる"
        case Call() | Start() | End():
            return _elsewhere(body)
        case Wait() | WaitFor():
            return _wait_text(body) if isinstance(body, Wait) else _awaited(body)
        case Goto() | Nothing():
            return ""
        case _:
            return _choosing(body)


def _choosing(body: Switch | If | Random | Loop) -> str:
    match body:
        case Switch():
            return "お客様の言葉で分かれる" if body.is_message else "条件で分かれる"
        case If():
            return f"{condition_text(body.when.condition)} ?"
        case Random():
            return "くじで分かれる"
        case Loop():
            return f"くり返す: {body.source.text if body.source else '・'.join(body.over)}"
        case _:
            assert_never(body)


def _elsewhere(body: Call | Start | End) -> str:
    match body:
        case Call():
            return f"{body.flow.text} を呼ぶ"
        case Start():
            return f"{body.flow.text} を始める"
        case End():
            return f"終わり: {body.name.text}"


def _awaited(body: WaitFor) -> str:
    return f"{trigger_text(body.trigger)} を待つ"


def _wait_text(wait: Wait) -> str:
    at = f" {wait.at:%H:%M}" if wait.at is not None else ""
    if wait.length is not None:
        return f"{length_text(wait.length)}待つ"
    if wait.day is not None:
        return f"{wait.day}日目{at}まで待つ"
    name = wait.until.text if wait.until is not None else ""
    before = f" の{length_text(wait.before)}前" if wait.before else ""
    return f"{name}{before}{at}まで待つ"
