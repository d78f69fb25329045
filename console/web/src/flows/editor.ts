/**
 * The text of a file in CodeMirror, in a shadow root of its own: there its style sheets are objects,
 * not <style> elements, which the pages' Content-Security-Policy forbids.
 */

import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { indentUnit } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { Compartment, EditorState, Prec, type Extension } from '@codemirror/state';
import { Decoration, EditorView, keymap, type DecorationSet } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { offersAt } from './complete';
import { look } from './editor_look';
import { marked, setMarked, setTips, Tip, tips } from './editor_marks';
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

function worded({ label, help, phrases }: Wording): Extension {
  return [
    EditorState.phrases.of(phrases),
    // A place to stand for the keyboard also where nothing can be written.
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-description': help, tabindex: '0' }),
  ];
}
