import { describe, expect, test } from 'vitest';
import { sentenceOf, type Names } from '../src/people/deeds';
import { deviceName } from '../src/people/device';
import type { Deed } from '../src/people/rows';
import { strengthOf } from '../src/people/strength';
import { en } from '../src/people/words_en';
import { ja } from '../src/people/words_ja';
import { fillIn } from '../src/words/words';
import { AT } from './given';

const namesIn = (words: Record<string, string>): Names => ({
  say: (key, params = {}) => (key in words ? fillIn(words[key]!, params) : null),
  role: (role) => ({ viewer: '閲覧のみ', operator: 'スタッフ' })[role] ?? role,
  account: (id) => (id === 'main' ? '本店' : id),
  flow: (id) => (id === '_folder' ? '共通の設定' : id),
  all: 'すべて',
  comma: '、',
});

const aDeed = (change: Partial<Deed>): Deed => ({
  id: 1,
  at: AT,
  kind: 'signed_in',
  actor: { kind: 'operator', id: 'o1', name: '見本店長' },
  target: null,
  address: null,
  params: {},
  ...change,
});

describe('a deed becomes a sentence from its kind and parameters', () => {
  const target = { id: 'o2', name: '見本スタッフA' };
  const said = (change: Partial<Deed>) => sentenceOf(aDeed(change), namesIn(ja));

  test('roles and accounts are named, and no account means all', () => {
    expect(said({ kind: 'role_changed', target, params: { from: 'operator', to: 'viewer' } })).toBe(
      '見本スタッフAの権限を「スタッフ」から「閲覧のみ」に変えた',
    );
    expect(
      said({ kind: 'accounts_changed', target, params: { from: [], to: ['main', 'b'] } }),
    ).toBe('見本スタッフAの見られるアカウントを「すべて」から「本店、b」に変えた');
  });

  test('the folder\'s shared files are published by a name that people know', () => {
    expect(said({ kind: 'flows_published', params: { flows: ['_folder', 'welcome'] } })).toBe(
      'フローを公開した(共通の設定、welcome)',
    );
  });

  test('how somebody came in is told, and who nobody knows', () => {
    expect(said({ params: { by: 'recovery' } })).toBe('予備のコードでサインインした');
    expect(said({ params: { by: 'password' } })).toBe('サインインした');
    expect(said({ kind: 'sign_in_failed' })).toContain('登録のないメールアドレス');
    expect(said({ kind: 'sign_in_failed', target })).toContain('見本スタッフA');
  });

  test('a rule that was lifted is not told as one that was made', () => {
    const rule = (is_needed: boolean) =>
      said({ kind: 'codes_required', params: { role: 'viewer', is_needed } });
    expect([rule(true), rule(false)]).toEqual([
      '「閲覧のみ」の2段階認証を必須にした',
      '「閲覧のみ」の2段階認証を任意に戻した',
    ]);
  });

  test('a kind that this console does not know is told by its name, in English too', () => {
    expect(said({ kind: 'moon_landed' })).toBe('記録: moon_landed');
    expect(sentenceOf(aDeed({ kind: 'moon_landed' }), namesIn(en))).toBe('recorded: moon_landed');
  });
});

test('the strength of a password grows with what cannot be foreseen, not with its length', () => {
  const of = (...passwords: string[]) => passwords.map((one) => strengthOf(one));

  expect(of('')).toEqual(['empty']);
  expect(of('short', 'みかんの木が3本ある庭')).toEqual(['short', 'short']);
  expect(of('aaaaaaaaaaaaaaaaaaaa', 'password1234', 'abcabcabcabcabc', '123456789012')).toEqual([
    'weak',
    'weak',
    'weak',
    'weak',
  ]);
  expect(of('correct horse battery staple', 'みかんの木が3本あるお庭です')).toEqual(['good', 'good']);
  expect(strengthOf('hanako-no-niwa-3-mikan', ['hanako'])).toBe('weak');
});

test.each([
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156 Safari/537.36', 'Chrome (Windows)'],
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/156 Safari/537.36 Edg/156', 'Edge (Windows)'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) Version/20 Safari/604', 'Safari (iPhone)'],
  ['Mozilla/5.0 (Linux; Android 16) Chrome/156 Mobile Safari/537.36', 'Chrome (Android)'],
  ['curl/8.5', 'curl'],
  ['', null],
])('a device is named as people say it: %s', (described, name) => {
  expect(deviceName(described)).toBe(name);
});
