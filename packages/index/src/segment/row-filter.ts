/** Which rows may be returned, as searches are told: a function, or a bit for each row. */

export type AcceptRow = (row: number) => boolean;

export interface RowFilter {
  /** Asked for rows that would be returned; it must not search the same segment. */
  readonly accept?: AcceptRow | undefined;
  /** A bit for each row: those that may be returned. */
  readonly filter?: Uint32Array | undefined;
}

/** Rows asked to find out what share of them is let through. */
const SAMPLE = 64;

/** Undefined where every row may be returned. */
export function acceptOf({ accept, filter }: RowFilter): AcceptRow | undefined {
  if (accept || !filter) return accept;
  return (row) => ((filter[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0;
}

/** The share of rows that is let through: counted for bits, guessed from a few rows spread over all for a function. */
export function selectivityOf({ accept, filter }: RowFilter, rows: number, isLive: AcceptRow): number {
  if (rows === 0) return 1;
  if (accept) return sample(accept, rows, isLive);
  return filter ? Math.min(1, countBits(filter) / rows) : 1;
}

function sample(accept: AcceptRow, rows: number, isLive: AcceptRow): number {
  const step = Math.max(1, Math.floor(rows / SAMPLE));
  let asked = 0;
  let accepted = 0;
  for (let row = step >> 1; row < rows; row += step) {
    if (!isLive(row)) continue;
    asked++;
    if (accept(row)) accepted++;
  }
  return asked === 0 ? 1 : accepted / asked;
}

/** Bits that are set, added up within each word side by side (Warren, Hacker's Delight, 5–1). */
function countBits(bits: Uint32Array): number {
  let count = 0;
  for (let word of bits) {
    word -= (word >>> 1) & 0x5555_5555;
    word = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return count;
}
