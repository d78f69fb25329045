import { expect, test, vi } from 'vitest';

vi.stubGlobal('location', { pathname: '/', search: '', origin: '' });
const { ACTIONS } = await import('../src/keys/actions');
const { meets } = await import('../src/keys/keymap.svelte');
const { isReserved } = await import('../src/keys/chosen');
const { READINGS } = await import('../src/keys/readings');
const { en } = await import('../src/keys/words_en');
const { ja } = await import('../src/keys/words_ja');

test('no key of the table is in the way of another', () => {
  const keys = ACTIONS.flatMap((one) =>
    one.where === 'composer' ? [] : one.keys.map((key) => ({ id: one.id, key })),
  );
  const inTheWay = keys.flatMap((one, at) =>
    keys.slice(at + 1).flatMap((other) => (meets(one.key, other.key) ? [`${one.id} ${other.id}`] : [])),
  );
  expect(inTheWay).toEqual([]);
});

test('no key that can be changed is one that the browser needs', () => {
  const taken = ACTIONS.filter((one) => !one.isFixed && one.keys.some(isReserved));
  expect(taken.map((one) => one.id)).toEqual([]);
});

test('every action has a name in both languages, and a reading', () => {
  for (const { id, isFixed } of ACTIONS) {
    expect([id, `action.${id}` in ja, `action.${id}` in en]).toEqual([id, true, true]);
    if (!isFixed) expect([id, READINGS[id]]).toEqual([id, expect.stringMatching(/^[ぁ-んー ]+$/)]);
  }
});

test('there is no name or reading of what is no action', () => {
  const ids = new Set(ACTIONS.map((one) => one.id));
  const named = Object.keys(ja).flatMap((word) => /^action\.(.*)$/.exec(word)?.[1] ?? []);
  expect([...named, ...Object.keys(READINGS)].filter((id) => !ids.has(id))).toEqual([]);
});
