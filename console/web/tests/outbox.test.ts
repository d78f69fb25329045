import { describe, expect, test } from 'vitest';
import { Refusal, Unreachable } from '../src/desk/api';
import type { Change, Drawer } from '../src/desk/drawer';
import { Outbox, type Outgoing } from '../src/desk/outbox';
import type { Message } from '../src/desk/rows';
import { aMessage, anOutgoing, settled } from './given';

/** One page's hand in the drawer of a browser. */
class MemoryDrawer implements Drawer {
  items = new Map<string, Outgoing>();
  #others: MemoryDrawer[] = [];
  #claims = new Map<string, MemoryDrawer>();
  #hear: (change: Change) => void = () => {};

  /** That of another page of the same browser. */
  beside(): MemoryDrawer {
    const other = new MemoryDrawer();
    Object.assign(other, { items: this.items });
    [other.#others, other.#claims] = [[this], this.#claims];
    this.#others.push(other);
    return other;
  }

  close(): void {
    for (const [id, page] of this.#claims) if (page === this) this.#claims.delete(id);
  }

  all = () => Promise.resolve([...this.items.values()]);
  put = (item: Outgoing) => {
    this.#tell({ put: item });
    return Promise.resolve(void this.items.set(item.client_msg_id, item));
  };
  remove = (id: string) => Promise.resolve(void this.items.delete(id));
  giveUp = (id: string) => {
    this.#tell({ gaveUp: id });
    return this.remove(id);
  };
  follow = (hear: (change: Change) => void) => void (this.#hear = hear);
  claim = (id: string) => {
    if (!this.#claims.has(id)) this.#claims.set(id, this);
    return Promise.resolve(this.#claims.get(id) === this);
  };

  #tell(change: Change): void {
    for (const other of this.#others) other.#hear(structuredClone(change));
  }
}

type Answer = Message | Error;

async function anOutbox(answers: Answer[], drawer = new MemoryDrawer()) {
  const sent: { id: string; force?: boolean }[] = [];
  const quotes: (number | undefined)[] = [];
  const shown: Message[] = [];
  const pauses: number[] = [];
  const lost: string[] = [];
  const left: string[] = [];
  const unwanted: [string, number | null][] = [];
  const bodies: unknown[] = [];
  const outbox = new Outbox(drawer, {
    send: (_talk, sending) => {
      sent.push({ id: sending.client_msg_id, ...(sending.force ? { force: true } : {}) });
      quotes.push(sending.quoted_seq);
      bodies.push(sending.messages ?? sending.text);
      const answer = answers.shift();
      if (answer === undefined) return new Promise(() => {});
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    shown: (message) => shown.push(message),
    told: () => {},
    changed: () => {},
    files: (ids) => Promise.resolve(ids.map((id) => ({ type: 'image', id }))),
    lost: (ids) => Promise.resolve(void lost.push(...ids)),
    left: (item) => left.push(item.client_msg_id),
    unwanted: (item, message) => unwanted.push([item.client_msg_id, message?.seq ?? null]),
    notKept: () => undefined,
    pause: (ms) => Promise.resolve(void pauses.push(ms)),
  });
  await outbox.open('me');
  return { outbox, drawer, sent, shown, pauses, lost, left, unwanted, bodies, quotes };
}

const stale = () =>
  new Refusal(409, 'stale', '', { messages: [aMessage({ seq: 4, sender: 'operator' })] });

describe('the outbox', () => {
  test('sends what the browser cannot keep', async () => {
    const drawer = new MemoryDrawer();
    drawer.put = () => Promise.reject(new Error('no room'));
    const { outbox, sent } = await anOutbox([aMessage({ seq: 9 })], drawer);

    await outbox.add(anOutgoing());
    await settled();

    expect(sent.length).toBe(1);
    expect(outbox.of('c1')).toEqual([]);
  });

  test('shows as failed what broke in a way that nobody foresaw, and tries it anew', async () => {
    const { outbox } = await anOutbox([new TypeError('odd') as Error, aMessage({ seq: 9 })]);

    await outbox.add(anOutgoing());
    await settled();
    expect(outbox.of('c1')[0]?.state).toBe('failed');

    await outbox.again('x1', false);
    await settled();
    expect(outbox.of('c1')).toEqual([]);
  });

  test('keeps a message before its first try, and forgets it when the server has it', async () => {
    const { outbox, drawer, shown } = await anOutbox([aMessage({ seq: 9 })]);

    const adding = outbox.add(anOutgoing());
    expect(drawer.items.has('x1')).toBe(true);
    await adding;
    await settled();

    expect(shown.map((message) => message.seq)).toEqual([9]);
    expect(drawer.items.size).toBe(0);
    expect(outbox.of('c1')).toEqual([]);
  });

  test('tries again under the same id, with longer pauses, while the server is away', async () => {
    const away = () => new Unreachable(null);
    const { outbox, sent, pauses } = await anOutbox([away(), away(), away(), aMessage()]);

    await outbox.add(anOutgoing());
    await settled();
    await settled();

    expect(sent.map((one) => one.id)).toEqual(['x1', 'x1', 'x1', 'x1']);
    expect(pauses).toEqual([1000, 2000, 4000]);
    expect(outbox.of('c1')).toEqual([]);
  });

  test('says why it waits to who sends too fast, and goes on by itself with nothing lost', async () => {
    const answers: Answer[] = [new Refusal(429, 'too_fast', '少し待つと、また送れます。')];
    const { outbox, drawer, sent, pauses } = await anOutbox(answers);

    await outbox.add(anOutgoing({ client_msg_id: 'x1', text: 'はやい' }));
    await settled();
    expect(pauses).toEqual([1000]);
    expect(outbox.of('c1')[0]).toMatchObject({ state: 'sending', message: '少し待つと、また送れます。' });
    expect(drawer.items.get('x1')!.text).toBe('はやい');
    expect(sent.map((one) => one.id)).toEqual(['x1', 'x1']);
  });

  test('holds what the writer may overrule, with what was missed, and sends it by force', async () => {
    const { outbox, sent, shown } = await anOutbox([stale(), aMessage({ seq: 5 })]);

    await outbox.add(anOutgoing());
    await settled();
    expect(outbox.of('c1')[0]).toMatchObject({ state: 'held', code: 'stale' });
    expect(outbox.of('c1')[0]!.missed.map((message) => message.seq)).toEqual([4]);
    await outbox.again('x1', true);
    await settled();

    expect(sent).toEqual([{ id: 'x1' }, { id: 'x1', force: true }]);
    expect(shown.map((message) => message.seq)).toEqual([4, 5]);
  });

  test('a refusal that is final fails, says why, and gives the text back', async () => {
    const blocked = new Refusal(409, 'blocked', 'ブロックされています');
    const { outbox } = await anOutbox([blocked]);

    await outbox.add(anOutgoing());
    await settled();
    expect(outbox.of('c1')[0]).toMatchObject({ state: 'failed', message: 'ブロックされています' });

    expect(await outbox.discard('x1')).toBe('こんにちは');
    expect(outbox.of('c1')).toEqual([]);
  });

  test('messages of one talk leave in the order in which they were written', async () => {
    const { outbox, sent } = await anOutbox([
      new Unreachable(null),
      aMessage(),
      aMessage({ seq: 2 }),
    ]);

    await outbox.add(anOutgoing());
    await outbox.add(anOutgoing({ client_msg_id: 'x2' }));
    await settled();
    await settled();

    expect(sent.map((one) => one.id)).toEqual(['x1', 'x1', 'x2']);
  });

  test('what an earlier page left behind is sent; what another operator left is not', async () => {
    const drawer = new MemoryDrawer();
    await drawer.put(anOutgoing());
    await drawer.put(anOutgoing({ client_msg_id: 'x2', operator_id: 'somebody' }));
    const { sent } = await anOutbox([aMessage()], drawer);
    await settled();

    expect(sent.map((one) => one.id)).toEqual(['x1']);
    expect([...drawer.items.keys()]).toEqual(['x2']);
  });

  test('nothing goes out under the name of whoever signs in next', async () => {
    const { outbox, sent } = await anOutbox([new Unreachable(null)]);
    await outbox.add(anOutgoing());
    await outbox.open('somebody');
    await settled();

    expect(sent.map((one) => one.id)).toEqual(['x1']);
    expect(outbox.of('c1')).toEqual([]);
  });

  test('the feed may be faster than the answer: nothing is left to do', async () => {
    const { outbox, drawer } = await anOutbox([]);

    await outbox.add(anOutgoing());
    await outbox.arrived('x1', aMessage());

    expect(outbox.of('c1')).toEqual([]);
    expect(drawer.items.size).toBe(0);
  });

  test('what is taken back before the answer goes on, and is cancelled when it is there', async () => {
    const { outbox, unwanted, left, drawer } = await anOutbox([new Unreachable(null), aMessage({ seq: 9 })]);

    await outbox.add(anOutgoing());
    await outbox.unwant('x1');
    expect([...drawer.items.values()][0]?.isUnwanted).toBe(true);
    await settled();
    await settled();

    expect([left, unwanted]).toEqual([['x1'], [['x1', 9]]]);
    expect(outbox.of('c1')).toEqual([]);
  });

  test('what is taken back and refused is given back, also over a question', async () => {
    const { outbox, unwanted } = await anOutbox([stale()]);

    await outbox.add(anOutgoing());
    await outbox.unwant('x1');
    await settled();

    expect(unwanted).toEqual([['x1', null]]);
  });

  test('what is sent again after all is wanted again', async () => {
    const answers = [new TypeError('odd'), aMessage({ seq: 9 })];
    const { outbox, unwanted, left } = await anOutbox(answers);

    await outbox.add(anOutgoing());
    await outbox.unwant('x1');
    await settled();
    expect(outbox.of('c1')[0]?.state).toBe('failed');
    await outbox.again('x1', false);
    await settled();

    expect([left, unwanted]).toEqual([['x1'], []]);
  });

  test('what another page throws away or writes anew is not here any more either', async () => {
    const blocked = () => new Refusal(409, 'blocked', '');
    const drawer = new MemoryDrawer();
    await drawer.put(anOutgoing());
    const first = await anOutbox([blocked()], drawer);
    await settled();
    const second = await anOutbox([], drawer.beside());
    expect(second.outbox.of('c1')[0]?.state).toBe('failed');

    await first.outbox.discard('x1');
    expect(second.outbox.of('c1')).toEqual([]);
    await second.outbox.again('x1', true);
    await settled();

    expect([second.sent, drawer.items.size]).toEqual([[], 0]);
  });

  test('what another page tries again, and is closed, goes out from here', async () => {
    const drawer = new MemoryDrawer();
    await drawer.put(anOutgoing({ state: 'failed' }));
    const first = await anOutbox([], drawer);
    const second = await anOutbox([aMessage({ seq: 9 })], drawer.beside());

    await first.outbox.again('x1', true); // which never hears an answer
    await settled();

    expect(second.sent).toEqual([{ id: 'x1', force: true }]);
    expect([second.outbox.of('c1'), drawer.items.size]).toEqual([[], 0]);
  });

  test('what is refused to a page of an older session waits until it may go', async () => {
    const { outbox, drawer, pauses } = await anOutbox([new Refusal(403, 'csrf', '読み込み直す')]);

    await outbox.add(anOutgoing());
    await settled();

    expect(pauses).toEqual([1000]);
    expect(outbox.of('c1')[0]).toMatchObject({ state: 'sending', message: '読み込み直す' });
    expect(drawer.items.size).toBe(1);
  });

  test('what another page takes back is cancelled by that page, and by no other', async () => {
    const drawer = new MemoryDrawer();
    const first = await anOutbox([], drawer);
    await first.outbox.add(anOutgoing());
    const second = await anOutbox([], drawer.beside());
    await first.outbox.unwant('x1');
    expect(second.outbox.of('c1')[0]?.isUnwanted).toBe(true);

    for (const page of [second, first]) await page.outbox.arrived('x1', aMessage({ seq: 7 }));

    expect([first.unwanted, first.left]).toEqual([[['x1', 7]], ['x1']]);
    expect([second.unwanted, second.left]).toEqual([[], []]);
    expect(second.outbox.of('c1')).toEqual([]);
  });

  test('what another page took back before it was closed is cancelled by those that are left', async () => {
    const drawer = new MemoryDrawer();
    const first = await anOutbox([], drawer);
    await first.outbox.add(anOutgoing());
    const second = await anOutbox([], drawer.beside());
    await first.outbox.unwant('x1');
    drawer.close();

    await second.outbox.arrived('x1', aMessage({ seq: 7 }));

    expect(second.unwanted).toEqual([['x1', 7]]);
  });

  test('what another page took back and was refused waits here until that page has seen to it', async () => {
    const drawer = new MemoryDrawer();
    const first = await anOutbox([], drawer);
    await first.outbox.add(anOutgoing());
    await first.outbox.unwant('x1');
    const second = await anOutbox([stale()], drawer.beside());
    await settled();
    expect([second.unwanted, second.pauses]).toEqual([[], [1000]]);

    await first.outbox.discard('x1');
    await settled();

    expect([second.outbox.of('c1'), drawer.items.size]).toEqual([[], 0]);
  });

  test('the feed may be faster also with what is taken back: it is cancelled once', async () => {
    const { outbox, unwanted } = await anOutbox([]);

    await outbox.add(anOutgoing());
    await outbox.unwant('x1');
    await outbox.arrived('x1', aMessage({ seq: 7 }));
    await outbox.arrived('x1', aMessage({ seq: 7 }));

    expect(unwanted).toEqual([['x1', 7]]);
  });

  test('a parcel waits for its files, and goes out as LINE’s messages in order', async () => {
    const { outbox, bodies, left, quotes } = await anOutbox([aMessage()]);

    await outbox.add(
      anOutgoing({
        parcel: {
          texts: ['こんにちは', '続き'],
          attachments: ['a1'],
          quick: [{ label: 'はい', text: 'はい、お願いします' }],
          quotedSeq: 7,
        },
      }),
    );
    await settled();
    await settled();

    const action = { type: 'message', label: 'はい', text: 'はい、お願いします' };
    expect(bodies).toEqual([
      [
        { type: 'text', text: 'こんにちは' },
        { type: 'text', text: '続き' },
        { type: 'image', id: 'a1', quickReply: { items: [{ type: 'action', action }] } },
      ],
    ]);
    expect(left).toEqual(['x1']);
    expect(quotes).toEqual([7]);
  });

  test('files that the server has lost are given anew before another try', async () => {
    const gone = new Refusal(409, 'upload_gone', '');
    const { outbox, lost, left } = await anOutbox([gone, aMessage()]);
    const parcel = { texts: [], attachments: ['a1'], quick: [], quotedSeq: null };

    await outbox.add(anOutgoing({ text: '', parcel }));
    await settled();
    expect(outbox.of('c1')[0]).toMatchObject({ state: 'failed', code: 'upload_gone' });
    expect(lost).toEqual(['a1']);
    await outbox.again('x1', false);
    await settled();
    await settled();

    expect(left).toEqual(['x1']);
  });
});
