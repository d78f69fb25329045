import { beforeEach, expect, test, vi } from 'vitest';

const kept = new Map<string, string>();
vi.stubGlobal('location', { pathname: '/', search: '', origin: '' });
vi.stubGlobal('localStorage', {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
});
const { bubblesOf, lackOf, messagesOf, moved, pictureBubble, textBubble } = await import(
  '../src/broadcasts/bubbles'
);
const { progressOf, timesOf, waiting, whenOf } = await import('../src/broadcasts/figures');
const { Draft } = await import('../src/broadcasts/draft.svelte');
const { KeptDrafts, NEW } = await import('../src/broadcasts/kept');
const { CastList } = await import('../src/broadcasts/list.svelte');
const { hearBroadcast, heardOf } = await import('../src/state/broadcasts.svelte');
const { stopped } = await import('../src/state/stopped.svelte');
const { api } = await import('../src/state/session.svelte');
const { sendSurely } = await import('../src/broadcasts/sending');
const { castCalls } = await import('../src/broadcasts/calls');
const { Refusal, Unreachable } = await import('../src/desk/api');
const { addressOf, parsePlace } = await import('../src/state/place.svelte');
const { fetchWords } = await import('../src/words/book');
await fetchWords('ja');

import type { Broadcast, Whole } from '../src/broadcasts/rows';
import { browserBox } from '../src/desk/box';
import type { Entry } from '../src/desk/rows';

const HELLO = { type: 'text', text: 'お知らせ' };
const PICTURE = { type: 'image', originalContentUrl: 'https://a/1', previewImageUrl: 'https://a/2' };

function row(more: Partial<Broadcast> = {}): Broadcast {
  return {
    ...{ id: 'b1', account: 'main', title: '年末', status: 'draft', why_stopped: null },
    ...{ line_said: null, send_at: null, checked_at: null, created_by: 'o1' },
    ...{ created_by_name: '見本', created_at: '2026-11-24T00:00:00Z' },
    ...{ updated_at: '2026-11-24T00:00:00Z', sent_by: null, sent_by_name: null, began_at: null },
    ...{ is_frozen: false, ended_at: null, recipients: 0, sent: 0, unknown: 0, failed: 0 },
    ...{ cancelled: 0, retried: 0, version: 1 },
    ...more,
  };
}

const whole = (more: Partial<Broadcast> = {}, messages = [HELLO]): Whole => ({
  ...{ broadcast: row(more), messages, unknown_calls: [], unknown_count: 0, unknown_people: 0 },
  failures: [],
  at: { main: 10 },
});

const entry = (id: number, broadcast: Broadcast, kind = 'broadcast.changed'): Entry => ({
  ...{ account: 'main', id, kind, payload: { broadcast }, actor: { kind: 'system' } },
  at: '2026-11-24T00:00:00Z',
});

const drafts = () => new KeptDrafts(browserBox, 'me');

beforeEach(() => {
  kept.clear();
  vi.restoreAllMocks();
});

test('bubbles become what LINE takes, and come back', () => {
  const bubbles = bubblesOf([HELLO, PICTURE], '画像');
  expect(messagesOf(bubbles)).toEqual([HELLO, PICTURE]);
  expect(messagesOf(moved(bubbles, 0, 1))).toEqual([PICTURE, HELLO]);
  expect(messagesOf([pictureBubble('見本.jpg')])).toEqual([]);
});

test('a draft says what it lacks, by LINE’s own count', () => {
  expect(lackOf(' ', [textBubble('a')])).toBe('title');
  expect(lackOf('a', [])).toBe('bubble');
  expect(lackOf('a', [textBubble(' ')])).toBe('text');
  expect(lackOf('a', [textBubble('あ'.repeat(5000))])).toBeNull();
  expect(lackOf('a', [textBubble('😊'.repeat(2501))])).toBe('shorter');
  expect(lackOf('a', [textBubble('a'), pictureBubble('見本.jpg')])).toBe('picture');
  const refused = { ...pictureBubble('見本.jpg'), refusal: '読めません' };
  expect(lackOf('a', [pictureBubble('見本.jpg'), refused])).toBe('refused');
});

