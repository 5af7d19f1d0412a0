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
  /** `quick` only asks whether the benches run; `full` adds what takes most of an hour. */
  readonly scale: "quick" | "usual" | "full";
  /** `usual` in a whole run, `quick` in a quick one. */
  readonly size: (usual: number, quick: number) => number;
  readonly progress: (text: string) => void;
  /** Prints rows before the bench is over; `run` returns them as well. */
  readonly show: (rows: readonly Row[]) => void;
}

/** A part of a bench that takes a while, and about how long on two cores. */
export interface Step {
  readonly what: string;
  readonly seconds: number;
}

export interface Bench {
  readonly name: string;
  /** One line for `--list`. */
  readonly about: string;
  /** Printed before the first bench runs; about half a minute where there are none. */
  steps?(context: Context): readonly Step[];
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
