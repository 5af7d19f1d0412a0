/** What is known of the metrics by name: help texts, and the buckets of histograms. */

/** Upper bounds in seconds for requests and what they wait for. */
const REQUEST_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.025, 0.04, 0.045, 0.05, 0.1, 0.25, 0.5, 1];
/** Upper bounds in seconds for work inside the process. */
const COMPUTE_SECONDS = [0.00001, 0.00003, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01];
const TENTHS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

const BUCKETS: Readonly<Record<string, readonly number[]>> = {
  router_seconds: COMPUTE_SECONDS,
  fusion_seconds: COMPUTE_SECONDS,
  index_latency_seconds: COMPUTE_SECONDS,
  confidence: TENTHS,
  fusion_candidates: COUNTS,
  embed_batch_size: COUNTS,
};

const HELP: Readonly<Record<string, string>> = {
  requests_total: "HTTP requests answered.",
  errors_total: "Errors by code and by the dependency that failed.",
  request_duration_seconds: "Time from the first byte of a request to its answer.",
  route_decisions_total: "Paths that the router chose.",
  escalations_total: "Answers that were searched for again on a deeper path.",
  cache_hits_total: "Look-ups in the answer cache by their result.",
  cache_evictions_total: "Entries that the answer cache dropped.",
  cache_promotions_total: "Entries that moved to a faster tier.",
  source_skipped_total: "Search sources that did not answer, and why.",
  remember_total: "Memories written by what became of them.",
  index_queries_total: "Searches of the vector index by kind.",
  embed_cache_total: "Look-ups in the embedding cache by their result.",
  jobs_total: "Background jobs that ended.",
  pipeline_latency_seconds: "Time that a recall took on its path.",
  pipeline_stage_seconds: "Time that a stage of a recall took.",
  source_seconds: "Time that a search source took.",
  store_seconds: "Time that an operation of a store took.",
  embed_seconds: "Time that embedding took.",
  router_seconds: "Time that analysing a query took.",
  fusion_seconds: "Time that fusing candidates took.",
  index_latency_seconds: "Time that a search of the vector index took.",
  confidence: "Confidence of answers.",
  fusion_candidates: "Candidates that entered fusion.",
  embed_batch_size: "Texts in one run of an embedding model.",
  embed_queue: "Inputs that wait for an embedding model.",
  embed_model_bytes: "Bytes that a loaded embedding model holds.",
  breaker_state: "Of a dependency: 0 closed, 1 half-open, 2 open.",
  active_connections: "Open connections.",
  cache_bytes: "Bytes held by a cache tier.",
  outbox_pending: "Changes that the projector has yet to apply.",
  outbox_oldest_seconds: "Age of the oldest change that the projector has yet to apply.",
  dead_letters: "Jobs that failed for good.",
  index_bytes: "Bytes held by the vector index.",
  build_info: "Always 1; the labels name the build.",
};

export function bucketsOf(name: string): readonly number[] {
  return BUCKETS[name] ?? REQUEST_SECONDS;
}

export function helpOf(name: string): string {
  return HELP[name] ?? `${name.replaceAll("_", " ")}.`;
}
