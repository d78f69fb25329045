/**
 * The text of a file in CodeMirror, in a shadow root of its own: there its style sheets are objects,
 * not <style> elements, which the pages' Content-Security-Policy forbids.
 */

import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { Compartment, EditorState, Prec, StateEffect, StateField, type Extension } from '@codemirror/state';
import { Decoration, EditorView, keymap, WidgetType, type DecorationSet } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import { offersAt } from './complete';
import type { Keys, Names, Problem } from './rows';
import { remedyOf, spanOf, type Remedy } from './spots';

export interface Wording {
  label: string;
  help: string;
  fix: string;
  fixTo: (word: string) => string;
  phrases: Record<string, string>;
}

export interface Listener {
  onChange: (text: string) => void;
  onLine: (line: number) => void;
  onSave: () => void;
}

export class Editor {
  readonly #view: EditorView;
  readonly #wording = new Compartment();
  readonly #editable = new Compartment();
  #names: Names = {};
  #keys: Keys | null = null;
  #isOwn = false;

  constructor(
    root: ShadowRoot,
    text: string,
    private wording: Wording,
    private readonly listener: Listener,
  ) {
    this.#view = new EditorView({ root, parent: root, state: this.#state(text) });
  }

  /** Another text than the one on the screen (a reload, a version): undo leads back. */
  setText(text: string): void {
    const now = this.#view.state.doc.toString();
    if (now === text) return;
    this.#isOwn = true;
    this.#view.dispatch({ changes: { from: 0, to: now.length, insert: text } });
    this.#isOwn = false;
  }

