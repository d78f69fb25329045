"""Of cards: LINE's flex messages under an id."""

from collections.abc import Mapping

from flows.language.sayings.saying import Said

SAID: Mapping[str, Said] = {
    "no_card": Said(
        ("カード「$name」はありません。", "There is no card “$name”."),
        ("flex フォルダに加えてください。", "Add it to the folder flex."),
    ),
    "card_twice": Said(
        ("カードのid「$id」は2回使われています。", "Two cards have the id “$id”."),
        ("別のidにしてください。", "Give one of them another id."),
    ),
    "image_and_card": Said(
        (
            "1つの吹き出しは、画像かカードのどちらかです。",
            "A bubble is either a picture or a card.",
        ),
        ("2つに分けてください。", "Make two bubbles of it."),
    ),
    "no_kind": Said(
        ("「$kind」という種類は$whatにはありません。", "There is no type “$kind” in $what."),
        ("使える種類: $kinds", "Types: $kinds"),
    ),
    "no_type": Said(
        ("$whatに「type」がありません。", "“type” is missing: $what needs it."),
        ("「type: $kind」のように書いてください。", "Write it like “type: $kind”."),
    ),
    "many_cards": Said(
        (
            "横に並べられるカードは$most枚までです。",
            "At most $most cards can stand side by side.",
        ),
        (
            "カードを減らすか、2回に分けて送ってください。",
            "Take some out, or send them in two messages.",
        ),
    ),
    "no_size": Said(
        ("この大きさは使えません。", "This size cannot be used."),
        ("使える値: $allowed", "Values that can: $allowed"),
    ),
    "not_color": Said(
        (
            "色は # と16進の6桁か8桁で書きます。",
            "Write a colour as # and 6 or 8 hexadecimal digits.",
        ),
        ('例: "#06C755"(引用符が要ります)', 'Example: "#06C755" (with the quotes)'),
    ),
    "not_ratio": Said(
        ("縦横の比は 横:縦 で書きます。", "Write a ratio as width:height."),
        ('例: "20:13"', 'Example: "20:13"'),
    ),
    "not_degrees": Said(
        ("角度は 90deg の形で書きます。", "Write an angle like 90deg."),
        ("例: 90deg", "Example: 90deg"),
    ),
    "long_data": Said(
        (
            "ボタンのデータは$most文字までです。",
            "The data of a button has at most $most characters.",
        ),
        ("短い名前にしてください。", "Use a short name."),
    ),
    "not_safe_address": Said(
        (
            "ボタンの行き先は https:// か tel: で始めます。",
            "Where a button leads begins with https:// or tel:.",
        ),
        (
            "links.yaml のリンクなら {{link.名前}} と書きます。",
            "For a link of links.yaml write {{link.NAME}}.",
        ),
    ),
    "long_alt": Said(
        (
            "alt はいちばん長いとき$units文字になります(LINEでは$most文字まで)。",
            "At its longest alt has $units characters (LINE has at most $most).",
        ),
        (
            "短くしてください。通知と一覧に出る文です。",
            "Make it shorter: it is what notices and lists show.",
        ),
    ),
    "large_card": Said(
        (
            "このカードはいちばん長いとき${most}KBを超えます。",
            "At its longest this card is larger than $most KB.",
        ),
        (
            "文や部品を減らすか、2枚に分けてください。",
            "Take texts or parts out, or make two cards of it.",
        ),
    ),
}
