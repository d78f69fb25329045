/**
 * What a key press means. While an input method composes, every key is its own: Safari ends the
 * composition before the keydown, so the old key code 229 counts as well.
 */

export interface Key {
  key: string;
  isComposing: boolean;
  keyCode: number;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

export type SendKey = 'mod_enter' | 'enter';

export function isComposing(key: Key): boolean {
  return key.isComposing || key.keyCode === 229;
}

/** Whether this press sends the text. Enter alone is a new line, unless the operator chose it. */
export function isSend(key: Key, sendKey: SendKey): boolean {
  if (isComposing(key)) return false;
  if (key.key !== 'Enter' || key.altKey || key.shiftKey) return false;
  return sendKey === 'enter' || key.ctrlKey || key.metaKey;
}
