/** One contender in a process of its own: its memory is its own, and a crash is its own too. Driven by messages, one at a time. */

import { type Spec, vectorOf, vectorsOf } from "../../datasets/dataset.ts";
import type { Vectors } from "../../datasets/cache.ts";
import { skipped } from "../../rivals/load.ts";
import { GRAPH, type Index, type Way } from "./contender.ts";
import { contenders } from "./contenders.ts";

export type Request =
  | { readonly do: "build"; readonly contender: string; readonly spec: Spec }
  | { readonly do: "set"; readonly way: number; readonly setting: number }
  | { readonly do: "answer"; readonly way: number; readonly from: number; readonly count: number; readonly k: number };

export interface Built {
  readonly seconds: number;
  readonly ways: readonly Pick<Way, "name" | "unit" | "settings">[];
  /** What the process grew by, without the JavaScript heap that garbage leaves. */
  readonly residentBytes: number;
  readonly bytes: number | undefined;
}

export interface Answers {
  /** Row numbers of each query in turn, -1 where fewer were found. */
  readonly ids: Int32Array;
  /** Of each query. */
  readonly milliseconds: Float64Array;
  /** Of the last query. */
  readonly plan: string | undefined;
}

export type Reply = { readonly value: Built | Answers | undefined } | { readonly error: string };

/** Queries before the timed ones of every block: the caches hold the contender before. */
const WARM_UP = 20;

let index: Index | undefined;
let queries: Vectors;
const prepared = new Map<Way, unknown[]>();

process.on("message", (request: Request) => {
  void answerTo(request)
    .catch((error: unknown): Reply => ({ error: String(error) }))
    .then((reply) => process.send?.(reply));
});
process.on("disconnect", () => {
  index?.close();
  process.exit(0);
});

async function answerTo(request: Request): Promise<Reply> {
  if (request.do === "build") return { value: await build(request) };
  const way = index?.ways[request.way];
  if (!way) return { error: "nothing is built" };
  if (request.do === "answer") return { value: await answers(way, request) };
  way.set(request.setting);
  return { value: undefined };
}

async function build({ contender, spec }: Extract<Request, { do: "build" }>): Promise<Built | undefined> {
  const vectors = vectorsOf(spec);
  if (!vectors) throw new Error("the vectors are not there");
  queries = vectors.queries;
  const before = memory();
  const started = performance.now();
  index = await contenders.find(({ name }) => name === contender)?.build(vectors.rows, GRAPH);
  const seconds = (performance.now() - started) / 1_000;
  if (!index) throw new Error(skipped().join("; "));
  const ways = index.ways.map(({ name, unit, settings }) => ({ name, unit, settings }));
  return { seconds, ways, residentBytes: memory() - before, bytes: index.bytes };
}

async function answers(way: Way, { from, count, k }: Extract<Request, { do: "answer" }>): Promise<Answers> {
  const own = prepared.get(way) ?? [];
  prepared.set(way, own);
  const total = queries.vectors.length / queries.dimension;
  for (let i = 0; i < total && own.length < total; i++) own.push(way.prepare(vectorOf(queries, i)));
  const ids = new Int32Array(count * k).fill(-1);
  const milliseconds = new Float64Array(count);
  for (let i = -WARM_UP; i < count; i++) {
    const query = own[(from + i + total) % total];
    const started = performance.now();
    const answer = way.search(query, k);
    // Awaiting what is no promise would be timed as well.
    const found = answer instanceof Promise ? await answer : answer;
    if (i < 0) continue;
    milliseconds[i] = performance.now() - started;
    for (let j = 0; j < Math.min(k, found.length); j++) ids[i * k + j] = Number(found[j]);
  }
  return { ids, milliseconds, plan: way.plan?.() };
}

/** Resident bytes outside of the JavaScript heap, and what lives on it. */
function memory(): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return rss - heapTotal + heapUsed;
}
