/** What was done, as a sentence: made from its kind and parameters in the reader's language. */

import type { Deed } from './rows';

export interface Names {
  say: (key: string, params?: Record<string, string | number>) => string | null;
  role: (role: string) => string;
  account: (id: string) => string;
  /** A flow's id; the folder's shared files have one too. */
  flow: (id: string) => string;
  all: string;
  comma: string;
}

/** Kinds that have a sentence of their own for one of their parameters. */
const BY_PARAM: Record<string, string> = { signed_in: 'by', codes_required: 'is_needed' };

export function sentenceOf(deed: Deed, names: Names): string {
  const params = shown(deed, names);
  const special = BY_PARAM[deed.kind];
  const keys = [
    ...(special === undefined ? [] : [`deed.${deed.kind}.${String(deed.params[special])}`]),
    ...(deed.target === null ? [`deed.${deed.kind}.nobody`] : []),
    `deed.${deed.kind}`,
  ];
  for (const key of keys) {
    const said = names.say(key, params);
    if (said !== null) return said;
  }
  return names.say('deed.unknown', { kind: deed.kind }) ?? deed.kind;
}

function shown(deed: Deed, names: Names): Record<string, string> {
  const target = { target: deed.target?.name ?? deed.target?.id ?? '' };
  const said = Object.entries(deed.params).map(([name, value]): [string, string] => [
    name,
    valueText(deed.kind, name, value, names),
  ]);
  return { ...target, ...Object.fromEntries(said) };
}

function valueText(kind: string, name: string, value: unknown, names: Names): string {
  const isRole = name === 'role' || kind === 'role_changed';
  if (kind === 'desk_rules_changed' && Array.isArray(value)) {
    const told = value.map(([queue, what]: [string, string]) =>
      [queue, names.say(`rule.${what}`) ?? what].filter(Boolean).join(': '),
    );
    return told.join(names.comma);
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return names.all;
    const isAccount = kind === 'accounts_changed' || name === 'accounts';
    const named = isAccount ? names.account : name === 'flows' ? names.flow : String;
    return value.map((one) => named(String(one))).join(names.comma);
  }
  return isRole ? names.role(String(value)) : String(value);
}
