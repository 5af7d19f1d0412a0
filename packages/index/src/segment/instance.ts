/** The wasm index as this thread calls it: one instance for each segment and thread. wasm/README.md has the contract. */

/** Which rows a search may return: every one, those that `accepts` says yes to, those whose bit is set. */
export const ALL = 0;
export const ASKED = 1;
export const BITS = 2;

export interface SegmentInstance {
  readonly useBitmap: (at: number) => void;
  readonly attach: (segment: number, scratch: number) => void;
  /** Takes the f32 query that stands in the scratch; `width`: codes that count. */
  readonly prepareQuery: (width: number) => void;
  readonly writeRow: (row: number, upper: number, level: number) => void;
  /** The other columns of rows [from, to), whose f32 values are in their place. */
  readonly encodeRows: (from: number, to: number) => void;
  readonly freeRow: (row: number) => void;
  readonly searchGraph: (ef: number) => void;
  readonly scanCodes: (room: number, width: number, filter: number) => void;
  readonly scanBits: (near: number, room: number) => void;
  readonly scanValues: (k: number, filter: number) => number;
  readonly scoreRows: (list: number, count: number, k: number, filter: number) => number;
  readonly offerRows: (list: number, count: number) => void;
  readonly collectRows: (from: number, to: number, least: number) => number;
  readonly rescore: (k: number, limit: number, bounded: number) => number;
  /** Structs of 48 bytes for queries that are scanned for together. */
  readonly attachBatch: (at: number) => void;
  readonly keepQuery: (index: number, room: number) => void;
  readonly useQuery: (index: number) => void;
  readonly scanCodesMany: (queries: number) => void;
  readonly poolSize: () => number;
  readonly linkRow: (row: number, efConstruction: number) => void;
  readonly landmarkOf: (row: number) => number;
  readonly repairRows: (from: number, to: number) => number;
  readonly electEntry: () => void;
  readonly resetCounters: () => void;
  readonly countedDistances: () => number;
  readonly countedEstimates: () => number;
}

/** `accepts`: asked for rows that would be kept otherwise. */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  accepts: (row: number) => boolean,
): SegmentInstance {
  return new WebAssembly.Instance(module, { env: { memory, accepts } }).exports as unknown as SegmentInstance;
}
