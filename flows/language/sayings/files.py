"""Of a file's letters: what YAML, or the hand on a Japanese keyboard, made of it."""

from collections.abc import Mapping

from flows.language.sayings.saying import Said

SAID: Mapping[str, Said] = {
    "file_too_large": Said(
        ("ファイルが大きすぎます(256KBまで)。", "The file is too large (at most 256 KB)."),
        ("フローを分けてください。", "Split the flow into several files."),
    ),
    "file_not_utf8": Said(
        ("文字コードがUTF-8ではありません。", "The file is not UTF-8."),
        (
            "エディタで「UTF-8」を選んで保存し直してください。",
            "Save it again in your editor with the encoding UTF-8.",
        ),
    ),
    "file_empty": Said(
        ("ファイルが空です。", "The file is empty."),
        ("内容を書くか、ファイルを消してください。", "Write something in it, or delete the file."),
    ),
    "too_deep": Said(
        ("入れ子が深すぎます(20段まで)。", "This is nested too deeply (at most 20 levels)."),
        ("フローを分けてください。", "Split the flow into several flows."),
    ),
    "not_yaml": Said(
        ("YAMLとして読めません。", "This cannot be read as YAML."),
        (
            '字下げ、かっこと引用符の閉じ忘れを確かめ、記号を含む文は "…" で囲んでください。',
            "Check the indentation, and brackets or quotes that were not closed;"
            ' put a text with signs in "…".',
        ),
    ),
    "not_plain_yaml": Said(
        ("$whatは使えません。", "YAML's $what cannot be used."),
        (
            '文なら全体を"…"で囲み、ほかは書いたままの値にしてください。',
            'Put a text in "…" as a whole; write anything else out as it is meant.',
        ),
    ),
    "invisible_sign": Said(
        ("目に見えない文字があります。", "There is a character that cannot be seen."),
        ("この文字を消してください。", "Delete that character."),
    ),
    "key_not_text": Said(
        ("キーは文字で書いてください。", "A key must be a plain word."),
        ('{{…}}は"…"で囲みます。', 'Put {{…}} in "…".'),
    ),
    "key_twice": Said(
        ("「$key」が2回あります。", "“$key” is here twice."),
        ("どちらか1つにしてください。", "Keep one of the two."),
    ),
    "wide_signs": Said(
        (
            "全角の「：」や空白、またはタブがあります。",
            "There is a full-width “：” or space, or a tab.",
        ),
        (
            "半角の「: 」と半角の空白に直してください。",
            "Use a half-width “: ” and half-width spaces.",
        ),
    ),
    "wants_quotes": Said(
        ("この値は引用符が要ります。", "This value needs quotes."),
        ('"$value" のように " " で囲んでください。', 'Put it in quotes: "$value"'),
    ),
    "text_cut": Said(
        (
            "「$end」で切れています。空白と # から後ろは送られません。",
            "The text is cut after “$end”: from a space and # on, nothing is sent.",
        ),
        (
            '続きも文なら全体を"…"で囲み、覚え書きなら上の行に移してください。',
            'If the rest is text, put all of it in "…"; if it is a remark, move it a line up.',
        ),
    ),
    "yaml.alias": Said(("別名(*)", "alias (*)")),
    "yaml.anchor": Said(("アンカー(&)", "anchor (&)")),
    "yaml.tag": Said(("型の指定(!)", "tag (!)")),
    "yaml.tag_named": Said(("型の指定($tag)", "tag ($tag)")),
    "yaml.second_document": Said(("2つめの文書(---)", "second document (---)")),
    "yaml.merge_key": Said(("マージキー(<<)", "merge key (<<)")),
}
