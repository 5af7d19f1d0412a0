/** What wasm/assembly/kernels.ts exports; wasm/README.md has the contract. Offsets are bytes in `memory`. */

export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly relaxed: WebAssembly.Global<"i32">;
  readonly dotMany: Scan;
  readonly cosineMany: Scan;
  readonly squaredL2Many: Scan;
  readonly dotF16Many: Scan;
  readonly squaredL2F16Many: Scan;
  readonly hammingMany: Scan;
  readonly dotCodesMany: Scan;
  readonly scoreCodesMany: (
    centred: number,
    rows: number,
    scales: number,
    scores: number,
    width: number,
    count: number,
    queryScale: number,
    correction: number,
  ) => void;
  readonly dotBatch: (
    queries: number,
    rows: number,
    scores: number,
    dimension: number,
    queryCount: number,
    rowCount: number,
    scoreStride: number,
    scratch: number,
  ) => void;
  readonly norm: (values: number, dimension: number) => number;
  readonly normalise: (values: number, dimension: number) => number;
  readonly rotate: (values: number, dimension: number) => void;
  readonly quantise: (values: number, dimension: number, codes: number, width: number) => number;
  readonly centreCodes: (codes: number, centred: number, width: number) => number;
  readonly packSigns: (values: number, dimension: number, bits: number, width: number) => void;
  readonly narrowToF16: (values: number, dimension: number, halves: number, width: number) => void;
  readonly select: (
    scores: number,
    count: number,
    first: number,
    keys: number,
    size: number,
    k: number,
    order: number,
  ) => number;
  readonly takeSelected: (keys: number, size: number, rows: number, scores: number, order: number) => void;
}

/** One query against `count` rows of `width` numbers, codes or bytes each; one result a row. */
export type Scan = (query: number, rows: number, results: number, width: number, count: number) => void;
