/** Graphs that a worker thread builds in shared memory while the index is written to and searched. */

import type { Filter, NexusError, VectorHit } from "@nexus/core";
import { createSegmentThread, createVectorIndex, type RunningThread, type VectorIndex } from "@nexus/index/node";
import { afterEach, describe, expect, test } from "vitest";
import { batchOf, idOf, idsOf, pointOf, queryOf } from "../support/dense-points.ts";
import { bestOf, dot, unitVectors } from "../support/dense-rows.ts";
import { seeded } from "../support/random.ts";

const D = 16;
const threads: RunningThread[] = [];

function thread(): RunningThread {
  const made = createSegmentThread({ threads: 2 });
  threads.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(threads.splice(0).map((made) => made.close()));
});

/** Until the thread has nothing more to link. */
async function settled(index: VectorIndex): Promise<void> {
  for (let version = -1, same = 0; same < 5;) {
    await new Promise((resolve) => void setTimeout(resolve, 60));
    same = index.graphVersion() === version ? same + 1 : 0;
    version = index.graphVersion();
  }
}

/** Every hit is of a point that is there, with its own score. */
function expectRight(hits: readonly VectorHit[], query: Float32Array, points: ReadonlyMap<string, Float32Array>): void {
  for (const { memoryId, score } of hits) expect(score).toBeCloseTo(dot(points.get(memoryId)!, query), 5);
  expect(new Set(idsOf(hits)).size).toBe(hits.length);
}

