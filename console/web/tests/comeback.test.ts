import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { comeBackLater } from '../src/desk/comeback';

class SampleLine {
  done: string[] = [];
  tell: (told: unknown) => void = () => {};
  on(_event: 'server_restart', heard: (told: unknown) => void): void {
    this.tell = heard;
  }
  disconnect(): void {
    this.done.push('hung up');
  }
  connect(): void {
    this.done.push('came back');
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a server that restarts', () => {
  test('is left at once, and every browser comes back at a moment of its own', () => {
    const [soon, late] = [new SampleLine(), new SampleLine()];
    comeBackLater(soon, () => 0);
    comeBackLater(late, () => 1);

    for (const line of [soon, late]) line.tell({ within_ms: 4000 });
    expect(soon.done).toEqual(['hung up']);
    vi.advanceTimersByTime(500);
    expect([soon.done, late.done]).toEqual([['hung up', 'came back'], ['hung up']]);
    vi.advanceTimersByTime(4000);
    expect(late.done).toEqual(['hung up', 'came back']);
  });

  test.each([undefined, null, {}, { within_ms: 'soon' }, { within_ms: 1e12 }])(
    'that says %j is waited for a minute at most',
    (told) => {
      const line = new SampleLine();
      comeBackLater(line, () => 1);

      line.tell(told);
      vi.advanceTimersByTime(60_500);

      expect(line.done).toEqual(['hung up', 'came back']);
    },
  );

  test('is not gone back to by who has signed out meanwhile', () => {
    const line = new SampleLine();
    const stayAway = comeBackLater(line, () => 1);

    line.tell({ within_ms: 4000 });
    stayAway();
    vi.advanceTimersByTime(60_000);

    expect(line.done).toEqual(['hung up']);
  });
});
