/**
 * Whether an input method is at work in the page. Events tell it to who listens from the start;
 * this is for parts of the program that come in the midst of a composition.
 */

let isUnderWay = false;

export function watchComposition(page: EventTarget): void {
  page.addEventListener('compositionstart', () => (isUnderWay = true), true);
  page.addEventListener('compositionend', () => (isUnderWay = false), true);
}

export const isComposingNow = (): boolean => isUnderWay;
