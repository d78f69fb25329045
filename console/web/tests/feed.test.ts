import { describe, expect, test } from 'vitest';
import { Feed, type StreamTail } from '../src/desk/feed';
import type { At, Entry } from '../src/desk/rows';
import { anEntry, settled } from './given';

/** A server that keeps one stream, and a page that notes what was applied. */
class World {
  entries: Entry[] = [];
  applied: number[] = [];
  asked: At[] = [];
  isSynced = false;
  isCut = false;
  pageSize = 500;
  forgottenBefore = 0;

  feed = new Feed(
    { resume: (streams) => this.#resume(streams) },
    {
      apply: (entry) => this.applied.push(entry.id),
      snapshot: () => {
        this.applied.push(-1);
        return Promise.resolve({ main: this.entries.length });
      },
      synced: (isSynced) => (this.isSynced = isSynced),
    },
  );

  happen(count: number): Entry[] {
    const fresh = Array.from({ length: count }, (_, i) => anEntry(this.entries.length + 1 + i));
    this.entries.push(...fresh);
    return fresh;
  }

  async #resume(streams: At): Promise<Record<string, StreamTail>> {
    this.asked.push({ ...streams });
    await settled();
    if (this.isCut) throw new Error('cut');
    const after = streams.main!;
    const head = this.entries.length;
    if (after < this.forgottenBefore)
      return { main: { entries: [], head, more: false, reset: true } };
    const entries = this.entries.slice(after, after + this.pageSize);
    const more = after + entries.length < head;
    return { main: { entries, head, more, reset: false } };
  }
}

function aWorld(): World {
  const world = new World();
  world.feed.start({ main: 0 });
  return world;
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('the feed', () => {
  test('applies what comes in order at once, and what it has never again', () => {
    const world = aWorld();
    const [one, two] = world.happen(2);

    world.feed.receive(one!);
    world.feed.receive(one!);
    world.feed.receive(two!);

    expect(world.applied).toEqual([1, 2]);
    expect(world.asked).toEqual([]);
  });

  test('holds what is ahead of a gap and asks for the gap at once', async () => {
    const world = aWorld();
    const [, , three] = world.happen(3);

    world.feed.receive(three!);
    expect(world.applied).toEqual([]);
    await world.feed.catchUp();

    expect(world.asked[0]).toEqual({ main: 0 });
    expect(world.applied).toEqual([1, 2, 3]);
    expect(world.isSynced).toBe(true);
  });

  test('reads page after page while there is more', async () => {
    const world = aWorld();
    world.pageSize = 4;
    world.happen(10);

    await world.feed.catchUp();

    expect(world.applied).toEqual(upTo(10));
    expect(world.asked.map((at) => at.main)).toEqual([0, 4, 8]);
  });

  test('a head beyond what it has is a gap; a head that it has is none', async () => {
    const world = aWorld();
    world.feed.check({ main: 0 });
    expect(world.asked).toEqual([]);

    world.happen(2);
    world.feed.check({ main: 2 });
    await world.feed.catchUp();

    expect(world.applied).toEqual([1, 2]);
  });

  test('a stream that is too far behind is replaced by a snapshot, then followed on', async () => {
    const world = aWorld();
    world.happen(9);
    world.forgottenBefore = 5;

    await world.feed.catchUp();
    const [ten] = world.happen(1);
    world.feed.receive(ten!);

    expect(world.applied).toEqual([-1, 10]);
    expect(world.feed.at).toEqual({ main: 10 });
  });

  test('a cut line leaves it unsynced, and the next connect makes it whole', async () => {
    const world = aWorld();
    world.happen(3);
    world.isCut = true;

    await world.feed.catchUp();
    expect(world.isSynced).toBe(false);
    world.isCut = false;
    await world.feed.catchUp();

    expect(world.applied).toEqual([1, 2, 3]);
    expect(world.isSynced).toBe(true);
  });

  test('begins anew from a snapshot when other accounts may be seen', async () => {
    const world = aWorld();
    world.happen(3);

    await world.feed.startOver();
    const [four] = world.happen(1);
    world.feed.receive(four!);

    expect(world.applied).toEqual([-1, 4]);
    expect(world.isSynced).toBe(true);
  });

  test('entries of an account that no snapshot named are not applied', () => {
    const world = aWorld();

    world.feed.receive(anEntry(1, {}, 'another'));

    expect(world.applied).toEqual([]);
  });

  test('however entries are lost, doubled and shuffled, each is applied once and in order', async () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const world = aWorld();
      const random = mulberry(seed);
      for (let round = 0; round < 20; round += 1) {
        const fresh = world.happen(1 + Math.floor(random() * 6));
        const arriving = fresh.filter(() => random() < 0.6).sort(() => random() - 0.5);
        for (const entry of arriving) world.feed.receive(entry);
        if (random() < 0.3) await settled();
        for (const entry of arriving) if (random() < 0.3) world.feed.receive(entry);
      }
      await world.feed.catchUp();

      expect(world.applied).toEqual(upTo(world.entries.length));
    }
  });
});

/** Small, seeded, good enough to shuffle with. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
