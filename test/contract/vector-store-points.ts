/** Points and random operations for the contract of the `VectorStore` port. */

import { createHash } from "node:crypto";
import type { Filter, PointPayload, SparseVector, VectorPoint, VectorQuery } from "@nexus/core";
import { EVERYTHING } from "@nexus/core";
import * as fc from "fast-check";

/** What a test says of a point; the rest is filled in. */
export interface Fields extends Partial<PointPayload> {
  readonly id: string;
  readonly chunk?: number;
  /** Direction of the vector `static`; [1, 0] unless given. */
  readonly vector?: readonly number[];
  /** All named vectors, instead of `static`. */
  readonly vectors?: VectorPoint["vectors"];
  /** Term id → weight. */
  readonly terms?: Readonly<Record<number, number>>;
}

/** The largest term id. */
export const term = 4_294_967_295;

export function point({ chunk = 0, vector = [1, 0], vectors, terms = {}, ...payload }: Fields): VectorPoint {
  return {
    pointId: pointIdOf(payload.id, chunk),
    chunkIndex: chunk,
    vectors: vectors ?? { static: unit(vector) },
    sparse: sparse(terms),
    payload: {
      addedSeq: 1,
      version: 1,
      language: "en",
      createdAt: 1,
      recordedAt: 2,
      updatedAt: 3,
      metadata: {},
      ...payload,
    },
  };
}

export function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}

export function sparse(terms: Readonly<Record<number, number>>): SparseVector {
  const sorted = Object.entries(terms)
    .map(([id, weight]) => [Number(id), weight] as const)
    .sort(([a], [b]) => a - b);
  return { ids: Uint32Array.from(sorted, ([id]) => id), weights: Float32Array.from(sorted, ([, weight]) => weight) };
}

export type Operation = { readonly tenant: 0 | 1 } & (
  | { readonly kind: "upsert"; readonly points: readonly VectorPoint[] }
  | { readonly kind: "remove"; readonly ids: readonly string[] }
  | { readonly kind: "search"; readonly query: VectorQuery }
);

/** Histories of two tenants who use the same few ids, words, users and filters. */
export function operations(): fc.Arbitrary<Operation[]> {
  const id = fc.constantFrom("m0", "m1", "m2", "m3", "m4");
  const vector = fc.constantFrom([1, 0], [0, 1], [1, 1], [-1, 2]);
  const terms = fc.dictionary(fc.constantFrom("1", "2", "3", String(term)), fc.integer({ min: 1, max: 8 }));
  const userId = fc.constantFrom(undefined, "ana", "ben");
  const sessionId = fc.constantFrom(undefined, "s1");
  const filter: fc.Arbitrary<Filter> = fc.constantFrom<Filter>(
    EVERYTHING,
    { field: "userId", operator: "eq", value: "ana" },
    {
      all: [
        { field: "sessionId", operator: "eq", value: "s1" },
        { not: { field: "userId", operator: "eq", value: "ben" } },
      ],
    },
    { field: "createdAt", operator: "gt", value: 2 },
  );
  const memory = fc
    .record({
      fields: fc.record({ id, userId, sessionId, createdAt: fc.nat(4), addedSeq: fc.nat(100_000) }),
      chunks: fc.array(fc.record({ vector, terms }), { minLength: 1, maxLength: 3 }),
    })
    .map(({ fields, chunks }) => chunks.map((chunk, i) => point({ ...fields, ...chunk, chunk: i })));
  const by = fc.oneof(
    vector.map((values) => ({ dense: { name: "static", values: unit(values) } })),
    terms.map((terms) => ({ sparse: sparse(terms) })),
  );
  const query = fc.record({
    by,
    filter,
    among: fc.option(fc.array(id, { maxLength: 3 }), { nil: undefined }),
    limit: fc.integer({ min: 1, max: 8 }),
  });
  const tenant = fc.constantFrom<0 | 1>(0, 1);
  return fc.array(
    fc.oneof(
      fc.record({
        tenant,
        kind: fc.constant("upsert" as const),
        points: fc.array(memory, { minLength: 1, maxLength: 2 }).map((all) => all.flat()),
      }),
      fc.record({ tenant, kind: fc.constant("remove" as const), ids: fc.array(id, { maxLength: 2 }) }),
      fc.record({ tenant, kind: fc.constant("search" as const), query }),
    ),
    { minLength: 4, maxLength: 24 },
  );
}

/** A UUID that depends on memory and chunk alone, as real point ids do. */
function pointIdOf(memoryId: string, chunk: number): string {
  const hex = createHash("sha256").update(`${memoryId}:${chunk}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
