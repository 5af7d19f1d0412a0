/** MinHash: a signature of fixed size from which the Jaccard similarity of two texts is estimated. */

/** Hashes of a signature. */
export const MINHASHES = 128;

/** Characters of a shingle. */
const SHINGLE = 3;
/** Distinct shingles that are hashed at most: 16 KiB of English have about 3,000. */
const MOST_SHINGLES = 8_192;

/**
 * The signature of a text: for each of 128 hashes, the least value over its 3-character shingles.
 *
 * The text is read in NFKC, case-folded, with single spaces; characters are code points. A shorter text is one shingle. Of more
 * than 8,192 distinct shingles the 8,192 with the least hash are used, so that long texts cost no more: the estimate is then too
 * low where the two texts differ in length, never too high. Blank texts have equal signatures.
 *
 * shapes   [hashes] u32: the first so many of the 128
 * cost     0.2 µs a shingle: 20 µs for 100 characters; at most 2 ms and 50 ns a character
 * source   Broder 1997; the hashes are multiply-xorshift mixes with unrelated seeds and odd factors, as consecutive a·h + b correlate
 */
export function minhash(text: string, hashes: number = MINHASHES): Uint32Array {
  const signature = new Uint32Array(hashes);
  const shingles = fewest(shingleHashes(normalise(text)));
  const { seeds, factors } = family();
  for (let i = 0; i < hashes; i += 2) {
    // Two at a time: a shingle is read once for both.
    const [seed, other] = [seeds[i] as number, seeds[i + 1] as number];
    const [factor, otherFactor] = [factors[i] as number, factors[i + 1] as number];
    // Compared with the sign bit flipped: as signed numbers they stay small integers, which halves the time.
    let least = 0x7fff_ffff;
    let otherLeast = 0x7fff_ffff;
    for (let j = 0; j < shingles.length; j++) {
      const shingle = shingles[j] as number;
      const hash = Math.imul(shingle ^ seed, factor);
      const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
      if (mixed < least) least = mixed;
      const otherHash = Math.imul(shingle ^ other, otherFactor);
      const otherMixed = Math.imul(otherHash ^ (otherHash >>> 15), 0x2c1b_3c6d);
      if (otherMixed < otherLeast) otherLeast = otherMixed;
    }
    signature[i] = least ^ 0x8000_0000;
    signature[i + 1] = otherLeast ^ 0x8000_0000;
  }
  return signature;
}

/**
 * The share of equal hashes of two signatures: an estimate of the Jaccard similarity of the texts' shingles, 0…1.
 *
 * error    standard deviation √(J·(1 − J)/128), .044 at most — asserted in minhash.test.ts
 */
export function estimateJaccard(a: Uint32Array, b: Uint32Array): number {
  let equal = 0;
  for (let i = 0; i < MINHASHES; i++) if (a[i] === b[i]) equal++;
  return equal / MINHASHES;
}

/** Upper case first, since "ß" and "SS" or "ς" and "Σ" meet only there; composed again, as folding may take a character apart. */
function normalise(text: string): string {
  const folded = text.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
  return folded.replaceAll(/\s+/gu, " ").trim();
}

/** One hash for each distinct shingle, in no useful order. */
function shingleHashes(text: string): Uint32Array {
  if (text === "") return new Uint32Array(0);
  let slots = 16;
  while (slots < text.length * 2) slots *= 2;
  // Open addressing; an empty slot holds 0, which no shingle is allowed to hash to.
  const table = new Uint32Array(slots);
  const found = new Uint32Array(text.length);
  let count = 0;
  let first = 0;
  let second = 0;
  let read = 0;
  for (let at = 0; at < text.length; at++) {
    const third = text.codePointAt(at) ?? 0;
    if (third > 0xffff) at++;
    if (++read >= SHINGLE || at + 1 >= text.length) {
      const hash = mix(Math.imul(Math.imul(first, 0x0100_0193) ^ second, 0x85eb_ca6b) ^ third) || 1;
      let slot = hash & (slots - 1);
      while (table[slot] !== 0 && table[slot] !== hash) slot = (slot + 1) & (slots - 1);
      if (table[slot] === 0) {
        table[slot] = hash;
        found[count++] = hash;
      }
    }
    first = second;
    second = third;
  }
  return found.subarray(0, count);
}

function fewest(hashes: Uint32Array): Uint32Array {
  return hashes.length <= MOST_SHINGLES ? hashes : hashes.sort().subarray(0, MOST_SHINGLES);
}

/** The finaliser of MurmurHash3. */
function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

let made: { readonly seeds: Int32Array; readonly factors: Int32Array } | undefined;

/** Seeds and odd factors from a Weyl sequence through the mixer; signatures are stored, so they never change. */
function family(): NonNullable<typeof made> {
  if (!made) {
    const seeds = new Int32Array(MINHASHES);
    const factors = new Int32Array(MINHASHES);
    for (let i = 0; i < MINHASHES; i++) {
      seeds[i] = mix(Math.imul(2 * i + 1, 0x9e37_79b9));
      factors[i] = mix(Math.imul(2 * i + 2, 0x9e37_79b9)) | 1;
    }
    made = { seeds, factors };
  }
  return made;
}
