/** How the editor looks: the pages' own colours, and marks that are told apart without them. */

import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** A box in the pages' own colours. */
const box = (radius: string) => ({
  background: 'var(--surface)',
  color: 'var(--ink)',
  border: '1px solid var(--line)',
  borderRadius: `var(${radius})`,
});

/** A problem: the line under its words, and the bar beside what is said of it. */
const problem = (kind: string, colour: string, line: string) => ({
  [`.cm-lintRange-${kind}`]: {
    backgroundImage: 'none',
    textDecoration: `underline ${line} var(${colour})`,
    textUnderlineOffset: '3px',
  },
  [`.cm-diagnostic-${kind}`]: { borderLeft: `3px solid var(${colour})` },
});

export const look: Extension = [
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
      { tag: tags.comment, color: 'var(--ink-3)' },
      { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: 'var(--ink-2)' },
      { tag: tags.special(tags.string), color: 'var(--ink)' },
    ]),
  ),
  EditorView.theme({
    '&': { height: '100%', color: 'var(--ink)', background: 'var(--surface)' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': { font: '13px/22px var(--mono)', overflow: 'auto' },
    '.cm-content': { padding: '8px 0', caretColor: 'var(--ink)' },
    '.cm-line': { padding: '0 12px 0 8px' },
    '.cm-cursor': { borderLeftColor: 'var(--ink)' },
    '.cm-gutters': {
      background: 'var(--surface)',
      color: 'var(--ink-3)',
      border: '0',
      fontSize: '11px',
    },
    '.cm-activeLine': { background: 'transparent' },
    '&.cm-focused .cm-activeLine': { background: 'light-dark(rgb(0 0 0 / .035), rgb(255 255 255 / .05))' },
    '.cm-line.cm-marked': { background: 'var(--accent-soft)' },
    '.cm-activeLineGutter': { background: 'transparent', color: 'var(--ink)' },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
      background: 'light-dark(#cfe2f1, #2f4c63)',
    },
    '.cm-selectionMatch': { background: 'light-dark(#e9eef2, #2b3238)' },
    '.cm-matchingBracket': { background: 'var(--accent-soft)', outline: '1px solid var(--line)' },
    '.cm-foldPlaceholder': {
      background: 'var(--raised)',
      border: '1px solid var(--line)',
      color: 'var(--ink-2)',
    },
    '.cm-tip-line': { padding: '2px 12px 4px 8px' },
    '.cm-tip': {
      font: 'var(--t-s)/1.6 var(--font)',
      color: 'var(--ink)',
      background: 'var(--wait-soft)',
      borderLeft: '3px solid var(--bad)',
      padding: '5px 10px',
      whiteSpace: 'normal',
    },
    '.cm-tip button': {
      font: 'inherit',
      fontWeight: '600',
      color: 'var(--accent)',
      background: 'none',
      border: '0',
      padding: '0 4px',
      marginLeft: '8px',
      minHeight: '24px',
      textDecoration: 'underline',
      cursor: 'pointer',
    },
    '.cm-tooltip': { ...box('--r2'), boxShadow: '0 6px 24px rgb(0 0 0 / .18)', overflow: 'hidden' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul': { font: '13px/1.6 var(--mono)' },
    '.cm-tooltip-autocomplete ul li[aria-selected]': {
      background: 'var(--accent)',
      color: 'var(--accent-ink)',
    },
    '.cm-diagnostic': {
      font: 'var(--t-s)/1.6 var(--font)',
      whiteSpace: 'pre-wrap',
      maxWidth: '420px',
      padding: '6px 10px',
    },
    ...problem('error', '--bad', 'wavy 1.3px'),
    ...problem('warning', '--wait', 'wavy 1.1px'),
    ...problem('info', '--ink-3', 'dotted 1px'),
    '.cm-diagnosticAction': {
      font: 'inherit',
      background: 'var(--accent)',
      color: 'var(--accent-ink)',
      borderRadius: 'var(--r1)',
      padding: '1px 8px',
      margin: '0 0 0 8px',
    },
    '.cm-panels': { background: 'var(--raised)', color: 'var(--ink)', borderColor: 'var(--line)' },
    '.cm-panel.cm-search': { font: 'var(--t-s) var(--font)' },
    '.cm-textfield, .cm-button': { ...box('--r1'), font: 'inherit' },
  }),
];
