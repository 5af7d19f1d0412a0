/** What the index's thread is told, and what it answers. Rows themselves are in shared memory; only numbers cross. */

/** Where a segment lies, and the scratch that the thread may use. */
export interface SegmentPlace {
  /** Of the segment in this process. */
  readonly number: number;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly segmentAt: number;
  readonly scratchAt: number;
}

export type ThreadRequest =
  | {
      readonly kind: "link";
      readonly id: number;
      readonly place: SegmentPlace;
      readonly rows: Uint32Array;
      readonly efConstruction: number;
    }
  /** Makes codes and bits of rows [from, to). */
  | {
      readonly kind: "encode";
      readonly id: number;
      readonly place: SegmentPlace;
      readonly from: number;
      readonly to: number;
    }
  /** Leads links of all rows past dead ones. */
  | { readonly kind: "repair"; readonly id: number; readonly place: SegmentPlace; readonly rows: number }
  | {
      readonly kind: "scan";
      readonly id: number;
      readonly place: SegmentPlace;
      readonly query: Float32Array;
      /** Offsets and sizes in the segment's memory. */
      readonly queryAt: number;
      readonly codeBytes: number;
      readonly foundRowsAt: number;
      readonly foundScoresAt: number;
      readonly bitsAt: number | undefined;
      readonly k: number;
      readonly candidates: number;
    }
  /** Work of this segment ends after the row under way. */
  | { readonly kind: "stop"; readonly segment: number }
  /** The segment is gone. */
  | { readonly kind: "forget"; readonly segment: number };

export type ThreadAnswer =
  /** All of the rows, unless it was stopped. */
  | { readonly kind: "linked"; readonly id: number; readonly rows: Uint32Array }
  | { readonly kind: "encoded"; readonly id: number }
  /** Whether it was not stopped. */
  | { readonly kind: "repaired"; readonly id: number; readonly whole: boolean }
  | {
      readonly kind: "scanned";
      readonly id: number;
      readonly rows: Uint32Array;
      readonly scores: Float32Array;
      readonly distances: number;
    }
  | { readonly kind: "failed"; readonly id: number; readonly message: string };
