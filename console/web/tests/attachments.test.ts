import { describe, expect, test } from 'vitest';
import { Refusal, Unreachable } from '../src/desk/api';
import { Attachments, type Attachment, type Shelf, type Upload } from '../src/desk/attachments';
import { settled } from './given';

class MemoryShelf implements Shelf {
  items = new Map<string, Attachment>();
  all = () => Promise.resolve([...this.items.values()]);
  put = (item: Attachment) => Promise.resolve(void this.items.set(item.id, item));
  remove = (id: string) => Promise.resolve(void this.items.delete(id));
}

function anUpload(item: Attachment, name = item.name): Upload {
  return {
    id: `u-${item.id}`,
    client_upload_id: item.id,
    conversation_id: item.conversation_id,
    kind: 'image',
    name,
    mime: 'image/png',
    size_bytes: 3,
    width: 1,
    height: 1,
    duration_ms: null,
    created_at: new Date().toISOString(),
    expires_at: null,
    message: { type: 'image', of: item.id },
  };
}

async function some(failures: Error[] = [], shelf = new MemoryShelf()) {
  const given: string[] = [];
  const pauses: number[] = [];
  const withdrawn: string[] = [];
  const attachments = new Attachments(shelf, {
    send: (item, gone) => {
      given.push(item.id);
      gone(0.5);
      const failure = failures.shift();
      return failure ? Promise.reject(failure) : Promise.resolve(anUpload(item));
    },
    rename: (id, name) =>
      Promise.resolve(anUpload(shelf.items.get(id.slice(2))!, `${name}(server)`)),
    withdraw: (id) => Promise.resolve(void withdrawn.push(id)),
    changed: () => {},
    notKept: () => {},
    pause: (ms) => Promise.resolve(void pauses.push(ms)),
  });
  await attachments.open('me');
  const add = (id: string, refusal: string | null = null) =>
    attachments.add({
      id,
      conversation_id: 'c1',
      operator_id: 'me',
      name: `${id}.png`,
      type: 'image/png',
      size: 3,
      blob: new Blob(['abc']),
      refusal,
    });
  return { attachments, shelf, given, pauses, withdrawn, add };
}

const ids = (list: Attachment[]) => list.map((one) => one.id);

async function done() {
  for (let round = 0; round < 5; round += 1) await settled();
}

describe('attachments', () => {
  test('are kept before the first try, and tried again while the server is away', async () => {
    const away = () => new Unreachable(null);
    const { attachments, shelf, given, pauses, add } = await some([away(), away()]);

    const adding = add('a');
    expect(shelf.items.has('a')).toBe(true);
    await adding;
    await done();

    expect(given).toEqual(['a', 'a', 'a']);
    expect(pauses).toEqual([1000, 2000]);
    expect(await attachments.ready(['a'])).toEqual([{ type: 'image', of: 'a' }]);
    expect(given).toHaveLength(3);
  });

  test('a refusal is shown, loses nothing, and can be tried again', async () => {
    const { attachments, add } = await some([new Refusal(415, 'bad_file', '送れません')]);

    await add('a');
    await add('b');
    await done();

    expect(attachments.of('c1').map((one) => one.refusal)).toEqual(['送れません', null]);
    await expect(attachments.ready(['b'])).resolves.toHaveLength(1);
    await attachments.again('a');
    await done();
    expect(attachments.of('c1').map((one) => one.refusal)).toEqual([null, null]);
  });

  test('what the browser refuses itself goes nowhere', async () => {
    const { given, add } = await some();

    await add('a', 'この種類は送れません');
    await done();

    expect(given).toEqual([]);
  });

  test('go with a message, come back with it, and are let go when it has left', async () => {
    const { attachments, shelf, add } = await some();
    await add('a');
    await add('b');

    await attachments.take(['a', 'b'], 'x1');
    expect([ids(attachments.of('c1')), ids(attachments.takenBy('x1'))]).toEqual([[], ['a', 'b']]);
    await attachments.giveBack('x1');
    expect(ids(attachments.of('c1'))).toEqual(['a', 'b']);
    await attachments.take(['b'], 'x2');
    await attachments.release('x2');

    expect(ids(attachments.of('c1'))).toEqual(['a']);
    expect([...shelf.items.keys()]).toEqual(['a']);
  });

  test('are ordered and named by hand', async () => {
    const { attachments, add } = await some();
    for (const id of ['a', 'b', 'c']) await add(id);
    await done();

    await attachments.move('c', -1);
    await attachments.move('a', -1); // it is the first already
    await attachments.rename('b', '見積書.png');

    expect(ids(attachments.of('c1'))).toEqual(['a', 'c', 'b']);
    expect(attachments.of('c1')[2]!.name).toBe('見積書.png(server)');
  });

  test('what is taken out is taken back from the server', async () => {
    const { attachments, withdrawn, add } = await some();
    await add('a');
    await done();

    await attachments.remove('a');

    expect(withdrawn).toEqual(['u-a']);
    await expect(attachments.ready(['a'])).rejects.toMatchObject({ code: 'upload_gone' });
  });

  test('a new page takes up what was left, of this operator alone', async () => {
    const shelf = new MemoryShelf();
    const before = await some([new Unreachable(null)], shelf);
    await before.add('a');
    shelf.items.set('a', { ...shelf.items.get('a')!, upload: null });
    shelf.items.set('z', { ...shelf.items.get('a')!, id: 'z', operator_id: 'somebody' });

    const after = await some([], shelf);
    await done();

    expect(after.given).toEqual(['a']);
    expect(ids(after.attachments.of('c1'))).toEqual(['a']);
  });
});
