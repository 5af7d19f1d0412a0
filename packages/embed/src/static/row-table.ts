/** From hashes of words and parts of words to rows of the model: the file holds hashes, not strings. */

export interface RowTable {
  /** The row, or −1. */
  find(hash: number): number;
}

const WORD_SEED = 0x811c9dc5;
const PART_SEED = 0x2c1b3c6d;

/** FNV-1a over UTF-16 units, then the finaliser of MurmurHash3, since FNV alone leaves the high bits alike. */
export function hashUnits(units: Uint16Array, from: number, to: number, seed: number): number {
  let hash = seed;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (units[i] as number), 0x01000193);
  return finish(hash);
}

export function hashWord(units: Uint16Array, length: number): number {
  return hashUnits(units, 0, length, WORD_SEED);
}

export function hashPart(units: Uint16Array, from: number, to: number): number {
  return hashUnits(units, from, to, PART_SEED);
}

/** Another hash of what has this one. */
export function finish(seed: number): number {
  let hash = seed;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Open addressing, at most half full. `hashes[i]` is the hash of row i; of equal ones the first counts. */
export function createRowTable(hashes: Uint32Array): RowTable {
  let size = 16;
  while (size < 2 * hashes.length) size *= 2;
  const mask = size - 1;
  const keys = new Uint32Array(size);
  const rows = new Int32Array(size).fill(-1);
  for (let row = 0; row < hashes.length; row++) {
    const hash = hashes[row] as number;
    let place = hash & mask;
    while (rows[place] !== -1 && keys[place] !== hash) place = (place + 1) & mask;
    if (rows[place] !== -1) continue;
    keys[place] = hash;
    rows[place] = row;
  }
  return {
    find(hash) {
      let place = hash & mask;
      while (rows[place] !== -1) {
        if (keys[place] === hash) return rows[place] as number;
        place = (place + 1) & mask;
      }
      return -1;
    },
  };
}
