/**
 * The emoji that a counter needs, by group, each with the words that it is found by. A small list on
 * purpose: what is not here can be put in by the keyboard of the machine.
 */

export const GROUPS = [
  'faces',
  'hands',
  'hearts',
  'nature',
  'food',
  'events',
  'things',
  'signs',
] as const;
export type Group = (typeof GROUPS)[number];

export interface Emoji {
  sign: string;
  /** The first Japanese word names it; so does the first English one. */
  ja: string;
  en: string;
  words: string;
}

const LINES: Record<Group, string> = {
  faces: `
😊 にこにこ 笑顔 えがお|smile happy
😀 笑顔 にっこり えがお|grin smile
😄 大笑い 笑顔 えがお|laugh happy
😁 にかっと 笑顔|beaming grin
😆 爆笑 わはは|laughing
😅 汗笑い 苦笑 あせ|sweat smile
😂 うれし泣き 笑い泣き|tears of joy
🙂 ほほえみ 微笑|slight smile
😉 ウインク|wink
😌 ほっとする 安心 あんしん|relieved
😍 大好き ハート 目|love eyes
🥰 幸せ 大好き しあわせ|smiling hearts
😘 投げキス|kiss
😋 おいしい 舌|yummy
😎 かっこいい サングラス|cool sunglasses
🤩 わくわく 星 ほし|star struck excited
🥳 お祝い パーティー おいわい|party celebrate
🤗 ハグ 歓迎 かんげい|hug welcome
🤔 考え中 うーん かんがえる|thinking
🤭 くすくす 内緒|giggle
😮 びっくり 驚き おどろき|surprised wow
😳 照れ 赤面 てれ|flushed
🥺 うるうる お願い おねがい|pleading please
😢 涙 泣く かなしい|cry sad
😭 大泣き 号泣 なく|sobbing
😥 残念 冷や汗 ざんねん|sad relieved
😓 冷や汗 すみません ひやあせ|cold sweat sorry
😞 しょんぼり 落ち込む|disappointed
😣 困った つらい こまった|persevering
😷 マスク 風邪 かぜ|mask sick
😴 眠い おやすみ ねむい|sleep
😇 天使 いい子 てんし|angel`,
  hands: `
🙇 お辞儀 すみません ありがとう おじぎ|bow sorry thanks
🙇‍♀️ お辞儀 女性 おじぎ|bow woman sorry
🙇‍♂️ お辞儀 男性 おじぎ|bow man sorry
🙏 お願い 感謝 おねがい|please thanks pray
👍 いいね 了解 りょうかい|thumbs up ok
👎 よくない だめ|thumbs down
👌 オッケー 了解|ok perfect
✌️ ピース|peace victory
🤝 握手 あくしゅ|handshake
👏 拍手 はくしゅ|clap applause
🙌 ばんざい やった|raised hands hooray
👋 手を振る こんにちは またね|wave hello bye
✋ 手 待って まって|hand stop wait
☝️ 指 上 うえ|point up
👉 右 こちら みぎ|point right
👈 左 ひだり|point left
👇 下 こちら した|point down
💪 がんばる 力 ちから|strong muscle
🙆 はい 丸 まる|ok gesture yes
🙅 いいえ だめ ばつ|no gesture
🙋 はい 挙手 きょしゅ|raising hand
💁 ご案内 どうぞ あんない|information desk
👪 家族 かぞく|family
👶 赤ちゃん あかちゃん|baby
🧒 子ども こども|child
🧑‍🍳 料理人 シェフ|cook chef
💇 美容室 散髪 カット|haircut
💆 マッサージ エステ|massage`,
  hearts: `
❤️ ハート 赤 あか|heart red love
🧡 ハート オレンジ|heart orange
💛 ハート 黄色 きいろ|heart yellow
💚 ハート 緑 みどり|heart green
💙 ハート 青 あお|heart blue
💜 ハート 紫 むらさき|heart purple
🤍 ハート 白 しろ|heart white
💕 ハート 二つ|two hearts
💖 きらきらハート|sparkling heart
💗 どきどき ハート|growing heart
💝 贈り物 ハート おくりもの|heart gift
✨ きらきら|sparkles
⭐ 星 ほし|star
🌟 光る星 ほし|glowing star
💫 めまい 星|dizzy star
💦 汗 あせ|sweat drops
💢 怒り いかり|anger
💡 ひらめき 電球|idea bulb
💤 ねむい おやすみ|zzz sleep
🔥 炎 人気 ほのお|fire hot
🎵 音符 おんぷ|note music
💯 百点 満点|hundred perfect`,
  nature: `
☀️ 晴れ 太陽 はれ|sun sunny
⛅ くもり 晴れ|cloud sun
☁️ くもり 雲 くも|cloud
☔ 雨 傘 あめ|rain umbrella
❄️ 雪 ゆき|snow
⛄ 雪だるま 冬|snowman winter
⚡ 雷 かみなり|lightning
🌈 虹 にじ|rainbow
🌀 台風 たいふう|typhoon cyclone
🌊 波 海 うみ|wave sea
🌸 桜 春 さくら|cherry blossom spring
🌷 チューリップ 花|tulip flower
🌹 バラ 花|rose flower
🌻 ひまわり 夏|sunflower summer
🌼 花 はな|blossom flower
💐 花束 はなたば|bouquet
🍁 もみじ 秋|maple autumn
🍀 クローバー 幸運|clover luck
🌱 芽 新しい|seedling
🌳 木 き|tree
🐶 犬 いぬ|dog
🐱 猫 ねこ|cat
🐰 うさぎ|rabbit
🐻 くま|bear
🐼 パンダ|panda
🐤 ひよこ|chick
🐟 魚 さかな|fish`,
  food: `
🍚 ごはん 米|rice
🍙 おにぎり|rice ball
🍱 お弁当 べんとう|bento
🍣 寿司 すし|sushi
🍜 ラーメン 麺|noodles ramen
🍛 カレー|curry
🍝 パスタ|pasta spaghetti
🍞 パン|bread
🥐 クロワッサン パン|croissant
🍔 ハンバーガー|burger
🍕 ピザ|pizza
🥗 サラダ|salad
🍓 いちご|strawberry
🍎 りんご|apple
🍊 みかん|orange
🍇 ぶどう|grapes
🍑 もも|peach
🍰 ケーキ|cake
🎂 誕生日 ケーキ|birthday cake
🍩 ドーナツ|doughnut
🍦 ソフトクリーム アイス|ice cream
🍡 だんご|dango
🍵 お茶 緑茶|tea green
☕ コーヒー|coffee
🧋 タピオカ|bubble tea
🍺 ビール|beer
🍷 ワイン|wine
🥂 乾杯 かんぱい|cheers toast`,
  events: `
🎉 お祝い クラッカー おめでとう|party congratulations
🎊 くす玉 おめでとう|confetti
🎁 プレゼント 贈り物|present gift
🎀 リボン|ribbon
🎈 風船 ふうせん|balloon
🎄 クリスマス|christmas
🎍 お正月 門松 しょうがつ|new year pine
🎎 ひな祭り|dolls festival
🎏 こいのぼり 子どもの日|carp streamer
🎐 風鈴 夏|wind chime
🎑 お月見|moon viewing
🎃 ハロウィン|halloween
🎆 花火 はなび|fireworks
🎓 卒業 そつぎょう|graduation
💍 指輪 結婚|ring wedding
💒 結婚式 けっこん|wedding
🏆 優勝 トロフィー|trophy winner
🥇 金メダル 一位|gold medal
⛩️ 神社 じんじゃ|shrine
🎫 チケット|ticket`,
  things: `
📅 カレンダー 日付 予定|calendar date
🗓️ 予定 カレンダー|calendar schedule
⏰ 時計 目覚まし とけい|alarm clock time
⌛ 砂時計 待つ|hourglass wait
📞 電話 でんわ|phone call
📱 スマホ 携帯|mobile phone
📧 メール|mail email
✉️ 手紙 封筒|envelope letter
📦 荷物 箱 にもつ|package box
🚚 配送 トラック はいそう|delivery truck
📍 場所 地図 ばしょ|place pin
🗺️ 地図 ちず|map
🏠 家 いえ|house home
🏪 お店 コンビニ みせ|shop store
🏥 病院 びょういん|hospital
🚃 電車 でんしゃ|train
🚗 車 くるま 駐車場|car parking
🅿️ 駐車場 パーキング|parking
🚲 自転車 じてんしゃ|bicycle
✈️ 飛行機 ひこうき|airplane
💴 お金 円 おかね|yen money
💳 カード 支払い|credit card payment
🧾 レシート 領収書|receipt
🛍️ 買い物 かいもの|shopping
🔑 鍵 かぎ|key
📝 メモ 記入 きにゅう|memo write
📎 クリップ 添付|clip attach
📷 カメラ 写真 しゃしん|camera photo
📖 本 ほん|book
💊 薬 くすり|medicine pill
💄 口紅 化粧|lipstick makeup
✂️ はさみ カット|scissors cut
👗 ワンピース 服 ふく|dress clothes
👟 靴 スニーカー くつ|shoes
🎧 ヘッドホン|headphones
💻 パソコン|computer`,
  signs: `
⭕ 丸 はい まる|circle yes
❌ ばつ いいえ|cross no
✅ 済み チェック ずみ|done check
☑️ チェック|check box
❗ びっくり 注意 ちゅうい|exclamation
❓ はてな 質問 しつもん|question
‼️ 強調 びっくり|double exclamation
⚠️ 注意 警告 ちゅうい|warning caution
🚫 禁止 きんし|forbidden
🆗 オッケー|ok
🆕 新しい 新着|new
🆓 無料 むりょう|free
🔔 お知らせ ベル おしらせ|bell notice
📢 お知らせ 拡声器|announcement
🔰 初心者 はじめて|beginner
➡️ 右 矢印 やじるし|right arrow
⬅️ 左 矢印 やじるし|left arrow
⬆️ 上 矢印 やじるし|up arrow
⬇️ 下 矢印 やじるし|down arrow
🔁 くり返し 繰り返し|repeat
1️⃣ 1 いち|one
2️⃣ 2 に|two
3️⃣ 3 さん|three
♨️ 温泉 おんせん|hot spring
〽️ 歌 うた|song mark
🔗 リンク|link`,
};

export const EMOJI: Record<Group, Emoji[]> = Object.fromEntries(
  GROUPS.map((group) => [group, LINES[group].trim().split('\n').map(read)]),
) as Record<Group, Emoji[]>;

/** Those in which every searched word stands, in kana or kanji or English. */
export function findEmoji(query: string): Emoji[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  const all = GROUPS.flatMap((group) => EMOJI[group]);
  return all.filter((one) => words.every((word) => one.words.includes(word)));
}

function read(line: string): Emoji {
  const [signAndJa = '', en = ''] = line.split('|');
  const [sign = '', ...ja] = signAndJa.split(' ');
  return { sign, ja: ja[0] ?? '', en, words: folded(`${sign} ${ja.join(' ')} ${en}`) };
}

/** Katakana and hiragana are found by each other. */
function folded(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase();
  return plain.replace(/[ァ-ヶ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60));
}
