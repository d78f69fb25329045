/** What the keys brought up over the page; one at a time, and the keyboard goes back afterwards. */

export type SheetName = 'help' | 'palette';

class Sheets {
  shown: SheetName | null = $state(null);
  #from: HTMLElement | null = null;

  open(name: SheetName): void {
    if (this.shown === null) this.#from = document.activeElement as HTMLElement | null;
    this.shown = name;
  }

  /** isBack: the keyboard goes back to where it was. */
  close({ isBack = true } = {}): void {
    this.shown = null;
    if (isBack && this.#from?.isConnected) this.#from.focus();
    this.#from = null;
  }
}

export const sheets = new Sheets();
