/** The answer of a search on the wire. */

import type { ErrorCode, Memory } from "@nexus/core";
import { z } from "zod";
import { errorCode } from "./failure.ts";
import { timeOrNull } from "./memory.ts";

const time = z.string().meta({ format: "date-time" });
const share = z.number();

const factorFields = {
  semantic: share,
  keyword: share,
  recency: share,
  quality: share,
  domain: share,
  preference: share,
};

/** The weight of each factor, and the factors of one result. */
export const weightsWire = z.object(factorFields);
export const factorWire = z.object({ ...factorFields, agreement: z.number() });

const spanWire = z.object({ start: z.int(), end: z.int(), term: z.string() });

const resultWire = z
  .object({
    id: z.string(),
    externalId: z.string().nullable(),
    memory: z.string(),
    score: z.number(),
    confidence: z.number(),
    sources: z.array(z.string()),
    factors: factorWire,
    explanation: z.string(),
    spans: z.array(spanWire),
    sessionId: z.string().nullable(),
    speaker: z.string().nullable(),
    createdAt: time,
    validFrom: time.nullable(),
    validTo: time.nullable(),
    superseded: z.boolean(),
    metadata: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Result" });

export const recallWire = z.object({
  queryId: z.string(),
  results: z.array(resultWire),
  confidence: z.number(),
  path: z.enum(["cache_only", "smart", "full", "maximum"]),
  cache: z.object({
    tier: z.enum(["l1", "l2", "l3"]).nullable(),
    semantic: z.boolean(),
    ageMs: z.number().nullable(),
    seq: z.int().nullable(),
  }),
  skipped: z.array(
    z.object({
      source: z.string(),
      reason: z.string(),
      elapsedMs: z.number(),
      code: errorCode.optional(),
    }),
  ),
  weights: weightsWire.optional().meta({ description: "With `explain: true` only." }),
  latencyMs: z.number(),
  timings: z.object({
    analyse: z.number(),
    embed: z.number(),
    search: z.number(),
    fuse: z.number(),
    network: z.number(),
    cold: z.number(),
  }),
});

type RecallWire = z.output<typeof recallWire>;
type ResultWire = z.output<typeof resultWire>;

interface ResultView {
  readonly memory: Memory;
  readonly score: number;
  readonly confidence: number;
  readonly sources: readonly string[];
  readonly factors: Readonly<ResultWire["factors"]>;
  readonly explanation: string;
  readonly spans: readonly Readonly<ResultWire["spans"][number]>[];
}

export interface RecallView {
  readonly queryId: string;
  readonly results: readonly ResultView[];
  readonly confidence: number;
  readonly path: RecallWire["path"];
  readonly cache: Readonly<RecallWire["cache"]>;
  readonly skipped: readonly {
    readonly source: string;
    readonly reason: string;
    readonly elapsedMs: number;
    readonly code?: ErrorCode | undefined;
  }[];
  readonly weights?: Readonly<RecallWire["weights"]>;
  readonly latencyMs: number;
  readonly timings: Readonly<RecallWire["timings"]>;
}

export function recallToWire(response: RecallView): RecallWire {
  return {
    queryId: response.queryId,
    results: response.results.map(resultToWire),
    confidence: response.confidence,
    path: response.path,
    cache: response.cache,
    skipped: [...response.skipped],
    ...(response.weights && { weights: response.weights }),
    latencyMs: response.latencyMs,
    timings: response.timings,
  };
}

const encoder = new TextEncoder();

/** The results of answers that came from a cache, by list, as UTF-8: the same list is served again and again. */
const written = new WeakMap<readonly ResultView[], Uint8Array>();

/** The answer as JSON in UTF-8. Writing ten results takes longer than all the rest of a cached search, so a cached list is written once. */
export function recallToJson(response: RecallView): Uint8Array<ArrayBuffer> {
  const { results } = response;
  const list = written.get(results) ?? encoder.encode(JSON.stringify(results.map(resultToWire)));
  if (response.cache.tier !== null) written.set(results, list);
  const rest = JSON.stringify(recallToWire({ ...response, results: [] }));
  // No text can hold this: quotes inside of texts are written with a backslash.
  const at = rest.indexOf(EMPTY) + EMPTY.length - 2;
  return joined([encoder.encode(rest.slice(0, at)), list, encoder.encode(rest.slice(at + 2))]);
}

const EMPTY = '"results":[]';

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function resultToWire(result: ResultView): ResultWire {
  const { memory } = result;
  return {
    id: memory.id,
    externalId: memory.externalId ?? null,
    memory: memory.content,
    score: result.score,
    confidence: result.confidence,
    sources: result.sources as string[],
    factors: result.factors,
    explanation: result.explanation,
    spans: result.spans as ResultWire["spans"],
    sessionId: memory.sessionId ?? null,
    speaker: memory.speaker ?? null,
    createdAt: memory.createdAt.toISOString(),
    validFrom: timeOrNull(memory.validFrom),
    validTo: timeOrNull(memory.validTo),
    superseded: memory.status === "superseded",
    metadata: memory.metadata,
  };
}
