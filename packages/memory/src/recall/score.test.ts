/** Scores as callers see them, in random worlds: what `explain` says is what the score is made of, and the same question has the same answer. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openWorld, recallRequest, type Tenant } from "../../../../test/support/memory-world.ts";
import { FACTOR_NAMES } from "../fusion/fuse.ts";
import type { RecallRequest, RecallResponse } from "../requests.ts";

const world = await openWorld();
const { clock } = world;
/** Keeps no answers. */
const uncached = world.start({ l1TtlSeconds: 0, semanticMinScore: 2 }).memory;
const { agreementStep } = world.dependencies.settings.fusion;
const DAY_MS = 86_400_000;

const SOURCES = new Set(["dense", "sparse", "graph", "session", "intelligence", "mining"]);

const sentence = fc.constantFrom(
  "I live in Lisbon",
  "I live in Porto now",
  "Ben lives in Lisbon with his dog",
  "My doctor changed the diagnosis and the medication",
  "The contract goes to court on Monday",
  "The database index has a bug and leaks memory",
  "We had tea by the river in Porto",
  "Is the river cold?",
  "It was 12 degrees on 3 May 2025",
  "I work for Acme as a baker",
  "I work for Initech as a baker now",
  "Ana rows a red canoe every day",
  "ANA ROWS a red canoe every day",
);
const telling = fc.record({
  content: sentence,
  speaker: fc.constantFrom("Ana", "Ben", undefined),
  sessionId: fc.constantFrom("s1", "s2", undefined),
  daysAgo: fc.integer({ min: 0, max: 400 }),
});
const asking = fc.record({
  query: fc.constantFrom(
    "Where does Ana live?",
    "what did the doctor say about the medication and the lawsuit contract",
    "canoe",
    "Lisbon Porto river tea",
    "bug in the database",
    "When was it 12 degrees?",
  ),
  k: fc.integer({ min: 1, max: 30 }),
  mode: fc.constantFrom("auto", "fast", "balanced", "maxAccuracy"),
});

async function fill(
  tenant: Tenant,
  tellings: readonly {
    daysAgo: number;
    content: string;
    speaker?: string | undefined;
    sessionId?: string | undefined;
  }[],
) {
  for (const { daysAgo, ...fields } of tellings)
    await tenant.tell(fields.content, { ...fields, createdAt: new Date(clock.now() - daysAgo * DAY_MS) });
}

/** Sources have real time to answer in, which a busy machine may not give them. */
function isWhole(...answers: readonly RecallResponse[]): boolean {
  return answers.every(({ skipped }) => skipped.length === 0);
}

interface Plain {
  readonly id: string;
  readonly spans: unknown;
  readonly numbers: readonly number[];
}

function plain({ results }: RecallResponse): Plain[] {
  return results.map(({ memory, score, confidence, factors, spans }) => ({
    id: memory.id,
    spans,
    numbers: [score, confidence, ...Object.values(factors)],
  }));
}

/** A cosine is summed in doubles while its memory is not in the index yet, there in floats. */
const near = (results: readonly Plain[]) =>
  results.map((one) => ({ ...one, numbers: one.numbers.map((number) => expect.closeTo(number, 5) as number) }));

function expectSums({ results, weights }: RecallResponse): void {
  expect(weights).toBeDefined();
  if (!weights) return;
  expect(FACTOR_NAMES.reduce((sum, name) => sum + weights[name], 0)).toBeCloseTo(1, 9);
  for (const { score, factors, sources, memory } of results) {
    const sum = FACTOR_NAMES.reduce((total, name) => total + weights[name] * factors[name], 0);
    expect(score).toBeCloseTo(Math.min(1, sum * factors.agreement), 9);
    const found = sources.filter((source) => SOURCES.has(source)).length;
    expect(factors.agreement).toBeGreaterThanOrEqual(1);
    expect(factors.agreement).toBeLessThanOrEqual(1 + agreementStep * Math.max(0, found - 1) + 1e-9);
    if (memory.status === "superseded") expect([factors.recency, factors.quality]).toEqual([0, 0]);
  }
  const scores = results.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(new Set(results.map(({ memory }) => memory.id)).size).toBe(results.length);
}

describe("the score of every result", () => {
  it("is Σ w·f × agreement, with ratings, duplicates, replaced facts and domains", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(telling, { minLength: 1, maxLength: 25 }),
        fc.array(asking, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 5 }),
        async (tellings, askings, ratings) => {
          const tenant = world.tenant();
          await fill(tenant, tellings);
          for (const { query, k, mode } of askings) {
            const request: Partial<RecallRequest> = { k, mode, explain: true };
            const answer = await tenant.ask(query, request);
            expectSums(answer);
            for (const { memory } of answer.results.slice(0, ratings)) {
              await tenant.memory.rate(tenant.writer, { queryId: answer.queryId, memoryId: memory.id, rating: 1 });
            }
            const after = await tenant.ask(query, request);
            expectSums(after);
            const again = await tenant.ask(query, request);
            if (isWhole(after, again)) expect(plain(again)).toEqual(near(plain(after)));
            const fresh = await uncached.recall(tenant.scope, recallRequest(query, request));
            if (isWhole(after, fresh)) expect(plain(fresh)).toEqual(near(plain(after)));
          }
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  it("decides who is in: a minimum drops those below it and no other", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(telling, { minLength: 5, maxLength: 25 }),
        asking,
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        async (tellings, { query, mode }, minScore) => {
          const tenant = world.tenant();
          await fill(tenant, tellings);
          const all = await tenant.ask(query, { k: 60, mode });
          const some = await tenant.ask(query, { k: 60, mode, minScore });
          if (some.path === all.path && isWhole(some, all))
            expect(some.results.map(({ memory }) => memory.id)).toEqual(
              all.results.filter(({ score }) => score >= minScore).map(({ memory }) => memory.id),
            );
          for (const { score } of some.results) expect(score).toBeGreaterThanOrEqual(minScore);
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  it("does not change with k: fewer results are the first of more", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(telling, { minLength: 5, maxLength: 25 }),
        asking,
        async (tellings, { query, k, mode }) => {
          const tenant = world.tenant();
          await fill(tenant, tellings);
          const all = await tenant.ask(query, { k: 40, mode });
          const some = await tenant.ask(query, { k, mode });
          if (some.path === all.path && isWhole(some, all))
            expect(some.results.map(({ memory, score }) => [memory.id, score])).toEqual(
              all.results.slice(0, k).map(({ memory, score }) => [memory.id, score]),
            );
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);
});