  setProblems(problems: readonly Problem[]): void {
    if (this.#view.composing) return; // nothing moves under an input method
    const lines = this.#lines();
    const { state } = this.#view;
    this.#view.dispatch(
      setDiagnostics(
        state,
        problems.map((problem) => this.#diagnostic(lines, problem)),
      ),
      { effects: setTips.of(this.#tips(lines, problems)) },
    );
  }

  setNames(names: Names, keys: Keys): void {
    this.#names = names;
    this.#keys = keys;
  }

  setWording(wording: Wording): void {
    this.wording = wording;
    this.#view.dispatch({ effects: this.#wording.reconfigure(worded(wording)) });
  }

  setReadOnly(isReadOnly: boolean): void {
    this.#view.dispatch({
      effects: this.#editable.reconfigure(EditorState.readOnly.of(isReadOnly)),
    });
  }

  /** Mark the lines of a step; `isShown`: bring them into view and put the cursor there. */
  mark(first: number, last: number, isShown: boolean): void {
    const { doc } = this.#view.state;
    const from = doc.line(Math.min(Math.max(first, 1), doc.lines));
    const to = doc.line(Math.min(Math.max(last, first), doc.lines));
    this.#view.dispatch({
      effects: [
        setMarked.of([from.number, to.number]),
        ...(isShown ? [EditorView.scrollIntoView(from.from, { y: 'start', yMargin: 60 })] : []),
      ],
      ...(isShown ? { selection: { anchor: from.from + from.text.search(/\S|$/) } } : {}),
    });
  }

  unmark(): void {
    this.#view.dispatch({ effects: setMarked.of(null) });
  }

  focus(): void {
    this.#view.focus();
  }

  apply(remedy: Remedy): void {
    const { from, to, insert } = remedy;
    this.#view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length },
    });
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }

  #state(text: string): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [
        basicSetup,
        Prec.high(keymap.of([{ key: 'Mod-s', run: () => this.#saved() }, indentWithTab])),
        yaml(),
        indentUnit.of('  '),
        EditorState.tabSize.of(2),
        EditorView.lineWrapping,
        lintGutter(),
        autocompletion({ override: [(context) => this.#complete(context)], icons: false }),
        marked,
        tips,
        look,
        this.#wording.of(worded(this.wording)),
        this.#editable.of([]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !this.#isOwn) this.listener.onChange(update.state.doc.toString());
          if (update.selectionSet || update.docChanged)
            this.listener.onLine(update.state.doc.lineAt(update.state.selection.main.head).number);
        }),
      ],
    });
  }

  #saved(): boolean {
    this.listener.onSave();
    return true;
  }

  #lines(): string[] {
    return this.#view.state.doc.toJSON();
  }

  #diagnostic(lines: string[], problem: Problem): Diagnostic {
    const severity = { E: 'error', W: 'warning', I: 'info' }[problem.severity] as Diagnostic['severity'];
    const remedy = remedyOf(lines, problem);
    const { fixTo } = this.wording;
    return {
      ...spanOf(lines, problem),
      severity,
      source: problem.code,
      message: [problem.message, problem.hint].filter(Boolean).join('\n'),
      actions:
        remedy === null
          ? []
          : [{ name: fixTo(remedy.insert), apply: () => this.apply(remedy) }],
    };
  }

  /** One sentence under each line with a problem of severity E. */
  #tips(lines: string[], problems: readonly Problem[]): DecorationSet {
    const found = problems
      .filter((problem) => problem.severity === 'E')
      .map((problem) => {
        const at = this.#view.state.doc.lineAt(spanOf(lines, problem).from).to;
        const remedy = remedyOf(lines, problem);
        return Decoration.widget({
          widget: new Tip(problem, remedy, this.wording.fix, () => remedy && this.apply(remedy)),
          block: true,
          side: 1,
        }).range(at);
      });
    return Decoration.set(found, true);
  }

  #complete(context: CompletionContext): CompletionResult | null {
    if (this.#keys === null) return null;
    const { doc } = context.state;
    const line = doc.lineAt(context.pos);
    const lines = [...doc.toJSON().slice(0, line.number - 1), line.text.slice(0, context.pos - line.from)];
    const found = offersAt(lines, this.#names, this.#keys);
    if (found === null || (found.length === 0 && !context.explicit && !/[:.[,{]\s?$/.test(lines.at(-1) ?? '')))
      return null;
    const typed = (lines.at(-1) ?? '').slice(-found.length);
    if (found.length > 0 && found.offers.every(({ label }) => label === typed || !label.startsWith(typed)))
      return null; // it is written already, or nothing begins so
    return {
      from: context.pos - found.length,
      options: found.offers.map(({ label, kind }, n) => ({
        label,
        apply: kind === 'key' ? `${label}: ` : label,
        boost: -n,
      })),
      validFor: /^[^\s,[\]{}:]*$/,
    };
  }
}

class Tip extends WidgetType {
  constructor(
    private readonly problem: Problem,
    private readonly remedy: Remedy | null,
    private readonly fix: string,
    private readonly onFix: () => void,
  ) {
    super();
  }

  override eq(other: Tip): boolean {
    const same = ['line', 'column', 'message', 'hint'] as const;
    return (
      same.every((key) => this.problem[key] === other.problem[key]) &&
      this.remedy?.from === other.remedy?.from &&
      this.fix === other.fix
    );
  }

  override toDOM(): HTMLElement {
    // A block's height is what the text around it counts with: no margins, only padding.
    const whole = document.createElement('div');
    whole.className = 'cm-tip-line';
    const tip = whole.appendChild(document.createElement('div'));
    tip.className = 'cm-tip';
    const { message, hint } = this.problem;
    tip.append([message, hint].filter(Boolean).join(' '));
    if (this.remedy !== null) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = this.fix;
      button.onclick = this.onFix;
      tip.append(button);
    }
    return whole;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

const setMarked = StateEffect.define<[number, number] | null>();
const setTips = StateEffect.define<DecorationSet>();
const markedLine = Decoration.line({ class: 'cm-marked' });

const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(found, transaction) {
    let next = found.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMarked)) continue;
      next = Decoration.none;
      if (effect.value === null) continue;
      const [first, last] = effect.value;
      const { doc } = transaction.state;
      const lines = Array.from({ length: last - first + 1 }, (_, n) => doc.line(first + n).from);
      next = Decoration.set(lines.map((from) => markedLine.range(from)));
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const tips = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(found, transaction) {
    const set = transaction.effects.find((effect) => effect.is(setTips));
    return set === undefined ? found.map(transaction.changes) : (set.value as DecorationSet);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function worded({ label, help, phrases }: Wording): Extension {
  return [
    EditorState.phrases.of(phrases),
    // A place to stand for the keyboard also where nothing can be written.
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-description': help, tabindex: '0' }),
  ];
}

const look: Extension = [
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
