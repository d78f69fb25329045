/** Looking at a picture closely: how large, and where. The place is of the picture's middle. */

export interface Look {
  scale: number;
  x: number;
  y: number;
}

export const WHOLE: Look = { scale: 1, x: 0, y: 0 };
const SMALLEST = 1;
const LARGEST = 8;
export const STEP = 1.25;

/** Larger or smaller by a factor; the point at (px, py) from the middle stays where it is. */
export function zoomed(look: Look, factor: number, px = 0, py = 0): Look {
  const scale = Math.min(LARGEST, Math.max(SMALLEST, look.scale * factor));
  if (scale === SMALLEST) return WHOLE;
  const by = scale / look.scale;
  return { scale, x: px - (px - look.x) * by, y: py - (py - look.y) * by };
}

/** Moved by so many pixels, but never so far that nothing of it is left. */
export function moved(look: Look, dx: number, dy: number, width: number, height: number): Look {
  if (look.scale === SMALLEST) return WHOLE;
  const most = { x: (width * look.scale) / 2, y: (height * look.scale) / 2 };
  return { ...look, x: within(look.x + dx, most.x), y: within(look.y + dy, most.y) };
}

const within = (value: number, most: number) => Math.min(most, Math.max(-most, value));
