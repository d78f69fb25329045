"""Of the holes in texts: `{{…}}` that nothing can be put into, or that may not be there."""

from collections.abc import Mapping

from flows.language.sayings.saying import Said

SAID: Mapping[str, Said] = {
    "no_holes_here": Said(
        ("ここでは{{…}}は使えません。", "{{…}} cannot be used here."),
        ("そのままの言葉を書いてください。", "Write plain words."),
    ),
    "hole_not_closed": Said(
        ("{{ が }} で閉じていません。", "{{ is not closed by }}."),
        ("{{name}} のように書きます。", "Write it like {{name}}."),
    ),
    "hole_not_opened": Said(
        ("}} の前に {{ がありません。", "There is no {{ before this }}."),
        ("{{name}} のように書きます。", "Write it like {{name}}."),
    ),
    "hole_empty": Said(
        ("{{ }} の中が空です。", "There is nothing in {{ }}."),
        ("{{name}} のように書きます。", "Write it like {{name}}."),
    ),
    "no_filter": Said(
        (
            "「$name」という飾り(フィルター)はありません。",
            "There is no filter “$name”.",
        ),
        ("使える飾り: $filters", "Filters: $filters"),
    ),
}
