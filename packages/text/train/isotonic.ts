/** Isotonic regression: the rising curve from a model's probability to how often it is right. */

export interface Judged {
  readonly probability: number;
  readonly right: boolean;
}

/** Points of the curve at equal steps from 0 to 1. */
const POINTS = 21;
/** Cases of each of even odds that are added to a block, so that no few cases make a certainty. */
const PRIOR = 2;

/** Pool adjacent violators, then read at equal steps. */
export function fitCalibration(judged: readonly Judged[]): number[] {
  const blocks: { sum: number; right: number; count: number }[] = [];
  for (const { probability, right } of judged.toSorted((a, b) => a.probability - b.probability)) {
    blocks.push({ sum: probability, right: right ? 1 : 0, count: 1 });
    for (;;) {
      const last = blocks.at(-1);
      const before = blocks.at(-2);
      if (!last || !before || last.right * before.count > before.right * last.count) break;
      before.sum += last.sum;
      before.right += last.right;
      before.count += last.count;
      blocks.pop();
    }
  }
  const curve = blocks.map(({ sum, right, count }) => ({
    at: sum / count,
    value: (right + PRIOR / 2) / (count + PRIOR),
  }));
  return Array.from({ length: POINTS }, (_, i) => Number(read(curve, i / (POINTS - 1)).toFixed(3)));
}

function read(curve: readonly { readonly at: number; readonly value: number }[], at: number): number {
  const next = curve.findIndex((point) => point.at >= at);
  const above = curve[next];
  const below = curve[next - 1];
  if (!above) return curve.at(-1)?.value ?? at;
  if (!below) return above.value;
  return below.value + ((at - below.at) / (above.at - below.at || 1)) * (above.value - below.value);
}
