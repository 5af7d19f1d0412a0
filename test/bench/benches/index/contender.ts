/** Who is in the index bench, in one form. */

import { type GraphOptions, type Rival, type Rows } from "../../rivals/rival.ts";

/** One way of searching an index, with the settings that trade speed for recall, ascending: the first is the fastest. */
export interface Way {
  readonly name: string;
  /** What the settings set. */
  readonly unit: string;
  readonly settings: readonly number[];
  set(setting: number): void;
  prepare(query: Float32Array): unknown;
  /** Row numbers, best first; what is behind the first k means nothing. */
  search(prepared: unknown, k: number): ArrayLike<number | bigint> | Promise<ArrayLike<number | bigint>>;
  /** How the last query was answered, where that is a choice. */
  plan?(): string;
}

export interface Index {
  readonly ways: readonly Way[];
  /** As the index counts them itself. */
  readonly bytes?: number;
  close(): void;
}

export interface Contender {
  readonly name: string;
  /** Undefined for ours. */
  readonly native?: boolean;
  /** Keeps less of a vector than f32. */
  readonly narrow?: boolean;
  /** To build 100,000 × 384 of clustered vectors, about: for the estimate. */
  readonly seconds: number;
  /** Undefined where the library is not there. */
  build(rows: Rows, options: GraphOptions): Promise<Index | undefined>;
}

/** The same for everyone. */
export const GRAPH: GraphOptions = { m: 16, efConstruction: 128 };

/** What a graph search is tried with. */
export const EF: readonly number[] = [
  10, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512,
];

export function contenderOf(rival: Rival): Contender {
  return {
    name: rival.name,
    native: rival.native,
    narrow: rival.narrow ?? false,
    seconds: rival.seconds,
    async build(rows, options) {
      const index = await rival.build(rows, options);
      if (!index) return undefined;
      const way: Way = {
        name: rival.name,
        unit: "ef",
        settings: rival.efs ?? EF,
        set: (ef) => index.setEf(ef),
        prepare: (query) => index.prepare(query),
        search: (query, k) => index.search(query, k),
      };
      return { ways: [way], close: () => index.close() };
    },
  };
}
