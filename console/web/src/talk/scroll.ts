/** Scrolling a talk: only the log itself scrolls, and what one reads stays where it is. */

/** So near to its end one follows a talk. */
export const NEAR_PX = 80;

export function isNearEnd(scroller: HTMLElement): boolean {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
}

/** Whether a page should be on its way: a good screen before one gets there. */
export function needs(scroller: HTMLElement): { older: boolean; newer: boolean } {
  const { scrollTop, scrollHeight, clientHeight } = scroller;
  const ahead = clientHeight * 1.5;
  return { older: scrollTop < ahead, newer: scrollHeight - scrollTop - clientHeight < ahead };
}

/** Put a line into the middle; `scrollIntoView` would move the page around the log as well. */
export function center(scroller: HTMLElement, line: Element): void {
  const { top, height } = line.getBoundingClientRect();
  const above = (scroller.clientHeight - height) / 2;
  scroller.scrollTop += top - scroller.getBoundingClientRect().top - Math.max(0, above);
}

/** Bring a line just into view. */
export function reveal(scroller: HTMLElement, line: Element): void {
  const [box, frame] = [line.getBoundingClientRect(), scroller.getBoundingClientRect()];
  if (box.top < frame.top) scroller.scrollTop += box.top - frame.top - 8;
  else if (box.bottom > frame.bottom) scroller.scrollTop += box.bottom - frame.bottom + 8;
}

export function isInView(scroller: Element, line: Element): boolean {
  const [box, frame] = [line.getBoundingClientRect(), scroller.getBoundingClientRect()];
  return box.bottom > frame.top && box.top < frame.bottom;
}

/**
 * Hold what is read in its place while lines are added and let go around it. Begun just before the
 * lines change; what is returned is called when they are drawn.
 */
export function holdPlace(scroller: HTMLElement, lines: HTMLElement): () => void {
  const held = firstInView(scroller, lines);
  const before = held?.getBoundingClientRect().top ?? 0;
  scroller.style.overflowAnchor = 'none'; // else the browser and we would both correct it
  return () => {
    if (held?.isConnected) scroller.scrollTop += held.getBoundingClientRect().top - before;
    scroller.style.overflowAnchor = '';
  };
}

/** Not a day or a mark: those come and go with the lines around them. */
function firstInView(scroller: HTMLElement, lines: HTMLElement): Element | null {
  const top = scroller.getBoundingClientRect().top;
  for (const line of lines.children) {
    const isKept = line instanceof HTMLElement && line.dataset.stop !== undefined;
    if (isKept && line.getBoundingClientRect().bottom > top) return line;
  }
  return null;
}
