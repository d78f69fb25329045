"""What the commands print, in Japanese and English, and how one of the two is chosen.

`--lang` says it for one command, `MADOGUCHI_LANGUAGE` for all of them and for their `--help`;
Japanese where nobody says. What goes wrong with a setting, a file or the database is told in
English, like the log.
"""

import argparse
import os
from collections.abc import Mapping
from string import Template

from console.cli.doctor.line_words import LINE_WORDS
from console.cli.doctor.words import DOCTOR_WORDS
from console.cli.help_words import HELP_WORDS
from console.cli.house_words import HOUSE_WORDS
from console.cli.upkeep_words import UPKEEP_WORDS
from flows.language.sayings.saying import LANGUAGES, Language, Pair

VARIABLE = "MADOGUCHI_LANGUAGE"


def add_language(parser: argparse.ArgumentParser) -> None:
    """The option that chooses; `tell` wants its value."""
    parser.add_argument(
        "--lang",
        type=_language,
        default=os.environ.get(VARIABLE) or LANGUAGES[0],
        metavar="|".join(LANGUAGES),
        help=helped("lang"),
    )


def either(japanese: str, english: str) -> str:
    """Of one line the one that the variable names."""
    return english if os.environ.get(VARIABLE) == "en" else japanese


def helped(key: str) -> str:
    """What `--help` says, in the language that the variable names: `--lang` is read too late."""
    return either(*HELP_WORDS[key])


def tell(language: Language, key: str, /, **params: object) -> str:
    """One line of what a command prints."""
    return Template(WORDS[key][LANGUAGES.index(language)]).substitute(params)


def _language(text: str) -> Language:
    found = next((language for language in LANGUAGES if language == text), None)
    if found is None:
        raise argparse.ArgumentTypeError(f"ja or en, not {text!r} (--lang or {VARIABLE})")
    return found


