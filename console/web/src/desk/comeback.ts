/** The server says that it restarts: hang up, and come back at a moment of one's own. */

const SOONEST_MS = 500;
const LONGEST_MS = 60_000;

export interface Line {
  on(event: 'server_restart', heard: (told: unknown) => void): unknown;
  disconnect(): unknown;
  connect(): unknown;
}

/** draw: 0 to 1, anew each time. The returned function gives the coming back up. */
export function comeBackLater(line: Line, draw: () => number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  line.on('server_restart', (told) => {
    clearTimeout(timer);
    line.disconnect();
    timer = setTimeout(() => line.connect(), SOONEST_MS + draw() * within(told));
  });
  return () => clearTimeout(timer);
}

function within(told: unknown): number {
  const { within_ms } = (told ?? {}) as { within_ms?: unknown };
  return typeof within_ms === 'number' && within_ms > 0 ? Math.min(within_ms, LONGEST_MS) : 0;
}
