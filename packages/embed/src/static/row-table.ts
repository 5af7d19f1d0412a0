/** From hashes of words and parts of words to rows of the model: the file holds hashes, not strings. */

export interface RowTable {
  /** The row, or −1. */
  find(hash: number): number;
}

const WORD_SEED = 0x811c9dc5;
const PART_SEED = 0x2c1b3c6d;
const PRIME = 0x01000193;

/** FNV-1a over UTF-16 units, then the finaliser of MurmurHash3, since FNV alone leaves the high bits alike. */
export function hashWord(units: Uint16Array, length: number): number {
  let hash = WORD_SEED;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (units[i] as number), PRIME);
  return finish(hash);
}

/** Hashes of all parts of `least` to `most` units, longer ones going on from shorter ones. */
export function hashParts(
  units: Uint16Array,
  length: number,
  { least, most }: { readonly least: number; readonly most: number },
  visit: (hash: number, letters: number) => void,
): void {
  for (let from = 0; from + least <= length; from++) {
    const end = Math.min(from + most, length);
    let hash = PART_SEED;
    for (let at = from; at < end; at++) {
      hash = Math.imul(hash ^ (units[at] as number), PRIME);
      if (at - from + 1 >= least) visit(finish(hash), at - from + 1);
    }
  }
}

/** Independent of `hashWord`: both together tell any words apart. */
export function secondHash(units: Uint16Array, length: number): number {
  let hash = PART_SEED;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (units[i] as number), PRIME);
  return finish(hash);
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
