/** What a bench is, and the rows that it gives. */

export interface Row {
  readonly bench: string;
  readonly case: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, in the same run, interleaved. */
  readonly rival?: string;
  readonly rivalValue?: number;
  /** Above 1: ours is better. */
  readonly ratio?: number;
  readonly recallAt10?: number;
  readonly residentBytes?: number;
}

export interface Context {
  /** `full` in a whole run, `quick` in one that only asks whether the benches run. */
  size(full: number, quick: number): number;
  progress(text: string): void;
}

export interface Bench {
  readonly name: string;
  /** One line for `--list`. */
  readonly about: string;
  run(context: Context): Promise<Row[]>;
}

export interface Against {
  readonly rival: string;
  readonly rivalValue: number;
}

/** The comparison of two durations or sizes: less is better. */
export function less(value: number, { rival, rivalValue }: Against): Pick<Row, "rival" | "rivalValue" | "ratio"> {
  return { rival, rivalValue, ratio: rivalValue / value };
}

/** The comparison of two rates: more is better. */
export function more(value: number, { rival, rivalValue }: Against): Pick<Row, "rival" | "rivalValue" | "ratio"> {
  return { rival, rivalValue, ratio: value / rivalValue };
}
