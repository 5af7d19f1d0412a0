/** What every driver of the `VectorStore` port must do. The plainest index, packages/index/src/reference.ts, says what is right. */

import type { TenantScope, VectorHit, VectorQuery, VectorStore } from "@nexus/core";
import { EVERYTHING, matches } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testTenants } from "./vector-store-tenants.ts";
import { FILTERED, FILTERS } from "./vector-store-filters.ts";
import { type Fields, point, sparse, term, unit } from "./vector-store-points.ts";

/** A store under test. `reopen` closes it and opens what it left behind; only durable drivers have it. */
export interface OpenedVectorStore {
  readonly store: VectorStore;
  readonly close: () => Promise<void>;
  readonly reopen?: () => Promise<OpenedVectorStore>;
}

/** Scores are f32 in some engines. */
const SCORE_DIGITS = 5;

export function vectorStoreContract(name: string, open: () => Promise<OpenedVectorStore>): void {
  describe(`vector store: ${name}`, () => {
    let opened: OpenedVectorStore;
    let store: VectorStore;
    const [scope, other] = systemScopes("test", ["tenant-a", "tenant-b"]) as [TenantScope, TenantScope];

    beforeEach(async () => {
      opened = await open();
      ({ store } = opened);
    });
    afterEach(() => opened.close());

    const dense = (values: readonly number[], more: Partial<VectorQuery> = {}): Promise<VectorHit[]> =>
      store.search(scope, {
        by: { dense: { name: "static", values: unit(values) } },
        filter: EVERYTHING,
        limit: 50,
        ...more,
      });
    const keyword = (terms: Readonly<Record<number, number>>, more: Partial<VectorQuery> = {}): Promise<VectorHit[]> =>
      store.search(scope, { by: { sparse: sparse(terms) }, filter: EVERYTHING, limit: 50, ...more });
    const put = (...fields: readonly Fields[]): Promise<void> => store.upsert(scope, fields.map(point));
    const idsOf = (hits: readonly VectorHit[]): string[] => hits.map(({ memoryId }) => memoryId);

    test("a point comes back with its ids, its payload and its score", async () => {
      const full = {
        id: "a",
        userId: "ana",
        agentId: "g",
        sessionId: "s",
        speaker: "Ana",
        externalId: "x",
        validFrom: 5,
      };
      await put({ ...full, chunk: 2, vector: [3, 4], terms: { 7: 2 }, metadata: { deep: { n: 1, tags: ["x"] } } });
      const [hit] = await dense([1, 0]);
      expect(hit).toMatchObject({ memoryId: "a", chunkIndex: 2, pointId: point({ id: "a", chunk: 2 }).pointId });
      expect(hit?.score).toBeCloseTo(0.6, SCORE_DIGITS);
      expect(hit?.payload).toEqual(point({ ...full, metadata: { deep: { n: 1, tags: ["x"] } } }).payload);
      const [byTerm] = await keyword({ 7: 3 });
      expect(byTerm?.score).toBeCloseTo(6, SCORE_DIGITS);
    });

    test("an empty tenant has no hits, no terms and no points", async () => {
      expect(await dense([1, 0])).toEqual([]);
      expect(await keyword({ 1: 1 })).toEqual([]);
      expect(await store.terms(scope, Uint32Array.of(1))).toEqual({ points: 0, frequencies: Uint32Array.of(0) });
      expect(await store.describe(scope)).toMatchObject({ points: 0, memories: 0 });
    });

    test("an upsert replaces all points of the memories that it names, and no others", async () => {
      await put(
        { id: "a", chunk: 0, terms: { 1: 1 } },
        { id: "a", chunk: 1, terms: { 1: 1 } },
        { id: "b", terms: { 1: 1 } },
      );
      await put({ id: "a", chunk: 0, version: 2, terms: { 2: 1 } });
      expect(idsOf(await keyword({ 1: 1 }))).toEqual(["b"]);
      expect((await keyword({ 2: 1 })).map(({ payload }) => payload.version)).toEqual([2]);
      expect(await store.describe(scope)).toMatchObject({ points: 2, memories: 2 });
    });

    test("writes are idempotent: repeated, they change nothing", async () => {
      for (let i = 0; i < 3; i++) await put({ id: "a", terms: { 1: 1 } }, { id: "b", terms: { 1: 1 } });
      for (let i = 0; i < 3; i++) await store.remove(scope, ["b", "never there"]);
      await store.upsert(scope, []);
      await store.remove(scope, []);
      expect(await store.terms(scope, Uint32Array.of(1))).toEqual({ points: 1, frequencies: Uint32Array.of(1) });
      expect(idsOf(await dense([1, 0]))).toEqual(["a"]);
    });

    test("a physical removal removes as any other, and leaves the rest of every tenant", async () => {
      await put({ id: "a", terms: { 1: 1 } }, { id: "b", terms: { 1: 1 } });
      await store.upsert(other, [point({ id: "b", terms: { 1: 1 } })]);
      await store.remove(scope, ["b"], { physically: true });
      await store.remove(scope, [], { physically: true });
      expect(idsOf(await keyword({ 1: 1 }))).toEqual(["a"]);
      expect(await store.describe(scope)).toMatchObject({ points: 1, memories: 1 });
      expect(await store.describe(other)).toMatchObject({ points: 1, memories: 1 });
    });

    test("concurrent upserts of one memory leave one of them, whole", async () => {
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => put({ id: "a", version: i, terms: { 1: 1, [10 + i]: 1 } })),
      );
      const hits = await keyword({ 1: 1 });
      expect(hits).toHaveLength(1);
      const version = hits[0]!.payload.version;
      expect(await keyword({ [10 + version]: 1 })).toHaveLength(1);
      expect(
        (
          await store.terms(
            scope,
            Uint32Array.from({ length: 20 }, (_, i) => 10 + i),
          )
        ).frequencies.reduce((a, b) => a + b),
      ).toBe(1);
    });

    test("several chunks of a memory are hits of their own, best first", async () => {
      await put(
        { id: "a", chunk: 0, vector: [1, 0] },
        { id: "a", chunk: 1, vector: [0, 1] },
        { id: "b", vector: [1, 1] },
      );
      const hits = await dense([1, 0.1]);
      expect(hits.map(({ memoryId, chunkIndex }) => [memoryId, chunkIndex])).toEqual([
        ["a", 0],
        ["b", 0],
        ["a", 1],
      ]);
    });

    test("between equal scores the point ids decide, also where the limit cuts", async () => {
      const ids = Array.from({ length: 12 }, (_, i) => `m${i}`);
      await put(...ids.toReversed().map((id) => ({ id, vector: [1, 0], terms: { 1: 1 } })));
      const byPoint = ids.map((id) => point({ id }).pointId).sort();
      for (const limit of [1, 5, 12]) {
        expect((await dense([1, 0], { limit })).map(({ pointId }) => pointId)).toEqual(byPoint.slice(0, limit));
        expect((await keyword({ 1: 1 }, { limit })).map(({ pointId }) => pointId)).toEqual(byPoint.slice(0, limit));
      }
    });

    test("a dense search finds the points that have the vector; a name that no point has finds nothing", async () => {
      await put({ id: "a", vector: [1, 0] }, { id: "b", vectors: { fused: unit([1, 0, 0]) } });
      expect(idsOf(await dense([1, 0]))).toEqual(["a"]);
      const fused = { dense: { name: "fused", values: unit([1, 0, 0]) } };
      expect(idsOf(await store.search(scope, { by: fused, filter: EVERYTHING, limit: 5 }))).toEqual(["b"]);
      const unknown = { dense: { name: "unknown", values: unit([1, 0]) } };
      expect(await store.search(scope, { by: unknown, filter: EVERYTHING, limit: 5 })).toEqual([]);
    });

    test("sparse hits share a term with the query and tell the weight of each", async () => {
      await put(
        { id: "a", terms: { 1: 1, 5: 0.5 } },
        { id: "b", terms: { 4_294_967_295: 2 } },
        { id: "c", terms: { 9: 1 } },
        { id: "d" },
      );
      const hits = await keyword({ 1: 2, 5: 2, 4_294_967_295: 1 });
      expect(hits.map(({ memoryId, matched }) => [memoryId, ...(matched ?? [])])).toEqual([
        ["a", 1, 0.5, 0],
        ["b", 0, 0, 2],
      ]);
      expect(hits.map(({ score }) => score)).toEqual([3, 2]);
      expect((await dense([1, 0]))[0]?.matched).toBeUndefined();
    });

    test("`among` scores those memories only, those without a common term with 0", async () => {
      await put({ id: "a", terms: { 1: 1 } }, { id: "b", terms: { 2: 1 } }, { id: "c", terms: { 1: 9 } });
      const hits = await keyword({ 1: 2 }, { among: ["b", "a", "a", "absent"] });
      expect(hits.map(({ memoryId, score, matched }) => [memoryId, score, matched?.[0]])).toEqual([
        ["a", 2, 1],
        ["b", 0, 0],
      ]);
      expect(idsOf(await dense([1, 0], { among: ["c"] }))).toEqual(["c"]);
      expect(await dense([1, 0], { among: [] })).toEqual([]);
    });

    test("`terms` counts points, chunks apart, in the order asked", async () => {
      await put(
        { id: "a", chunk: 0, terms: { 1: 1 } },
        { id: "a", chunk: 1, terms: { 1: 1, 2: 1 } },
        { id: "b", terms: { 2: 1 } },
      );
      await store.remove(scope, ["b"]);
      const { points, frequencies } = await store.terms(scope, Uint32Array.of(2, 3, 1));
      expect([points, ...frequencies]).toEqual([2, 1, 0, 2]);
    });

    test("a wrong dimension and a number that is not finite are refused before anything is changed", async () => {
      await put({ id: "a", vector: [1, 0] });
      const refused = async (vector: readonly number[], code: string): Promise<void> => {
        const bad = { ...point({ id: "c" }), vectors: { static: Float32Array.from(vector) } };
        await expect(store.upsert(scope, [point({ id: "b", vector: [1, 0] }), bad])).rejects.toMatchObject({ code });
      };
      await refused([1, 0, 0], "vector.dimension_mismatch");
      await refused([1, Number.NaN], "vector.not_finite");
      await refused([1, Infinity], "vector.not_finite");
      await expect(dense([1, 0, 0])).rejects.toMatchObject({ code: "vector.dimension_mismatch" });
      expect(idsOf(await dense([1, 0]))).toEqual(["a"]);
    });

    describe("filters", () => {
      for (const filter of FILTERS) {
        test(JSON.stringify(filter), async () => {
          await put(...FILTERED.map((fields) => ({ ...fields, terms: { 1: 1 } })));
          const expected = FILTERED.filter((fields) => matches(point(fields).payload, filter)).map(({ id }) => id);
          expect(idsOf(await dense([1, 0], { filter })).sort()).toEqual(expected);
          expect(idsOf(await keyword({ 1: 1 }, { filter })).sort()).toEqual(expected);
          expect(idsOf(await keyword({ 2: 1 }, { filter, among: ["a", "b", "c"] })).sort()).toEqual(
            expected.filter((id) => id !== "d"),
          );
        });
      }
    });

    test("`beside` names the neighbours in the session of the same user, by time and then arrival, whatever the filter", async ({
      skip,
    }) => {
      skip(!(await store.describe(scope)).supports.beside, "the driver does not support it");
      const turn = { userId: "ana", sessionId: "s", createdAt: 100 };
      await put(
        { ...turn, id: "late", createdAt: 300 },
        { ...turn, id: "second", addedSeq: 2 },
        { ...turn, id: "first", addedSeq: 1, terms: { 2: 1 } },
        { ...turn, id: "hit", createdAt: 200, terms: { 1: 1 } },
        { ...turn, id: "other user", userId: "ben", terms: { 3: 1 } },
        { ...turn, id: "other session", sessionId: "t" },
        { id: "no session", userId: "ana", createdAt: 200, terms: { 4: 1 } },
      );
      const beside = async (id: number, places: number): Promise<unknown> =>
        (
          await keyword({ [id]: 1 }, { beside: places, filter: { field: "id", operator: "ne", value: "second" } })
        )[0]?.beside?.map(({ payload, offset }) => [payload.id, offset]);
      expect(await beside(1, 1)).toEqual([
        ["second", -1],
        ["late", 1],
      ]);
      expect(await beside(1, 9)).toEqual([
        ["first", -2],
        ["second", -1],
        ["late", 1],
      ]);
      expect(await beside(2, 2)).toEqual([
        ["second", 1],
        ["hit", 2],
      ]);
      expect(await beside(3, 2)).toEqual([]);
      expect(await beside(4, 2)).toEqual([]);
      await store.remove(scope, ["second"]);
      expect(await beside(1, 1)).toEqual([
        ["first", -1],
        ["late", 1],
      ]);
      expect((await keyword({ 1: 1 }))[0]?.beside).toBeUndefined();
    });

    testTenants(() => store);

    test("what was acknowledged is there after reopening, for every tenant", async ({ skip }) => {
      skip(!opened.reopen, "the driver is not durable by itself");
      await put(
        { id: "a", chunk: 0, terms: { 1: 1 }, sessionId: "s" },
        { id: "a", chunk: 1 },
        { id: "b", terms: { 1: 2 }, sessionId: "s" },
      );
      await store.upsert(other, [point({ id: "a", vector: [0, 1], terms: { [term]: 3 } })]);
      await store.remove(scope, ["b"]);
      const look = async (): Promise<unknown> => [
        await dense([1, 0], { beside: 2 }),
        await keyword({ 1: 1 }),
        await store.search(other, { by: { sparse: sparse({ [term]: 1 }) }, filter: EVERYTHING, limit: 5 }),
        await store.terms(scope, Uint32Array.of(1)),
        await store.terms(other, Uint32Array.of(1, term)),
      ];
      const before = await look();
      opened = await opened.reopen!();
      ({ store } = opened);
      expect(await look()).toEqual(before);
    });
  });
}
