"""Japanese-looking messages, the same ones for the same seed, with words from daily to very rare."""

import random
from bisect import bisect
from itertools import accumulate

OPENINGS = [
    "こんにちは。",
    "お世話になっております。",
    "すみません、",
    "はじめまして。",
    "先日はありがとうございました。",
    "お疲れさまです。",
    "あの、",
    "いつもありがとうございます!",
]
ASKS = [
    "{day}の{hour}時に{menu}の予約をお願いしたいです。",
    "{day}は空いていますか?",
    "{menu}はいくらですか?",
    "駐車場はありますか?",
    "{staff}さんの指名はできますか?",
    "予約を{day}に変更できますでしょうか。",
    "{menu}と{menu}を一緒にお願いできますか。",
    "{hour}時半ごろ着きそうです。",
    "キャンセルでお願いします。",
    "支払いはPayPayでも大丈夫ですか?",
    "{word}について教えてください。",
    "{word}の件ですが、どうなりましたか?",
    "{word}が気になっています。",
    "{word}と{word}はどちらがいいでしょうか。",
]
ANSWERS = [
    "はい、{day}{hour}時で承りました。",
    "お待ちしております。",
    "担当の{staff}が確認いたします。",
    "{menu}は{price}円になります。",
    "申し訳ございません、{day}は満席です。",
    "ご予約ありがとうございます。お気をつけてお越しください。",
    "恐れ入りますが、お電話番号 090-{digits}-{digits} でよろしいでしょうか。",
    "{word}は来週入荷する予定です。",
    "かしこまりました。少々お待ちください。",
]
CLOSINGS = [
    "よろしくお願いします。",
    "よろしくお願いいたします!",
    "楽しみにしています😊",
    "ありがとうございます。",
    "",
    "",
    "",
    "助かります。",
]
DAYS = [
    "明日",
    "あさって",
    "土曜日",
    "日曜日",
    "来週の月曜",
    "12月3日",
    "今週末",
    "月末",
    "１５日",
    "水曜の夕方",
]
MENUS = [
    "カット",
    "カラー",
    "ｶﾗｰ",
    "パーマ",
    "縮毛矯正",
    "ヘッドスパ",
    "トリートメント",
    "白髪染め",
    "前髪カット",
    "着付け",
    "まつげエクステ",
    "ネイル",
]
STAFF = ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤"]
SIGNS = (
    "日本語東京海山川田中大小高低新古白黒赤青花草木林森空雨雪風光星月火水金土曜朝昼夜春夏秋冬食飲料理店客人男女子供親友家学校会社駅前後左右上下内外"
    "時分秒年週間電車道路橋公園図書館病院薬局銀行郵便局市役所警察消防署温泉旅館神社寺院城跡博物美術音楽映画演劇舞踊運動野球庭球卓球水泳登釣旅行写真"
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンー"
)  # fmt: skip


class Writer:
    """Writes messages. Its rare words follow Zipf's law over 60,000 of them."""

    def __init__(self, seed: int = 1, vocabulary: int = 60_000) -> None:
        self._draw = random.Random(seed)
        self.words = [
            "".join(self._draw.choices(SIGNS, k=self._draw.choice((2, 3, 3, 4, 5))))
            for _ in range(vocabulary)
        ]
        self._sums = list(accumulate(1 / rank for rank in range(1, vocabulary + 1)))

    def word(self) -> str:
        """A word, a common one more often."""
        return self.words[bisect(self._sums, self._draw.random() * self._sums[-1])]

    def text(self, *, is_customer: bool) -> str:
        """One message."""
        draw = self._draw
        parts = [draw.choice(OPENINGS)] if draw.random() < 0.3 else []
        parts += draw.choices(ASKS if is_customer else ANSWERS, k=draw.choice((1, 1, 1, 2)))
        parts.append(draw.choice(CLOSINGS))
        return "".join(part.format_map(self) for part in parts)

    def __getitem__(self, slot: str) -> str:
        draw = self._draw
        match slot:
            case "day":
                return draw.choice(DAYS)
            case "menu":
                return draw.choice(MENUS)
            case "staff":
                return draw.choice(STAFF)
            case "hour":
                return str(draw.randint(9, 20))
            case "price":
                return f"{draw.randint(20, 160)}00"
            case "digits":
                return f"{draw.randint(0, 9999):04d}"
        return self.word()
