import { describe, expect, test } from 'vitest';
import { Presence, Pulse } from '../src/desk/presence';

describe('what one tells of oneself', () => {
  test('looking is told at once, then every ten seconds', () => {
    const pulse = new Pulse();

    expect(pulse.beat('c1', true, 0)).toEqual({ conversation_id: 'c1', doing: 'viewing' });
    expect(pulse.beat('c1', true, 9_000)).toBeNull();
    expect(pulse.beat('c1', true, 10_000)).toEqual({ conversation_id: 'c1', doing: 'viewing' });
  });

  test('writing is told at once, at most every three seconds, and is over six seconds later', () => {
    const pulse = new Pulse();
    pulse.beat('c1', true, 0);
    pulse.wrote(1_000);

    expect(pulse.beat('c1', true, 1_000)?.doing).toBe('composing');
    expect(pulse.beat('c1', true, 3_000)).toBeNull();
    expect(pulse.beat('c1', true, 4_000)?.doing).toBe('composing');
    expect(pulse.beat('c1', true, 7_000)?.doing).toBe('viewing');
  });

  test('another talk, a hidden page and a new line are told at once', () => {
    const pulse = new Pulse();
    pulse.beat('c1', true, 0);

    expect(pulse.beat('c2', true, 100)?.conversation_id).toBe('c2');
    expect(pulse.beat('c2', false, 200)?.doing).toBe('away');
    expect(pulse.beat('c2', false, 300)).toBeNull();
    pulse.reconnected();
    expect(pulse.beat('c2', true, 400)?.doing).toBe('viewing');
  });
});

describe('what others do', () => {
  test('is shown without oneself and without those who are away', () => {
    const presence = new Presence();
    presence.told('c1', [
      { id: 'me', name: '見本スタッフA', doing: 'viewing' },
      { id: 'b', name: '見本スタッフB', doing: 'composing' },
      { id: 'c', name: '見本スタッフC', doing: 'away' },
    ]);

    expect(presence.others('c1', 'me').map((person) => person.id)).toEqual(['b']);
    presence.forget();
    expect(presence.others('c1', 'me')).toEqual([]);
  });
});
