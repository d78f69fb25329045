/** What may come a moment later, so that what was asked for is painted first. */

const LATEST_MS = 200; // a page that nobody sees is not painted, and a busy one is never idle

/** Do it when what is drawn now is painted and nothing presses; answers how to let it be. */
export function afterPaint(work: () => void): () => void {
  let letIdle = (): void => undefined;
  const frame = requestAnimationFrame(() => (letIdle = whenIdle(once)));
  const late = setTimeout(once, LATEST_MS);
  function letBe(): void {
    cancelAnimationFrame(frame);
    clearTimeout(late);
    letIdle();
  }
  function once(): void {
    letBe();
    work();
  }
  return letBe;
}

function whenIdle(work: () => void): () => void {
  if ('requestIdleCallback' in window) {
    const idle = requestIdleCallback(work);
    return () => cancelIdleCallback(idle);
  }
  const soon = setTimeout(work);
  return () => clearTimeout(soon);
}
