/** Locality-sensitive hashing: ids that two near-duplicate texts are likely to share, kept as terms beside those of words. */

/** Bands of a signature; each joins 5 of its hashes. */
export const LSH_BANDS = 14;
const LSH_ROWS = 5;
/** Hashes of a signature that are looked at: its first 70. */
export const LSH_HASHES: number = LSH_BANDS * LSH_ROWS;

/** Keeps bands apart from other uses of 32-bit ids. */
const NAMESPACE = 0x6c73_6831;

/**
 * The ids of a MinHash signature, one for each band: texts that share one are candidates.
 *
 * shapes   signature: [LSH_HASHES or more] u32; returns [14] u32
 * error    two texts of Jaccard similarity J share an id with p = 1 − (1 − J⁵)¹⁴: .996 at .8, .92 at .7, .034 at .3, .0001 at .1 —
 *          asserted in lsh.test.ts. 10 bands of 4 find as many with 4 postings fewer, and meet 5 times as many unrelated texts;
 *          32 of 4 (.9998 at .7) meet 16 times as many
 * source   Indyk and Motwani 1998; ids are mixed with the band, so they collide with those of words as words do with each other
 */
export function lshTerms(signature: Uint32Array): Uint32Array {
  const ids = new Uint32Array(LSH_BANDS);
  for (let band = 0; band < LSH_BANDS; band++) {
    let hash = NAMESPACE ^ Math.imul(band + 1, 0x9e37_79b9);
    for (let row = 0; row < LSH_ROWS; row++) {
      hash = Math.imul(hash ^ (signature[band * LSH_ROWS + row] ?? 0), 0x85eb_ca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
      hash ^= hash >>> 16;
    }
    ids[band] = hash >>> 0;
  }
  return ids;
}
