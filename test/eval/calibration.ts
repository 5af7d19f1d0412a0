/** How far confidences can be believed. */

export interface Judged {
  readonly confidence: number;
  readonly right: boolean;
}

const BINS = 15;

/** Expected calibration error: the mean gap between confidence and share of right ones, over 15 bins of equal width. */
export function calibrationError(judged: readonly Judged[]): number {
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, right: 0 }));
  for (const { confidence, right } of judged) {
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
    if (!bin) continue;
    bin.confidence += confidence;
    bin.right += Number(right);
  }
  return bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / Math.max(1, judged.length);
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
