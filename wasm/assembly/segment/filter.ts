/** Which rows a search may return: asked only for a row that would be kept otherwise, since asking costs more than scoring. */

/** Every row; those that JavaScript accepts; those whose bit is set. */
export const ALL: u32 = 0;
const ASKED: u32 = 1;

let bitmap: usize = 0;

/** A bit for each row, for searches in a thread that JavaScript's filter does not reach. */
export function useBitmap(at: usize): void {
  bitmap = at;
}

// @ts-ignore: decorator
@external("env", "accepts")
declare function accepts(row: u32): bool;

export function isAccepted(row: u32, filter: u32): bool {
  if (filter === ALL) return true;
  if (filter === ASKED) return accepts(row);
  return ((<u32>load<u8>(bitmap + (row >> 3)) >> (row & 7)) & 1) !== 0;
}
