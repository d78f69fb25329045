/** What the editor shows in the text that is not of it: the lines of a step, and what is wrong. */

import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';
import type { Problem } from './rows';
import type { Remedy } from './spots';

export const setMarked = StateEffect.define<[number, number] | null>();
export const setTips = StateEffect.define<DecorationSet>();
const markedLine = Decoration.line({ class: 'cm-marked' });

export const marked = StateField.define<DecorationSet>({
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

export const tips = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(found, transaction) {
    const set = transaction.effects.find((effect) => effect.is(setTips));
    return set === undefined ? found.map(transaction.changes) : (set.value as DecorationSet);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** One sentence under a line, and the button that mends it. */
export class Tip extends WidgetType {
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
