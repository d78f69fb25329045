import { describe, expect, test } from 'vitest';
import { isSend, type Key } from '../src/desk/keys';

const press = (change: Partial<Key> = {}): Key => ({
  key: 'Enter',
  isComposing: false,
  keyCode: 13,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...change,
});

describe('the key that sends', () => {
  test('Ctrl or ⌘ with Enter sends; Enter alone is a new line', () => {
    expect(isSend(press({ ctrlKey: true }), 'mod_enter')).toBe(true);
    expect(isSend(press({ metaKey: true }), 'mod_enter')).toBe(true);
    expect(isSend(press(), 'mod_enter')).toBe(false);
  });

  test('who chose Enter sends by it, and breaks lines with Shift', () => {
    expect(isSend(press(), 'enter')).toBe(true);
    expect(isSend(press({ shiftKey: true }), 'enter')).toBe(false);
  });

  test('no key sends while an input method composes, nor the key that ends it in Safari', () => {
    expect(isSend(press({ isComposing: true, ctrlKey: true }), 'enter')).toBe(false);
    expect(isSend(press({ keyCode: 229 }), 'enter')).toBe(false);
  });
});
