/** A Bloom filter over the hexadecimal digests that cache keys are. */

export interface Bloom {
  /** False is certain. */
  has(digest: string): boolean;
  add(digest: string): void;
  /** Holds as many as it can at 1 % false answers. */
  isFull(): boolean;
  readonly bits: number;
}

const HASHES = 7;
/** Bits for each digest at 1 % false answers: −ln .01 / (ln 2)². */
const BITS_EACH = 9.585;

/**
 * shapes   digest: at least 16 hexadecimal digits, evenly spread
 * error    1 % of the digests never added are taken for added once the filter is full
 * source   double hashing: Kirsch and Mitzenmacher 2006
 */
export function createBloom(bits: number): Bloom {
  const words = new Uint32Array(Math.ceil(bits / 32));
  let count = 0;
  const places = (digest: string): number[] => {
    const first = Number.parseInt(digest.slice(0, 8), 16);
    const step = Number.parseInt(digest.slice(8, 16), 16) | 1;
    return Array.from({ length: HASHES }, (_, i) => (first + i * (step >>> 0)) % bits);
  };
  return {
    bits,
    has: (digest) => places(digest).every((at) => ((words[at >>> 5] ?? 0) & (1 << (at & 31))) !== 0),
    add(digest) {
      for (const at of places(digest)) words[at >>> 5] = (words[at >>> 5] ?? 0) | (1 << (at & 31));
      count++;
    },
    isFull: () => count * BITS_EACH >= bits,
  };
}
