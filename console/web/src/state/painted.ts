/** What may come a moment later, so that what was asked for is painted first. */

const LATEST_MS = 200; // a page that nobody sees is not painted

/** Do it once what is drawn now is painted; answers how to let it be. */
export function afterPaint(work: () => void): () => void {
  let soon: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => (soon = setTimeout(once)));
  const late = setTimeout(once, LATEST_MS);
  function letBe(): void {
    cancelAnimationFrame(frame);
    clearTimeout(soon);
    clearTimeout(late);
  }
  function once(): void {
    letBe();
    work();
  }
  return letBe;
}
