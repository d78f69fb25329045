/**
 * Nothing is said outside of the catalogues: every text of every component and every string of the
 * code that people could read is looked at, as the compiler sees it.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'svelte/compiler';
import ts from 'typescript';
import { expect, test } from 'vitest';

const SRC = new URL('../src', import.meta.url).pathname;
const files = (readdirSync(SRC, { recursive: true }) as string[]).sort();
const CATALOGUE = /(^|[/_])(ja|en)\.ts$/;
/** Japanese that is no word of the screen: readings, what emoji are looked for by, the folding of search, marks of the input. */
const NOT_WORDS = new Set(['keys/readings.ts', 'keys/romaji.ts', 'keys/fuzzy.ts', 'compose/emoji_list.ts']);
/** What is written into files and to customers, in the language of the house and not of the screen. */
const OF_THE_HOUSE = new Set(['flows/house/starting.ts: queues: [受付]', 'replies/holes.ts: さん']);
/** Names that are the same in every language; each language's own name in the choice between them. */
const NAMES = new Set(['Madoguchi', '– Madoguchi', '日本語', 'English', '日本語 / English', 'LINE', 'YAML']);
const SAID_IN = new Set(['title', 'aria-label', 'placeholder', 'alt', 'aria-description', 'label']);

const PATIENCE_MS = 120_000; // the compiler reads every component

interface Node {
  type: string;
  name?: string;
  data?: string;
  start: number;
  [key: string]: unknown;
}

const isWords = (text: string) => /\p{L}{2,}|[぀-ヿ一-鿿]/u.test(text) && !NAMES.has(text.trim());
const isJapanese = (text: string) => /[぀-ヿ一-鿿]/.test(text) && !NAMES.has(text.trim());

/** Text in the markup, and in the attributes that are read out or shown. */
function saidIn(source: string): string[] {
  const found: string[] = [];
  const look = (node: Node, isSaid: boolean) => {
    if (node.type === 'Text' && isSaid && isWords(node.data ?? '')) found.push(node.data!.trim());
    if (node.type === 'StyleDirective') return;
    const isAttribute = node.type === 'Attribute';
    for (const [key, child] of Object.entries(node)) {
      if (['metadata', 'css', 'instance', 'module', 'comments'].includes(key)) continue;
      const isSaidBelow = isAttribute ? SAID_IN.has(node.name ?? '') : key === 'fragment' || isSaid;
      for (const each of [child].flat()) if (isNode(each)) look(each, isSaidBelow);
    }
  };
  const root = parse(source, { modern: true }) as unknown as { fragment: Node };
  look(root.fragment, true);
  return found.filter((text) => !isCode(source, text));
}

/** What stands in `<code>` or `<style>` is no language of people. */
const isCode = (source: string, text: string) =>
  new RegExp(`<(code|kbd)[^>]*>\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`).test(source);

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value;

/** Strings of the code with Japanese in them; comments and patterns are none. */
function stringsIn(source: string): string[] {
  const tree = ts.createSourceFile('x.ts', source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const look = (node: ts.Node) => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
    if (isText && isJapanese(node.text)) found.push(node.text);
    ts.forEachChild(node, look);
  };
  look(tree);
  return found;
}

const scriptsOf = (source: string) =>
  [...source.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((hit) => hit[1]!).join('\n');

test('no component says anything by itself', () => {
  const said = files
    .filter((file) => file.endsWith('.svelte'))
    .flatMap((file) => saidIn(readFileSync(join(SRC, file), 'utf8')).map((text) => `${file}: ${text}`));
  expect(said).toEqual([]);
}, PATIENCE_MS);

test('no code has words of its own', () => {
  const said = files
    .filter((file) => /\.(ts|svelte)$/.test(file) && !CATALOGUE.test(file) && !NOT_WORDS.has(file))
    .flatMap((file) => {
      const source = readFileSync(join(SRC, file), 'utf8');
      const code = file.endsWith('.svelte') ? scriptsOf(source) : source;
      return stringsIn(code).map((text) => `${file}: ${text}`);
    })
    .filter((said) => !OF_THE_HOUSE.has(said));
  expect(said).toEqual([]);
}, PATIENCE_MS);

test('every catalogue of a folder has its other language', () => {
  expect(of('en')).toEqual(of('ja'));
  expect(of('ja').length).toBeGreaterThan(5);
});

test.each(of('ja'))('both languages of %s have the same words and values', async (stem) => {
  const { ja } = (await import(/* @vite-ignore */ join(SRC, `${stem}ja.ts`))) as { ja: Words };
  const { en } = (await import(/* @vite-ignore */ join(SRC, `${stem}en.ts`))) as { en: Words };
  expect(Object.keys(en).sort()).toEqual(Object.keys(ja).sort());
  for (const [word, text] of Object.entries(ja))
    expect([word, valuesIn(en[word]!)]).toEqual([word, valuesIn(text)]);
  const mixed = Object.entries(en).filter(([word, text]) => isJapanese(text) && word !== 'me.language');
  expect(mixed).toEqual([]);
});

type Words = Record<string, string>;

function of(language: string): string[] {
  const end = new RegExp(`(^|[/_])${language}\\.ts$`);
  return files.filter((file) => end.test(file)).map((file) => file.replace(`${language}.ts`, ''));
}

const valuesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((hit) => hit[1]).sort();

/** By the zone of the house and the language of the operator. */
const PLACES = new Set(['desk/time.ts', 'state/settings.svelte.ts']);
/** Names of weekdays and months without a moment, and what a zone's clock shows, to reckon with. */
const CALENDARS = new Set(['talk/DatePick.svelte', 'notices/QuietHours.svelte', 'notices/rules.ts']);

test('times and numbers are written in one place, by the language and the zone of the house', () => {
  const byHand = files
    .filter((file) => /\.(ts|svelte)$/.test(file) && !PLACES.has(file) && !CALENDARS.has(file))
    .filter((file) => /toLocale(Date|Time)?String|\.get(Hours|Minutes|Date|Month|FullYear|Day)\(|new Intl\.(Date|Number|Relative)/.test(readFileSync(join(SRC, file), 'utf8')));
  expect(byHand).toEqual([]);
});
