/** The best k of many scored slots: a heap with the worst of the kept at its root. */

export interface Scored {
  readonly slot: number;
  readonly score: number;
}

/**
 * Keeps the k best by score; between equal scores `precedes(a, b)` decides which slot comes first.
 *
 * cost     log k for each that enters, one comparison for each that does not
 */
export class TopK {
  readonly #k: number;
  readonly #precedes: (slotA: number, slotB: number) => boolean;
  readonly #heap: Scored[] = [];

  constructor(k: number, precedes: (slotA: number, slotB: number) => boolean) {
    this.#k = k;
    this.#precedes = precedes;
  }

  /** Whether it would be kept: asked before anything costly is found out about it. */
  admits(slot: number, score: number): boolean {
    if (this.#heap.length < this.#k) return true;
    const worst = this.#heap[0];
    if (!worst || score < worst.score) return false;
    return score > worst.score || this.#precedes(slot, worst.slot);
  }

  /** Only for what `admits` let in. */
  add(slot: number, score: number): void {
    const entry = { slot, score };
    if (this.#heap.length < this.#k) this.#rise(this.#heap.push(entry) - 1, entry);
    else this.#sink(entry);
  }

  /** Best first. */
  sorted(): Scored[] {
    return this.#heap.toSorted((a, b) => (this.#worse(a, b) ? 1 : -1));
  }

  #worse(a: Scored, b: Scored): boolean {
    return a.score < b.score || (a.score === b.score && this.#precedes(b.slot, a.slot));
  }

  #rise(at: number, entry: Scored): void {
    const heap = this.#heap;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#worse(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #sink(entry: Scored): void {
    const heap = this.#heap;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && this.#worse(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#worse(heap[child]!, entry)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = entry;
  }
}
