/** How far confidences can be believed. */

export interface Judged {
  readonly confidence: number;
  readonly right: boolean;
}

const BINS = 15;

interface Bin {
  readonly count: number;
  /** Mean stated confidence. */
  readonly confidence: number;
  /** Share of right ones. */
  readonly right: number;
}

/** 15 bins of equal width; empty ones are left out. */
export function bins(judged: readonly Judged[]): Bin[] {
  const groups = Map.groupBy(judged, ({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)));
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([, group]) => ({
      count: group.length,
      confidence: group.reduce((sum, { confidence }) => sum + confidence, 0) / group.length,
      right: group.filter(({ right }) => right).length / group.length,
    }));
}

/** Expected calibration error: the mean gap between confidence and share of right ones, over 15 bins of equal width. */
export function calibrationError(judged: readonly Judged[]): number {
  const gaps = bins(judged).map(({ count, confidence, right }) => count * Math.abs(confidence - right));
  return gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, judged.length);
}

export interface Above {
  readonly count: number;
  /** Share of right ones among them; NaN when there are none. */
  readonly precision: number;
}

export function above(judged: readonly Judged[], floor: number): Above {
  const kept = judged.filter(({ confidence }) => confidence >= floor);
  return { count: kept.length, precision: kept.filter(({ right }) => right).length / kept.length };
}

/** Fewer answers than this say nothing of a precision. */
const LEAST_COUNT = 10;

/** The lowest of the values given with at least `precision` at and above it; undefined when there is none. */
export function lowestFloor(
  judged: readonly Judged[],
  precision: number,
  values: readonly number[],
): number | undefined {
  return values.find((value) => {
    const { count, precision: seen } = above(judged, value);
    return count >= LEAST_COUNT && seen >= precision;
  });
}
