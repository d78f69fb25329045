/** The books of what is on the screen at first: their words come together, in one file. */

import { Book, type Texts } from './book';

type Books = typeof import('./ja_first');
type WordOf<Name extends keyof Books> = keyof Books[Name] & string;

export function bookAtFirst<Name extends keyof Books>(name: Name): Book<WordOf<Name>> {
  const mine = (all: object) => (all as Record<Name, Texts<WordOf<Name>>>)[name];
  return new Book({
    ja: async () => ({ ja: mine(await import('./ja_first')) }),
    en: async () => ({ en: mine(await import('./en_first')) }),
  });
}
