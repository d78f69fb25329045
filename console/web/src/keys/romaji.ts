/** A reading in Latin letters as hiragana; what is no reading stays as it is. */

const VOWELS = 'aiueo';
const ROWS: Record<string, string> = {
  '': 'あいうえお', k: 'かきくけこ', g: 'がぎぐげご', s: 'さしすせそ', z: 'ざじずぜぞ',
  t: 'たちつてと', d: 'だぢづでど', n: 'なにぬねの', h: 'はひふへほ', b: 'ばびぶべぼ',
  p: 'ぱぴぷぺぽ', m: 'まみむめも', r: 'らりるれろ', y: 'や ゆ よ', w: 'わ   を',
};
const SPECIAL: Record<string, string> = {
  shi: 'し', chi: 'ち', tsu: 'つ', fu: 'ふ', ji: 'じ',
  sha: 'しゃ', shu: 'しゅ', sho: 'しょ', cha: 'ちゃ', chu: 'ちゅ', cho: 'ちょ',
  ja: 'じゃ', ju: 'じゅ', jo: 'じょ', fa: 'ふぁ', fi: 'ふぃ', fe: 'ふぇ', fo: 'ふぉ',
  nn: 'ん', "n'": 'ん', '-': 'ー',
};
const TABLE = new Map<string, string>(Object.entries(SPECIAL));
for (const [head, row] of Object.entries(ROWS))
  [...row].forEach((kana, at) => {
    if (kana !== ' ' && !TABLE.has(head + VOWELS[at])) TABLE.set(head + VOWELS[at], kana);
  });
for (const [head, kana] of [['ky', 'き'], ['gy', 'ぎ'], ['sy', 'し'], ['zy', 'じ'], ['ty', 'ち'],
  ['ny', 'に'], ['hy', 'ひ'], ['by', 'び'], ['py', 'ぴ'], ['my', 'み'], ['ry', 'り']] as const)
  for (const [vowel, small] of [['a', 'ゃ'], ['u', 'ゅ'], ['o', 'ょ']] as const)
    TABLE.set(head + vowel, kana + small);

const LONGEST = 3;

export function toKana(text: string): string {
  let kana = '';
  for (let at = 0; at < text.length; ) {
    const [read, length] = readAt(text, at);
    kana += read;
    at += length;
  }
  return kana;
}

function readAt(text: string, at: number): [string, number] {
  for (let length = LONGEST; length > 0; length -= 1) {
    const kana = TABLE.get(text.slice(at, at + length));
    if (kana !== undefined) return [kana, length];
  }
  const [one = '', next] = [text[at], text[at + 1]];
  if (one === next && /[a-z]/.test(one)) return ['っ', 1];
  return [one === 'n' ? 'ん' : one, 1];
}
