/** The terms of a query from the weakest to the strongest, by what each can add to a score at most. */

import type { Cursors } from "./cursors.ts";

/** Sums of the same bounds in another order differ by rounding: 2⁻⁵³ for each term, so that this is enough for eight million terms. */
export const SLACK: number = 1 + 2 ** -30;

export class Order {
  /** Cursors by their bounds, ascending. */
  cursors: Int32Array = new Int32Array(0);
  /** Where in the order each cursor is. */
  places: Int32Array = new Int32Array(0);
  /** By place: what the terms before it add at most together. */
  below: Float64Array = new Float64Array(1);
  /** As `below`, for one window's part of the lists. */
  belowHere: Float64Array = new Float64Array(1);
  /** Terms at the beginning of the order that lift no slot to the floor without the others. */
  weak = 0;

  get bytes(): number {
    return 2 * this.cursors.byteLength + 2 * this.below.byteLength;
  }

  sort({ count, bounds }: Cursors): void {
    if (this.cursors.length < count) this.#enlarge(2 * count);
    const { cursors, places, below } = this;
    for (let cursor = 0; cursor < count; cursor++) {
      let at = cursor;
      for (; at > 0 && bounds[cursors[at - 1]!]! > bounds[cursor]!; at--) cursors[at] = cursors[at - 1]!;
      cursors[at] = cursor;
    }
    for (let at = 0; at < count; at++) {
      places[cursors[at]!] = at;
      below[at + 1] = below[at]! + bounds[cursors[at]!]!;
    }
    this.weak = 0;
  }

  /** Counts as weak what a floor makes so; floors only rise during a search. */
  weaken(count: number, floor: number): void {
    while (this.weak < count && this.below[this.weak + 1]! * SLACK < floor) this.weak++;
  }

  #enlarge(terms: number): void {
    this.cursors = new Int32Array(terms);
    this.places = new Int32Array(terms);
    this.below = new Float64Array(terms + 1);
    this.belowHere = new Float64Array(terms + 1);
  }
}
