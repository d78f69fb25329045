/**
 * The words of one part of the console, in the languages that it knows. Only the language that is
 * spoken is fetched, and those of all parts together: the other comes when somebody chooses it.
 */

export type Language = 'ja' | 'en';
export type Params = Record<string, string | number>;
export type Texts<Word extends string> = Readonly<Record<Word, string>>;

interface Sources<Word extends string> {
  ja: () => Promise<{ ja: Texts<Word> }>;
  en: () => Promise<{ en: Texts<Word> }>;
}

const BOOKS: Book<string>[] = [];

export class Book<Word extends string> {
  #sources: Sources<Word>;
  #texts: Partial<Record<Language, Texts<Word>>> = {};

  constructor(sources: Sources<Word>) {
    this.#sources = sources;
    BOOKS.push(this as unknown as Book<string>);
  }

  speaks(language: Language): boolean {
    return this.#texts[language] !== undefined;
  }

  /** Refuses what the network refuses; it may be asked again. */
  async fetch(language: Language): Promise<void> {
    if (this.speaks(language)) return;
    const texts = language === 'ja' ? (await this.#sources.ja()).ja : (await this.#sources.en()).en;
    this.#texts[language] = texts;
  }

  say(language: Language, word: Word, params: Params = {}): string {
    return fillIn(this.#texts[language]?.[word] ?? word, params);
  }

  /** Whether a key that is put together at run time is a word. */
  has(key: string): key is Word {
    return Object.values(this.#texts).some((texts) => key in texts);
  }
}

/** Every book that is open by now, those opened meanwhile with them. */
export async function fetchWords(language: Language): Promise<void> {
  const lacking = BOOKS.filter((book) => !book.speaks(language));
  if (lacking.length === 0) return;
  await Promise.all(lacking.map((book) => book.fetch(language)));
  await fetchWords(language);
}

/** A sentence with its values. */
export function fillIn(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
