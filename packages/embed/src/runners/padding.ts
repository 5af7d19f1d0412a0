/** How long the rows of a batch are made. */

/** "dynamic": the longest; "bucket": one of four sizes; "power": a power of two; "maximum": always the model's limit. */
export type Padding = "dynamic" | "bucket" | "power" | "maximum";

/** Of the model's limit. Graphs of a GPU want few shapes. */
const BUCKETS = [1 / 8, 1 / 4, 1 / 2, 1] as const;
const SMALLEST_POWER = 16;

export function paddedLength(longest: number, padding: Padding, limit: number): number {
  if (longest >= limit) return longest;
  if (padding === "maximum") return limit;
  if (padding === "bucket") {
    const share = BUCKETS.find((part) => Math.ceil(part * limit) >= longest) ?? 1;
    return Math.ceil(share * limit);
  }
  if (padding === "power") return Math.min(limit, Math.max(SMALLEST_POWER, 2 ** Math.ceil(Math.log2(longest))));
  return longest;
}
