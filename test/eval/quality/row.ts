/** One measured quality figure of a component: what `npm run eval` prints beside the retrieval sets. */

export interface QualityRow {
  /** The data it was measured on. */
  readonly set: string;
  readonly metric: string;
  readonly value: number;
  /** What a plain or rival method gives on the same data. */
  readonly baseline?: number | undefined;
  /** What the baseline is. */
  readonly rival?: string | undefined;
  /** Cases behind the value. */
  readonly samples: number;
}
