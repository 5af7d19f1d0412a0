/** The index bench's sets by name, with their queries and exact answers. */

import { readVectors, type Vectors, writeVectors } from "./cache.ts";
import { clustered, type Generated, type Sizes, uniform } from "./generate.ts";
import { real } from "./real.ts";
import { dot, type Truth, truthOf } from "./truth.ts";

type Kind = "clustered" | "uniform" | "real";

export interface Spec extends Sizes {
  readonly kind: Kind;
}

export interface Dataset extends Spec, Generated {
  /** Kind, rows and dimension. */
  readonly name: string;
  readonly truth: Truth;
}

export const K = 10;

export function nameOf({ kind, count, dimension }: Spec): string {
  return `${kind}, ${count.toLocaleString("en")} × ${dimension}`;
}

/** Undefined for real vectors that have not been embedded. */
export async function datasetOf(spec: Spec): Promise<Dataset | undefined> {
  const vectors = vectorsOf(spec);
  if (!vectors) return undefined;
  const truth = await truthOf(`${fileOf(spec)}-q${spec.questions}`, { ...vectors, k: K });
  return { ...spec, ...vectors, name: nameOf(spec), truth };
}

/** Without the exact answers. Generated once, then read. */
export function vectorsOf(spec: Spec): Generated | undefined {
  if (spec.kind === "real") return real(spec);
  const file = fileOf(spec);
  const [rows, queries] = [readVectors(`${file}.rows`), readVectors(`${file}-q${spec.questions}.queries`)];
  if (rows && queries) return { rows, queries };
  const made = spec.kind === "uniform" ? uniform(spec) : clustered(spec);
  writeVectors(`${file}.rows`, made.rows);
  writeVectors(`${file}-q${spec.questions}.queries`, made.queries);
  return made;
}

/** Vector `i` without a copy. */
export function vectorOf({ vectors, dimension }: Vectors, i: number): Float32Array {
  return vectors.subarray(i * dimension, (i + 1) * dimension);
}

/** The share of a query's exact k that was found; a row that is as close as the k-th counts as well. */
export function recallOf({ queries, rows, truth }: Dataset, query: number, found: ArrayLike<number | bigint>): number {
  const ids = new Set(truth.ids.subarray(query * truth.k, (query + 1) * truth.k));
  const seen = new Set<number>();
  let hits = 0;
  for (let i = 0; i < Math.min(found.length, truth.k); i++) {
    const id = Number(found[i]);
    if (seen.has(id)) continue;
    seen.add(id);
    if (ids.has(id) || dot(queries, query, rows, id) >= truth.least[query]!) hits++;
  }
  return hits / truth.k;
}

function fileOf({ kind, count, dimension }: Spec): string {
  return `${kind}-${count}x${dimension}`;
}