test('the figures say who is left, how far it is, and when it was', () => {
  const going = row({ began_at: '2026-11-24T01:00:00Z', recipients: 10, sent: 5, failed: 1 });
  expect([waiting(going), progressOf(going)]).toEqual([4, null]);
  expect(progressOf({ ...going, is_frozen: true })).toBe(0.6);
  expect(progressOf(row({ is_frozen: true }))).toBe(1);
  expect(whenOf(row()).what).toBe('changed');
  expect(whenOf(row({ status: 'scheduled', send_at: '2026-12-01T00:00:00Z' })).what).toBe('at');
  expect(whenOf({ ...going, status: 'sending' }).what).toBe('began');
  expect(whenOf({ ...going, status: 'done', ended_at: going.began_at }).what).toBe('ended');
  const never = row({ status: 'cancelled', send_at: '2026-12-01T00:00:00Z', ended_at: going.began_at });
  expect(whenOf(never).what).toBe('cancelled');
  expect(timesOf({ ...going, ended_at: going.began_at }).map(({ what }) => what)).toEqual([
    'began',
    'ended',
  ]);
});

test('what is written stays in this browser until the server has it', async () => {
  const draft = new Draft(null, 'main', drafts());
  draft.keep();
  expect(kept.size).toBe(0); // nothing is written yet
  draft.title = '年末';
  (draft.bubbles[0] as { text: string }).text = 'お知らせ';
  draft.keep();

  const again = new Draft(null, 'main', drafts());
  expect([again.title, again.messages, again.isRestored]).toEqual(['年末', [HELLO], true]);
  const create = vi.spyOn(castCalls, 'create');
  create.mockRejectedValueOnce(new Unreachable(null)).mockResolvedValueOnce(whole());
  expect(await again.save()).toBeNull();
  expect(again.trouble?.kind).toBe('other');
  expect(await again.save()).not.toBeNull();

  const [first, second] = create.mock.calls;
  expect(first).toEqual(second); // the same request, so that it makes one
  expect(drafts().read(NEW)).toBeNull();
  expect([again.isChanged, again.id]).toEqual([false, 'b1']);
});

test('what was written after a request without an answer is saved too', async () => {
  const draft = new Draft(null, 'main', drafts());
  draft.title = '年末年始';
  (draft.bubbles[0] as { text: string }).text = 'お知らせ';
  vi.spyOn(castCalls, 'create').mockResolvedValueOnce(whole()); // as it was asked for first
  const change = vi.spyOn(castCalls, 'change');
  change.mockResolvedValueOnce(whole({ version: 2, title: '年末年始' }));

  expect((await draft.save())?.broadcast.title).toBe('年末年始');
  expect(change.mock.lastCall).toEqual(['b1', 1, { title: '年末年始', messages: [HELLO] }]);
  expect([draft.isChanged, draft.version]).toEqual([false, 2]);
});

test('who was second sees what the first wrote, and decides', async () => {
  const draft = new Draft(whole(), 'main', drafts());
  draft.title = '年始';
  const theirs = whole({ version: 2, title: '春' });
  const change = vi.spyOn(castCalls, 'change');
  change.mockRejectedValueOnce(new Refusal(409, 'lost_race', ''));
  vi.spyOn(castCalls, 'get').mockResolvedValue(theirs);
  expect(await draft.save()).toBeNull();
  await vi.waitFor(() => expect(draft.trouble?.kind).toBe('lost'));
  expect([draft.title, draft.mustChoose]).toEqual(['年始', true]);

  change.mockResolvedValueOnce(whole({ version: 3, title: '年始' }));
  expect(await draft.overwrite()).not.toBeNull();
  expect(change.mock.lastCall?.slice(0, 2)).toEqual(['b1', 2]);
  expect(draft.trouble).toBeNull();
});

test('who has written nothing sees a colleague’s draft at once; what is written is asked about', () => {
  const draft = new Draft(whole(), 'main', drafts());
  draft.meet(whole({ version: 2, title: '春' }));
  expect([draft.title, draft.version]).toEqual(['春', 2]);
  draft.title = '夏';
  draft.meet(whole({ version: 3, title: '秋' }));
  expect([draft.title, draft.trouble?.kind]).toEqual(['夏', 'lost']);
  draft.takeTheirs();
  expect([draft.title, draft.version, draft.isChanged]).toEqual(['秋', 3, false]);
});

