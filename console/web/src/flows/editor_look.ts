/** How the editor looks: the pages' own colours, and marks that are told apart without them. */

import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

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
    '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--bad) 1.3px', textUnderlineOffset: '3px' },
    '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--wait) 1.1px', textUnderlineOffset: '3px' },
    '.cm-lintRange-info': { backgroundImage: 'none', textDecoration: 'underline dotted var(--ink-3) 1px', textUnderlineOffset: '3px' },
    '.cm-tooltip': {
      background: 'var(--surface)',
      color: 'var(--ink)',
      border: '1px solid var(--line)',
      borderRadius: 'var(--r2)',
      boxShadow: '0 6px 24px rgb(0 0 0 / .18)',
      overflow: 'hidden',
    },
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
    '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)' },
    '.cm-diagnostic-warning': { borderLeft: '3px solid var(--wait)' },
    '.cm-diagnostic-info': { borderLeft: '3px solid var(--ink-3)' },
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
    '.cm-textfield': {
      font: 'inherit',
      color: 'inherit',
      background: 'var(--surface)',
      border: '1px solid var(--line)',
      borderRadius: 'var(--r1)',
    },
    '.cm-button': {
      font: 'inherit',
      color: 'inherit',
      background: 'var(--surface)',
      border: '1px solid var(--line)',
      borderRadius: 'var(--r1)',
    },
  }),
];
