import { describe, expect, test } from 'vitest';
import { Refusal, Unreachable } from '../src/desk/api';
import { Drafts } from '../src/desk/drafts';
import { Keeper, PAUSE_MS } from '../src/drafting/keeper';
import type { OwnDraft } from '../src/drafting/rows';
import { aBox, AStorage, AT, settled } from './given';

/** The server's rule, as `storage/drafts.py` has it, for one talk and its reply. */
class Server {
  row: OwnDraft | null = null;
  saves: string[] = [];
  trouble: Error | null = null;

  async save(_talk: string, given: { text: string; device: string; base: number; kind: 'reply' | 'note' }) {
    if (this.trouble !== null) throw this.trouble;
    const { text, device, base, kind } = given;
    this.saves.push(text);
    const before = this.row;
    const isUnseen = before !== null && before.device !== device && before.version !== base && before.text !== '';
    const aside = isUnseen ? [{ device: before.device, text: before.text, at: AT }] : [];
    this.row = {
      id: 'd1', conversation_id: 'c1', kind, text, device, others: aside, shared: false,
      updated_at: AT, version: (before?.version ?? 0) + 1,
    };
    return this.row;
  }

  async drafts() {
    if (this.trouble !== null) throw this.trouble;
    return { reply: this.row, note: null, shared: [] };
  }
}

/** A browser's page: a store of its own, or that of another page in the same browser. */
function aPage(server: Server, device: string, storage = new AStorage()) {
  const box = aBox(storage);
  const waiting: { work: () => void; ms: number }[] = [];
  const adopted: string[] = [];
  const texts = () => new Drafts(box, 'me');
  let typing: string | null = null;
  const keeper = new Keeper(server, {
    texts,
    box,
    operatorId: () => 'me',
    catchUp: () => {
      if (typing !== null) type(typing);
      typing = null;
    },
    adopted: (talk) => adopted.push(talk),
    changed: () => {},
    later: (work, ms) => {
      waiting.push({ work, ms });
      return waiting.length as unknown as ReturnType<typeof setTimeout>;
    },
  }, device);
  const type = (text: string) => {
    texts().write('c1', 'reply', text);
    keeper.typed('c1', 'reply');
  };
  return {
    keeper,
    waiting,
    adopted,
    read: () => texts().read('c1', 'reply'),
    type,
    /** It stands in the box, and nowhere else as yet. */
    press: (text: string) => (typing = text),
    pass: async () => {
      waiting.splice(0).at(-1)?.work();
      await settled();
    },
  };
}

/** The shop has written, and the server has it; at home nothing of it is known yet. */
async function writtenInTheShop() {
  const server = new Server();
  const shop = aPage(server, 'a');
  shop.type('店から');
  await shop.pass();
  return { server, home: aPage(server, 'b') };
}

describe('a draft', () => {
  test('lies here at once and goes to the server 800 ms after the last key', async () => {
    const server = new Server();
    const page = aPage(server, 'a');

    page.type('こん');
    page.type('こんにちは');

    expect(page.read()).toBe('こんにちは');
    expect(page.waiting.at(-1)!.ms).toBe(PAUSE_MS);
    expect(page.keeper.state('c1', 'reply')).toBe('waiting');
    await page.pass();
    expect(server.saves).toEqual(['こんにちは']);
    expect(page.keeper.state('c1', 'reply')).toBe('kept');
  });

  test('is there on another machine when its talk is opened', async () => {
    const { home } = await writtenInTheShop();
    await home.keeper.opened('c1');

    expect(home.read()).toBe('店から');
    expect(home.adopted).toEqual(['c1']);
  });

  test('of two pages of one browser, too: what one has not seen it does not write over', async () => {
    const server = new Server();
    const storage = new AStorage();
    const [first, second] = [aPage(server, 'a', storage), aPage(server, 'b', storage)];
    first.type('ひとつめ');
    await first.pass();
    second.type('ふたつめ');
    await second.pass();

    first.type('ひとつめの続き');
    await first.pass();

    expect(first.keeper.known('c1', 'reply')?.others.map((one) => one.text)).toEqual(['ふたつめ']);
  });

  test('of two pages the newest counts, and the other is offered to whoever wrote it', async () => {
    const server = new Server();
    const [shop, home] = [aPage(server, 'a'), aPage(server, 'b')];
    await home.keeper.opened('c1');
    shop.type('店から');
    await shop.pass();

    home.type('家から');
    await home.pass();

    expect(server.row!.text).toBe('家から');
    expect(home.keeper.known('c1', 'reply')!.others.map((one) => one.text)).toEqual(['店から']);
    expect(shop.read()).toBe('店から'); // what stands in a box is never replaced from outside
  });

  test('that was typed while the server was asked is not replaced by its answer', async () => {
    const { server, home } = await writtenInTheShop();
    const opening = home.keeper.opened('c1');
    home.type('もう書いた');
    await opening;

    expect(home.read()).toBe('もう書いた');
    await home.pass();
    expect(server.row!.others.map((one) => one.text)).toEqual(['店から']);
  });

  test('is no less written while it stands in its box alone', async () => {
    const { server, home } = await writtenInTheShop();
    const opening = home.keeper.opened('c1');
    home.press('も');
    await opening;

    expect([home.read(), home.adopted]).toEqual(['も', []]);
    await home.pass();
    expect(server.row!.others.map((one) => one.text)).toEqual(['店から']);
    home.press('もう');
    await home.keeper.flush('c1', 'reply');
    expect(server.row!.text).toBe('もう');
  });

  test('without a line stays here, and goes when there is one again', async () => {
    const server = new Server();
    const page = aPage(server, 'a');
    server.trouble = new Unreachable(null);

    page.type('圏外');
    await page.pass();
    expect(page.keeper.state('c1', 'reply')).toBe('only_here');

    server.trouble = null;
    await page.pass();
    expect(server.row!.text).toBe('圏外');
    expect(page.keeper.state('c1', 'reply')).toBe('kept');
  });

  test('that the server refuses stays here, and is not sent again and again', async () => {
    const server = new Server();
    const page = aPage(server, 'a');
    server.trouble = new Refusal(403, 'forbidden', '');

    page.type('断られた');
    await page.pass();

    expect(page.waiting).toEqual([]);
    expect(page.read()).toBe('断られた');
  });

  test('of before drafts were kept goes to the server when its talk is opened', async () => {
    const server = new Server();
    const storage = new AStorage();
    storage.setItem('draft/me/c1/reply', '前からの文');
    const page = aPage(server, 'a', storage);

    await page.keeper.opened('c1');
    await page.pass();

    expect(server.row!.text).toBe('前からの文');
  });

  test('that was sent from elsewhere is not there any more when the talk is opened', async () => {
    const server = new Server();
    const [shop, home] = [aPage(server, 'a'), aPage(server, 'b')];
    shop.type('送る文');
    await shop.pass();
    await home.keeper.opened('c1');
    home.type('');
    await home.pass();

    await shop.keeper.opened('c1');

    expect(shop.read()).toBe('');
  });

  test('that waits goes at once when the page is left', async () => {
    const server = new Server();
    const page = aPage(server, 'a');
    page.type('閉じる前');

    page.keeper.flushAll();
    await settled();

    expect(server.saves).toEqual(['閉じる前']);
  });
});
