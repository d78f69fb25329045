import { expect, test } from 'vitest';
import { isComposingNow, watchComposition } from '../src/screen/composition';

test('an input method is at work from its first key to its last', () => {
  const page = new EventTarget();
  watchComposition(page);
  expect(isComposingNow()).toBe(false);

  page.dispatchEvent(new Event('compositionstart'));
  expect(isComposingNow()).toBe(true);

  page.dispatchEvent(new Event('compositionend'));
  expect(isComposingNow()).toBe(false);
});
