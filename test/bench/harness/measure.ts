/** Timing: fixed iterations, a warm-up, rivals interleaved, results consumed. */

import type { Row } from "./bench.ts";

export interface Case {
  readonly name: string;
  /** `i` counts on through warm-up and rounds, so that inputs can differ. */
  run(i: number): unknown;
}

export interface Plan {
  /** Calls of each case before any is timed. */
  readonly warmUp: number;
  /** Samples of each case; in every round all cases have their turn. */
  readonly rounds: number;
  /** Calls in one sample: more than 1 for what is too short for the clock, and then a sample is their mean. */
  readonly calls?: number;
}

/** Milliseconds for each call, ascending. */
export type Samples = Float64Array;

/** Where results go, so that no engine can leave out the work. */
let sink = 0;

export async function interleaved(cases: readonly Case[], { warmUp, rounds, calls = 1 }: Plan): Promise<Samples[]> {
  const samples = cases.map(() => new Float64Array(rounds));
  const next = cases.map(() => 0);
  const once = async (which: number): Promise<void> => {
    const result = cases[which]!.run(next[which]!++);
    consume(result instanceof Promise ? await result : result);
  };
  for (const which of cases.keys()) for (let i = 0; i < warmUp; i++) await once(which);
  for (let round = 0; round < rounds; round++) {
    for (const which of cases.keys()) {
      const started = performance.now();
      for (let i = 0; i < calls; i++) {
        const result = cases[which]!.run(next[which]!++);
        // Awaiting what is no promise would be timed as well.
        consume(result instanceof Promise ? await result : result);
      }
      samples[which]![round] = (performance.now() - started) / calls;
    }
  }
  return samples.map((one) => one.sort());
}

export function consume(result: unknown): void {
  sink = (sink + (typeof result === "number" ? result : Number(Boolean(result)))) % 1_000_003;
}

/** Nearest rank. */
export function percentile(samples: Samples, share: number): number {
  return samples[Math.min(samples.length - 1, Math.ceil(share * samples.length) - 1)] ?? Number.NaN;
}

export function median(samples: Samples): number {
  return percentile(samples, 0.5);
}

/** p50, p95 and p99 as rows. */
export function latencyRows(about: Pick<Row, "bench" | "case">, samples: Samples): Row[] {
  return ([50, 95, 99] as const).map((rank) => ({
    ...about,
    metric: `p${rank}`,
    value: percentile(samples, rank / 100),
    unit: "ms",
  }));
}