test('what was kept here of an older draft is no silent loss for who wrote the newer', () => {
  const first = new Draft(whole(), 'main', drafts());
  first.title = '年始';
  first.keep();
  const later = new Draft(whole({ version: 2, title: '春' }), 'main', drafts());
  expect([later.title, later.trouble?.kind]).toEqual(['年始', 'lost']);
});

test('the journal tells a list what changed since it was read, and nothing older', async () => {
  const page = { items: [row({ id: 'h1' }), row({ id: 'h2' })], next: null, at: { main: 20 } };
  vi.spyOn(castCalls, 'list').mockResolvedValue(page);
  const list = new CastList();
  await list.load(null, []);
  hearBroadcast(entry(20, row({ id: 'h1', title: '古い' })));
  hearBroadcast(entry(21, row({ id: 'h2', status: 'sending', sent: 3 })));
  expect(list.shown?.map((one) => [one.title, one.sent])).toEqual([['年末', 0], ['年末', 3]]);
  expect(list.isBehind(null)).toBe(false);
  hearBroadcast(entry(22, row({ id: 'h3' })));
  expect([list.isBehind(null), list.isBehind('other')]).toEqual([true, false]);
  hearBroadcast(entry(23, row({ id: 'h2' }), 'broadcast.deleted'));
  expect(list.shown?.map((one) => one.id)).toEqual(['h1']);
  expect(heardOf('h2', 'main', { main: 23 })).toBeNull();
});

test('the decision to send is made once, also when no answer comes', async () => {
  const schedule = vi.spyOn(castCalls, 'schedule');
  const get = vi.spyOn(castCalls, 'get');
  schedule.mockRejectedValueOnce(new Unreachable(null)).mockResolvedValueOnce(whole({ version: 2 }));
  get.mockResolvedValueOnce(whole());
  expect((await sendSurely('b1', 1, null)).broadcast.version).toBe(2);

  // The first one arrived after all: the second is refused, and the broadcast tells why.
  const sending = whole({ version: 2, status: 'sending' });
  schedule.mockRejectedValueOnce(new Unreachable(null));
  schedule.mockRejectedValueOnce(new Refusal(409, 'lost_race', ''));
  get.mockResolvedValueOnce(whole()).mockResolvedValueOnce(sending);
  expect(await sendSurely('b1', 1, null)).toBe(sending);

  schedule.mockRejectedValueOnce(new Refusal(409, 'short_month', ''));
  get.mockResolvedValueOnce(whole());
  await expect(sendSurely('b1', 1, null)).rejects.toThrow(Refusal);
});

test('a broadcast has an address of its own', () => {
  const at = parsePlace('/broadcasts/b1', '');
  expect([at.room, at.file]).toEqual(['broadcasts', 'b1']);
  expect(addressOf(at)).toBe('/broadcasts/b1');
  expect(addressOf(parsePlace('/broadcasts', ''))).toBe('/broadcasts');
  expect(parsePlace('/flows/faq/salon.yaml', '').room).toBe('flows');
});

test('what stands still is counted as it was read, and as the journal tells it since', async () => {
  const items = [row({ id: 's1', status: 'stopped' }), row({ id: 's2', status: 'stopped' })];
  vi.spyOn(api, 'call').mockResolvedValue({ items, next: null, at: { main: 1000 } });
  await stopped.load();
  expect(stopped.count).toBe(2);
  hearBroadcast(entry(999, row({ id: 's1', status: 'sending' }))); // older than what was read
  expect(stopped.count).toBe(2);
  hearBroadcast(entry(1001, row({ id: 's1', status: 'sending' })));
  hearBroadcast(entry(1002, row({ id: 's3', status: 'stopped' })));
  expect(stopped.count).toBe(2);
  hearBroadcast(entry(1003, row({ id: 's2', status: 'cancelled' })));
  hearBroadcast(entry(1004, row({ id: 's3', status: 'stopped' })));
  expect(stopped.count).toBe(1);
  vi.spyOn(api, 'call').mockRejectedValue(new Unreachable(null));
  await stopped.load();
  expect(stopped.count).toBe(1);
});
