/** The k best of many scored slots, without an object for each: a heap in typed arrays, its worst at the root. */

export interface Scored {
  readonly slot: number;
  readonly score: number;
}

/** Between equal scores, whether the first slot comes before the second. */
export type Precedes = (slotA: number, slotB: number) => boolean;

/**
 * Used again for one search after another.
 *
 * cost     log k for each that enters, a comparison for each that does not; nothing is allocated but the result
 */
export class Best {
  #k = 0;
  #count = 0;
  #precedes: Precedes = () => false;
  #slots = new Uint32Array(16);
  #scores = new Float64Array(16);

  get bytes(): number {
    return this.#slots.byteLength + this.#scores.byteLength;
  }

  /** Begins a search for the best k. */
  reset(k: number, precedes: Precedes): void {
    this.#k = k;
    this.#count = 0;
    this.#precedes = precedes;
  }

  /** What is below this score stays out; -∞ while there is room. */
  get floor(): number {
    return this.#count < this.#k || this.#count === 0 ? -Infinity : this.#scores[0]!;
  }

  /** Whether it would be kept: asked before anything costly is found out about it. */
  admits(slot: number, score: number): boolean {
    if (this.#count < this.#k) return true;
    if (this.#count === 0 || score < this.#scores[0]!) return false;
    return score > this.#scores[0]! || this.#precedes(slot, this.#slots[0]!);
  }

  /** Only for what `admits` let in. */
  add(slot: number, score: number): void {
    if (this.#count === this.#k) return this.#sink(slot, score);
    if (this.#count === this.#slots.length) this.#grow();
    let at = this.#count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#worse(slot, score, parent)) break;
      this.#put(at, this.#slots[parent]!, this.#scores[parent]!);
      at = parent;
    }
    this.#put(at, slot, score);
  }

  /** Best first; empties the heap. */
  take(): Scored[] {
    const result: Scored[] = [];
    while (this.#count > 0) {
      result.push({ slot: this.#slots[0]!, score: this.#scores[0]! });
      const last = --this.#count;
      if (last > 0) this.#sink(this.#slots[last]!, this.#scores[last]!);
    }
    return result.reverse();
  }

  /** Replaces the root. */
  #sink(slot: number, score: number): void {
    let at = 0;
    for (let child = 1; child < this.#count; child = 2 * at + 1) {
      if (child + 1 < this.#count && this.#worse(this.#slots[child + 1]!, this.#scores[child + 1]!, child)) child++;
      if (this.#worse(slot, score, child)) break;
      this.#put(at, this.#slots[child]!, this.#scores[child]!);
      at = child;
    }
    this.#put(at, slot, score);
  }

  /** Whether a slot comes after the one at a place of the heap. */
  #worse(slot: number, score: number, at: number): boolean {
    const other = this.#scores[at]!;
    return score < other || (score === other && this.#precedes(this.#slots[at]!, slot));
  }

  #put(at: number, slot: number, score: number): void {
    this.#slots[at] = slot;
    this.#scores[at] = score;
  }

  #grow(): void {
    const slots = new Uint32Array(2 * this.#slots.length);
    const scores = new Float64Array(slots.length);
    slots.set(this.#slots);
    scores.set(this.#scores);
    this.#slots = slots;
    this.#scores = scores;
  }
}
