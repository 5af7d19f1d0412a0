/** Precision, recall and the lower bound of precision of yes-no verdicts. */

import type { QualityRow } from "./row.ts";

export interface Judged {
  readonly positive: boolean;
  readonly claimed: boolean;
  /** At least named as possible. */
  readonly pointed?: boolean;
}

/** Rows for one set. The lower bound is Wilson's, 95 % two-sided. */
export function judgedRows(set: string, judged: readonly Judged[]): QualityRow[] {
  const positives = judged.filter((one) => one.positive);
  const claimed = judged.filter((one) => one.claimed);
  const right = claimed.filter((one) => one.positive).length;
  const rows: QualityRow[] = [
    { set, metric: "precision", value: share(right, claimed.length), samples: claimed.length },
    { set, metric: "precision, Wilson lower bound", value: wilson(right, claimed.length), samples: claimed.length },
    { set, metric: "recall", value: share(right, positives.length), samples: positives.length },
  ];
  if (judged.some((one) => one.pointed !== undefined)) {
    const pointed = positives.filter((one) => one.pointed).length;
    const other = judged.filter((one) => !one.positive);
    rows.push(
      {
        set,
        metric: "at least possibly, of positives",
        value: share(pointed, positives.length),
        samples: positives.length,
      },
      {
        set,
        metric: "at least possibly, of negatives",
        value: share(other.filter((one) => one.pointed).length, other.length),
        samples: other.length,
      },
    );
  }
  return rows;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Source: Wilson 1927, z = 1.96. */
function wilson(right: number, samples: number): number {
  if (samples === 0) return 0;
  const z = 1.96;
  const p = right / samples;
  const centre = p + (z * z) / (2 * samples);
  const spread = z * Math.sqrt((p * (1 - p)) / samples + (z * z) / (4 * samples * samples));
  return (centre - spread) / (1 + (z * z) / samples);
}
