/** A set of rows: a bit each. */

export class RowSet {
  #bits = new Uint32Array(32);

  has(row: number): boolean {
    return ((this.#bits[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0;
  }

  add(row: number): void {
    const word = row >>> 5;
    if (word >= this.#bits.length) {
      const larger = new Uint32Array(2 * (word + 1));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    this.#bits[word]! |= 1 << (row & 31);
  }
}