WORDS: Mapping[str, Pair] = {
    **DOCTOR_WORDS,
    **HOUSE_WORDS,
    **LINE_WORDS,
    **UPKEEP_WORDS,
    "between": ("、", ", "),
    "none": ("–", "–"),
    "no_folder": (
        "$path がありません。フローのフォルダーを指定してください。",
        "$path is not there. Name the folder of the flows.",
    ),
    # check, test, explore
    "checked": (
        "エラー $errors・警告 $warnings・お知らせ $notes",
        "Errors $errors, warnings $warnings, notes $notes",
    ),
    "tested": (
        "会話のテスト: 成功 $passed・失敗 $failed",
        "Tests of talks: $passed passed, $failed failed",
    ),
    "covered": (
        "$flow: $count本の道のうち$taken本を通りました",
        "$flow: $taken of $count ways were taken",
    ),
    "missed": ("    通っていない道: $way", "    not taken: $way"),
    "cut_off": (
        "$flow: 大きいので、途中まで歩きました",
        "$flow: too large to be walked to its ends",
    ),
    "explored": (
        "歩いたフロー $count・問題のあるフロー $failed",
        "Flows walked $count, with problems $failed",
    ),
    # publish, rollback, versions
    "publish.mend_first": ("直してからもう一度どうぞ。", "Mend these first."),
    "publish.red": (
        "会話のテストが失敗しています。`madoguchi flows test` で確かめてください。",
        "A test of a talk fails; see `madoguchi flows test`.",
    ),
    "publish.say_yes": ("--yes を付けると公開します。", "With --yes it is published all the same."),
    "publish.done": ("公開しました: $changed", "Published: $changed"),
    "publish.shared": ("共通のファイル", "shared files"),
    "publish.no_change": ("変更はありません", "nothing has changed"),
    "publish.refused": ("公開しませんでした。$hint", "Nothing was published. $hint"),
    "dry_run": ("--dry-run なので、何も変えていません。", "With --dry-run nothing is changed."),
    "middle": (
        "$flow: $count人が前の版の途中です",
        "$flow: $count in the middle of an older version",
    ),
    "middle.fate": ("  $count人: $fate", "  $count: $fate"),
    "middle.why": ("    $count人: $why", "    $count: $why"),
    "fate.same": (
        "文だけの変更なので、同じところから新しい版で続けます",
        "only texts change, so they go on at the same place in the new version",
    ),
    "fate.move": (
        "同じところから新しい版で続けます",
        "they go on at the same place in the new version",
    ),
    "fate.enter": (
        "新しい版の決めたところから続けます",
        "they go on where the new version says",
    ),
    "fate.restart": (
        "新しい版で初めからやり直します",
        "they begin again in the new version",
    ),
    "fate.stop": (
        "ここで終わりにします(質問の途中の方には一言お伝えします)",
        "it ends here (who is being asked something is told so)",
    ),
    "fate.stay": ("前の版で最後まで進みます", "they finish on the older version"),
    "rollback.note": ("v$number に戻す", "back to v$number"),
    "rollback.unreadable": (
        "v$number は読めないため、戻せません。$error",
        "v$number cannot be read, so nobody can go back to it. $error",
    ),
    "rollback.done": (
        "$flow を v$number に戻しました。ファイルは変えていません。",
        "$flow is back at v$number. No file was changed.",
    ),
    "rollback.never": (
        "フロー「$flow」は公開されたことがありません。",
        "The flow “$flow” was never published.",
    ),
    "rollback.none_before": (
        "「$flow」に、戻せる前の版がありません。"
        "`madoguchi flows versions` に公開の記録があります。",
        "“$flow” has no older version to go back to; see `madoguchi flows versions`.",
    ),
    "rollback.no_such": (
        "「$flow」に、戻せるv$number がありません。"
        "`madoguchi flows versions` に公開の記録があります。",
        "“$flow” has no v$number to go back to; see `madoguchi flows versions`.",
    ),
    "versions.withdrawn": ("取り下げ", "withdrawn"),
    "versions.running": ("途中$count人", "$count in the middle"),
    "versions.head": ("途中$count人・公開中", "$count in the middle, published"),
    # replay, record
    "group.same": ("同じ", "the same"),
    "group.other_text": ("文が変わる", "other texts"),
    "group.other_tags": (
        "タグ・記録・知らせる先が変わる",
        "other tags, fields, or notices",
    ),
    "group.other_end": ("終わり方が変わる", "another end"),
    "group.not_accepted": (
        "答えが受け付けられなくなる",
        "an answer is not accepted any more",
    ),
    "group.diverged": ("途中から別の道に進む", "goes another way"),
    "account.unknown": (
        "$unknown というアカウントはありません。あるのは $known です。",
        "There is no account $unknown. There is $known.",
    ),
    "group.unknown": ("わからない", "not known"),
    "replayed": (
        "実際の会話 $count件を、もう一度動かしました。",
        "Real talks done again: $count.",
    ),
    "replayed.flow": ("$flow: $count件", "$flow: $count"),
    "replayed.group": ("  $group: $count件", "  $group: $count"),
    "replayed.unknown": (
        "変わったところより後の返事 $count件は、どうなるかわからないので数えていません。",
        "Answers after a change: $count. What would become of them is not known.",
    ),
    "replayed.where": ("$turn番目のやりとり・手順 $step", "turn $turn, step $step"),
    "replayed.example": (
        "例 $flow $group $where(run $run)",
        "Example $flow: $group $where (run $run)",
    ),
    "record.unreadable": (
        "この会話の記録は、この版では読めません。$error",
        "The record of this talk cannot be read by this version. $error",
    ),
    "record.no_talk": (
        "会話「$talk」はありません。画面のアドレス /talks/… の … を書いてください。",
        "There is no talk “$talk”. Write the … of the address /talks/… that the console shows.",
    ),
    "record.none": (
        "この会話には、フローの記録がありません。",
        "There is no record of a flow in this talk.",
    ),
    "record.written": ("$file に書きました。", "Written to $file."),
    "record.kept": (
        "道を選ぶ言葉のため、そのまま残しました。確かめてください: $text",
        "Kept as it is, because a flow looks into it; have a look: $text",
    ),
    "record.strays": (
        "個人情報を伏せると別の道に進むところがあります。確かめてください。",
        "Without the personal data it goes another way somewhere; have a look.",
    ),
    # evaluate, learn
    "faq.none": ("FAQ「$names」が $path にありません。", "There is no FAQ “$names” in $path."),
    "faq.asked": (
        "質問 $count件(うち、答えのないはずの質問 $strangers件)",
        "Questions $count (of them without an answer $strangers)",
    ),
    "faq.letters": ("文字だけ", "letters alone"),
    "faq.columns": ("左から: $columns", "From the left: $columns"),
    "faq.no_encoder": (
        "エンコーダーの設定がありません。MADOGUCHI_ENCODER_URL を設定してください。",
        "No encoder is set up. Set MADOGUCHI_ENCODER_URL.",
    ),
    "faq.no_numpy": (
        "エンコーダーには pip install 'madoguchi[encoder]' が要ります。",
        "An encoder needs the extra: pip install 'madoguchi[encoder]'",
    ),
    "faq.first": ("正しい項目が1位 (S@1)", "The right entry comes first (S@1)"),
    "faq.among_three": (
        "正しい項目が3位まで (S@3)",
        "The right entry is among three (S@3)",
    ),
    "faq.auroc": (
        "答えのある質問とない質問の見分け (AUROC)",
        "Telling questions with an answer from those without (AUROC)",
    ),
    "faq.answered": ("その場で答えた割合", "Answered at once"),
    "faq.precision": ("答えたうち正しかった割合", "Of those, rightly"),
    "faq.all_answered": (
        "答えられなかった質問はありません。",
        "Every question was answered.",
    ),
    "faq.questions": ("# $count件の質問", "# questions: $count"),
    "faq.add_to": ("# 項目 $entry の ask に足す案", "# to add to ask of the entry $entry"),
    "faq.new_entry": (
        "# 新しい項目の案(id と答えを整えてから書き足します)",
        "# a new entry (put its id and its answer in order first)",
    ),
}
