/** Turns at something that several actions share (`actionlock`): who holds a word runs alone among those with the same word. */

export class Locks {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` when everybody before has finished; without a word, at once. */
  async hold<Value>(word: string | null, work: () => Promise<Value>): Promise<Value> {
    if (word === null) return await work();
    const before = this.#last.get(word);
    let release = (): void => {};
    const turn = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#last.set(word, turn);
    await before;
    try {
      return await work();
    } finally {
      release();
      if (this.#last.get(word) === turn) this.#last.delete(word);
    }
  }
}
