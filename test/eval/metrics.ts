/** Retrieval metrics of one ranked list, with binary gains. */

export interface Metrics {
  readonly "recall@5": number;
  readonly "recall@10": number;
  readonly "ndcg@10": number;
  /** Reciprocal rank of the first evidence in the top 10, else 0. */
  readonly mrr: number;
}

export type MetricName = keyof Metrics;
export const METRICS: readonly MetricName[] = ["recall@5", "recall@10", "ndcg@10", "mrr"];

export function metricsOf(ranked: readonly string[], evidence: readonly string[]): Metrics {
  const relevant = new Set(evidence);
  const hits = ranked.slice(0, 10).map((id) => relevant.has(id));
  const found = (k: number): number => hits.slice(0, k).filter(Boolean).length / relevant.size;
  const gain = (rank: number): number => 1 / Math.log2(rank + 2);
  const dcg = hits.reduce((sum, hit, rank) => sum + (hit ? gain(rank) : 0), 0);
  let ideal = 0;
  for (let rank = 0; rank < Math.min(10, relevant.size); rank++) ideal += gain(rank);
  const first = hits.indexOf(true);
  return {
    "recall@5": found(5),
    "recall@10": found(10),
    "ndcg@10": dcg / ideal,
    mrr: first < 0 ? 0 : 1 / (first + 1),
  };
}

/** The mean over questions. */
export function meanOf(all: readonly Metrics[]): Metrics {
  const mean = (name: MetricName): number => all.reduce((sum, one) => sum + one[name], 0) / Math.max(1, all.length);
  return { "recall@5": mean("recall@5"), "recall@10": mean("recall@10"), "ndcg@10": mean("ndcg@10"), mrr: mean("mrr") };
}