describe("an index whose graph a thread builds", () => {
  test("upserts and removals while it links: every answer is right, and in the end recall@10 ≥ 0.95", async () => {
    const random = seeded(1);
    const index = createVectorIndex({ thread: thread() });
    const vectors = unitVectors(17_000, D, 2);
    const points = new Map<string, Float32Array>();
    const put = (i: number, values: Float32Array): void => {
      index.upsert([pointOf(idOf(i), values)]);
      points.set(idOf(i), values);
    };
    for (const [i, vector] of vectors.entries()) put(i, vector);
    for (let step = 0; step < 40; step++) {
      await new Promise((resolve) => void setTimeout(resolve, 10));
      for (let i = 0; i < 40; i++) {
        const at = Math.floor(random() * vectors.length);
        if (random() < 0.5) put(at, vectors[Math.floor(random() * vectors.length)]!);
        else if (points.delete(idOf(at))) index.remove([idOf(at)]);
      }
      const query = vectors[step]!;
      const [now, soon] = [index.search(queryOf(query)), await index.searchSoon(queryOf(query))];
      for (const hits of [now, soon]) expectRight(hits, query, points);
    }
    await settled(index);
    let recall = 0;
    const rows = new Map(Array.from(points.values(), (values, row) => [row, values] as const));
    for (const query of unitVectors(20, D, 3)) {
      const hits = index.search(queryOf(query));
      expectRight(hits, query, points);
      const least = bestOf(rows, query, 10)[9]!.score - 1e-6;
      recall += hits.filter(({ score }) => score >= least).length / 200;
    }
    expect(recall).toBeGreaterThanOrEqual(0.95);
    await index.close();
  });

  test("all points replaced while it links: recall@10 ≥ 0.95 afterwards", async () => {
    const index = createVectorIndex({ thread: thread() });
    const vectors = unitVectors(17_000, D, 4);
    for (let round = 0; round < 2; round++) {
      index.upsert(vectors.map((values, i) => pointOf(idOf(i), values)));
      await settled(index);
    }
    let found = 0;
    for (let i = 0; i < 17_000; i += 170) if (idsOf(index.search(queryOf(vectors[i]!, 3))).includes(idOf(i))) found++;
    expect(found).toBeGreaterThanOrEqual(95);
    await index.close();
  });

  test("a search long enough for the thread gives what a search here gives, with and without a filter", async () => {
    const batch = batchOf(unitVectors(51_000, D, 5));
    const [here, away] = [createVectorIndex({ graphs: false }), createVectorIndex({ thread: thread() })];
    for (const index of [here, away]) await index.load(batch);
    const third: Filter = { field: "metadata.third", operator: "eq", value: 1 };
    const asked = unitVectors(4, D, 6).flatMap((query) =>
      [1, 10, 700].flatMap((limit) => [queryOf(query, limit), queryOf(query, limit, third)]),
    );
    const soon = await Promise.all(asked.map((query) => away.searchSoon(query)));
    for (const [i, query] of asked.entries()) expect(soon[i]).toEqual(here.search(query));
    await away.close();
  });

  test("points replaced after the thread has scanned and before its answer is read: no hit has the score of what was there before", async () => {
    const index = createVectorIndex({ thread: thread() });
    const vectors = unitVectors(52_000, D, 7);
    const points = new Map(vectors.map((values, i) => [idOf(i), values] as const));
    await index.load(batchOf(vectors));
    const query = vectors[51_999]!;
    await index.searchSoon(queryOf(query));
    const waiting = index.searchSoon(queryOf(query));
    for (let i = 0; i < 20; i++) await Promise.resolve();
    // The thread answers while this one sleeps.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
    for (let i = 40_000; i < 52_000; i++) {
      points.delete(idOf(i));
      index.remove([idOf(i)]);
      points.set(idOf(60_000 + i), vectors[i - 40_000]!);
      index.upsert([pointOf(idOf(60_000 + i), vectors[i - 40_000]!)]);
    }
    expectRight(await waiting, query, points);
    await index.close();
  });

  test("closing ends work and searches under way, for one of two indexes on the thread; the other goes on", async () => {
    const shared = thread();
    const [first, second] = [createVectorIndex({ thread: shared }), createVectorIndex({ thread: shared })];
    const vectors = unitVectors(51_000, D, 8);
    for (const index of [first, second]) await index.load(batchOf(vectors));
    const searches = [0, 1, 2].map((i) => outcome(first.searchSoon(queryOf(vectors[i]!, 1))));
    await first.close();
    for (const [i, got] of (await Promise.all(searches)).entries())
      expect([idOf(i), "store.unavailable"]).toContain(got);
    expect(idsOf(first.search(queryOf(vectors[9]!, 1)))).toEqual([idOf(9)]);
    expect(idsOf(await second.searchSoon(queryOf(vectors[9]!, 1)))).toEqual([idOf(9)]);
    await second.close();
  });

  test("a thread that ends while it links is told of; searches find all that waits", async () => {
    const failures: unknown[] = [];
    const made = createSegmentThread({ threads: 1, onFailure: (error) => failures.push(error) });
    const index = createVectorIndex({ thread: made });
    const vectors = unitVectors(17_000, D, 12);
    await index.load(batchOf(vectors));
    await made.close();
    await settled(index);
    expect(failures).toMatchObject([{ code: "store.unavailable" }]);
    expect(idsOf(index.search(queryOf(vectors[16_999]!, 1)))).toEqual([idOf(16_999)]);
    await index.close();
    await made.close();
  });

  test("a thread that is closed rejects what waits; the index still answers, and a later write ends well", async () => {
    const ending = thread();
    const index = createVectorIndex({ thread: ending });
    const vectors = unitVectors(51_000, D, 9);
    await index.load(batchOf(vectors));
    const searches = [0, 1, 2].map((i) => outcome(index.searchSoon(queryOf(vectors[i]!, 1))));
    await ending.close();
    for (const [i, got] of (await Promise.all(searches)).entries())
      expect([idOf(i), "store.unavailable"]).toContain(got);
    index.upsert([pointOf(idOf(3), vectors[4]!)]);
    expect(idsOf(index.search(queryOf(vectors[3]!, 1)))).not.toContain(idOf(3));
    await index.close();
  });

  test("the last point removed while a search waits: it finds nothing, and does not fail", async () => {
    const index = createVectorIndex({ thread: thread() });
    const vectors = unitVectors(51_000, D, 10);
    await index.load(batchOf(vectors));
    const waiting = [0, 1].map((i) => outcome(index.searchSoon(queryOf(vectors[i]!, 1))));
    index.remove(vectors.map((_, i) => idOf(i)));
    expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
    await index.close();
  });

  test("memory for vectors runs out while the thread links: writes are refused, searches are not", async () => {
    const index = createVectorIndex({ thread: thread(), maxVectorBytes: 15.75 * 2 ** 20 });
    const vectors = unitVectors(54_000, D, 11);
    await index.load(batchOf(vectors.slice(0, 50_400)));
    let refused: string | undefined;
    for (let i = 50_400; i < 54_000 && !refused; i++) {
      refused = await outcome(Promise.resolve().then(() => (index.upsert([pointOf(idOf(i), vectors[i]!)]), [])));
    }
    expect(refused).toBe("index.full");
    for (const i of [0, 77, 50_300]) expect(idsOf(await index.searchSoon(queryOf(vectors[i]!, 1)))).toEqual([idOf(i)]);
    await settled(index);
    expect(idsOf(index.search(queryOf(vectors[78]!, 1)))).toEqual([idOf(78)]);
    await index.close();
  });
});

/** The first hit, or the error's code. */
async function outcome(searching: Promise<readonly VectorHit[]>): Promise<string | undefined> {
  try {
    return idsOf(await searching)[0];
  } catch (error) {
    return (error as NexusError).code;
  }
}
