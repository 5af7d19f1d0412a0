/** That tenants of a `VectorStore` never see, count or disturb each other's points. */

import { EVERYTHING, type VectorHit, type VectorStore } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { createReferenceIndex } from "@nexus/index/reference";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { operations, point, sparse } from "./vector-store-points.ts";

/** Scores are f32 in some engines. */
const SCORE_DIGITS = 5;

export function testTenants(store: () => VectorStore): void {
  test("random operations of two tenants with the same ids, texts and filters: each sees exactly its own", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(operations(), async (steps) => {
        run++;
        const scopes = systemScopes("test", [`a-${run}`, `b-${run}`]);
        const models = [createReferenceIndex(), createReferenceIndex()];
        for (const { tenant, ...step } of steps) {
          const [scope, model] = [scopes[tenant]!, models[tenant]!];
          if (step.kind === "upsert") {
            await store().upsert(scope, step.points);
            model.upsert(step.points);
          } else if (step.kind === "remove") {
            await store().remove(scope, step.ids);
            model.remove(step.ids);
          } else
            expectHits(
              await store().search(scope, step.query),
              model.search({ ...step.query, limit: 1_000 }),
              step.query.limit,
            );
          const ids = Uint32Array.of(1, 2, 3, 4_294_967_295);
          expect(await store().terms(scope, ids)).toEqual(model.terms(ids));
        }
      }),
      { numRuns: 60, seed: 42 },
    );
  });

  test("tenants whose names differ in case, separators or length only are apart", async () => {
    const names = ["t", "T", "t/", "../t", "t\0", "t".repeat(256), "t".repeat(255), "\ud800", "\ufffd", ""];
    const scopes = systemScopes("test", names);
    for (const [i, scope] of scopes.entries()) await store().upsert(scope, [point({ id: `m${i}`, terms: { 1: 1 } })]);
    for (const [i, scope] of scopes.entries()) {
      const hits = await store().search(scope, { by: { sparse: sparse({ 1: 1 }) }, filter: EVERYTHING, limit: 50 });
      expect(hits.map(({ memoryId }) => memoryId)).toEqual([`m${i}`]);
    }
  });
}

/** Hits against the model's whole ranking: the same points with the same scores, in order, allowing for f32 where two scores nearly tie. */
function expectHits(hits: readonly VectorHit[], ranking: readonly VectorHit[], limit: number): void {
  expect(hits).toHaveLength(Math.min(limit, ranking.length));
  const expected = new Map(ranking.map((hit) => [hit.pointId, hit]));
  for (const [i, hit] of hits.entries()) {
    const twin = expected.get(hit.pointId);
    expect(twin, hit.pointId).toBeDefined();
    expect(hit.score).toBeCloseTo(twin!.score, SCORE_DIGITS);
    expect(hit.score).toBeCloseTo(ranking[i]!.score, SCORE_DIGITS);
    expect({ ...hit, score: 0 }).toEqual({ ...twin!, score: 0 });
    expected.delete(hit.pointId);
  }
}
