/** Of several questions on their way at once, only the newest's answer counts. */
export class Latest {
  #asked = 0;

  /** Ask: answers how to tell whether it is still the newest. */
  begin(): () => boolean {
    this.#asked += 1;
    const mine = this.#asked;
    return () => mine === this.#asked;
  }
}
