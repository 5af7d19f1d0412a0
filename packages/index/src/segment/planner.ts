/** Which way a search goes: every row by its codes, or the graph. All costs in rows scanned, whose codes are read in order. */

export type Way = "exact" | "binary" | "graph";

/** One candidate of a graph search costs as much as so many rows of a scan: 60–70 at 10,000 and 100,000 × 384 (bench `index-ways`). */
const EXPANSION_COST = 64;
/** A waiting row is read out of order. */
const WAITING_COST = 4;
/** Rows from which a graph is worth building: below, a scan takes some 0.2 ms at 384 dimensions. */
export const GRAPH_ROWS = 16_384;
/** Beyond so many candidates the sorted pool itself is what costs. */
export const MOST_CANDIDATES = 4_096;

/** One accepted candidate in so many of efSearch at least. */
const ACCEPTED = 8;

export interface Planned {
  readonly way: Way;
  /** Candidates of a graph search. */
  readonly ef: number;
}

/**
 * `selectivity`: the share of rows that the filter lets through, 1 without one. A graph search filters what it has found, so
 * it looks for more: by 1/√share, which keeps recall@10 where it is without a filter (bench `index-ways`), and for some
 * accepted ones to choose k from. A scan asks the filter only for what would enter.
 */
export function planSearch(
  { rows, linked, waiting }: { readonly rows: number; readonly linked: number; readonly waiting: number },
  { efSearch, selectivity }: { readonly efSearch: number; readonly selectivity: number },
): Planned {
  const share = Math.max(selectivity, 1e-6);
  const ef = Math.ceil(Math.max(efSearch / Math.sqrt(share), efSearch / ACCEPTED / share));
  const graphCost = ef * EXPANSION_COST + waiting * WAITING_COST;
  const usable = linked > 0 && ef <= MOST_CANDIDATES;
  return { way: usable && graphCost < rows ? "graph" : "exact", ef };
}
