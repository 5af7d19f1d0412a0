/** Explanations beside the answers that they are of, for every memory there is. */

import { parseFilter } from "@nexus/core";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { openWorld, recallRequest } from "../../../../test/support/memory-world.ts";
import type { RecallRequest } from "../requests.ts";

const world = await openWorld();
const { clock } = world;
const DAY_MS = 86_400_000;

const telling = fc.record({
  content: fc.constantFrom(
    "the heron nests by the mill",
    "the heron nests by the mill pond of Lisbon",
    "the mill was sold to Acme",
    "I live in Lisbon",
    "I live in Porto now",
    "somebody painted a door",
    "the diagnosis changed the medication",
  ),
  speaker: fc.constantFrom("Ana", "Ben"),
  sessionId: fc.constantFrom("s1", undefined),
  userId: fc.constantFrom("ana", "ana", "ana", "ben"),
  daysAgo: fc.integer({ min: 0, max: 300 }),
  fate: fc.constantFrom("kept", "kept", "kept", "invalidated", "expired"),
});

it("says of a memory that it is in the answer just when it is, and else at least one reason that holds", async () => {
  const codes: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(
      fc.array(telling, { minLength: 1, maxLength: 14 }),
      fc.constantFrom("where does the heron nest?", "mill Lisbon", "where do I live?", "medication"),
      fc.record({
        k: fc.integer({ min: 1, max: 8 }),
        minScore: fc.constantFrom(0, 0, 0.3, 0.8),
        asOfDays: fc.constantFrom(undefined, undefined, 30, 200),
        sessionId: fc.constantFrom(undefined, undefined, "s1"),
        filters: fc.constantFrom(
          {},
          {},
          { speaker: "Ana" },
          { quality: { gte: 0.5 } },
          { entities: "lisbon" },
          { not: { domain: "medical" } },
        ),
      }),
      async (tellings, query, { asOfDays, filters, ...more }) => {
        const tenant = world.tenant();
        const ids: string[] = [];
        for (const { daysAgo, fate, ...fields } of tellings) {
          const expiresAt = fate === "expired" ? new Date(clock.now() + 1_000) : undefined;
          const id = await tenant.tell(fields.content, {
            ...fields,
            createdAt: new Date(clock.now() - daysAgo * DAY_MS - 1),
            expiresAt,
          });
          ids.push(id);
          if (fate === "invalidated")
            await tenant.memory.invalidate(tenant.writer, id, { reason: "wrong" }, {}).catch(() => {});
        }
        clock.advance(2_000);
        const asOf = asOfDays === undefined ? undefined : new Date(clock.now() - asOfDays * DAY_MS);
        const request: RecallRequest = recallRequest(query, { ...more, asOf, filter: parseFilter(filters) });
        const answer = await tenant.memory.recall(tenant.scope, request);
        // Sources have real time to answer in, which a busy machine may not give them.
        if (answer.skipped.length > 0) return;
        const shown = new Map(answer.results.map((result, i) => [result.memory.id, { ...result, rank: i + 1 }]));
        for (const id of new Set(ids)) {
          const row = await tenant.row(id);
          if (!row) continue;
          for (const how of [{ queryId: answer.queryId }, { search: request }] as const) {
            const explanation = await tenant.memory.explain(tenant.scope, {
              ...how,
              memoryId: id,
              tenantWide: true,
            });
            if (explanation.reasons.some(({ code }) => code === "sourceSkipped")) continue;
            const result = shown.get(id);
            const what = JSON.stringify({
              how: Object.keys(how),
              content: row.content,
              status: row.status,
              reasons: explanation.reasons,
              dup: answer.results.map((r) => r.duplicates),
            });
            expect(explanation.included, what).toBe(result !== undefined);
            if (result) {
              expect([explanation.rank, explanation.score?.toFixed(6)], what).toEqual([
                result.rank,
                result.score.toFixed(6),
              ]);
              expect(explanation.reasons).toEqual([]);
              continue;
            }
            expect(explanation.reasons.length, what).toBeGreaterThan(0);
            for (const reason of explanation.reasons) {
              codes[reason.code] = (codes[reason.code] ?? 0) + 1;
              if (reason.code === "belowCut") expect(reason.rank, what).toBeGreaterThan(request.k);
              if (reason.code === "belowMinScore") expect(reason.score, what).toBeLessThan(request.minScore);
              if (reason.code === "expired") expect(row.expiresAt?.getTime(), what).toBeLessThanOrEqual(clock.now());
              if (reason.code === "duplicateOf") expect(reason.id, what).not.toBe(id);
            }
            const holder = answer.results.find(({ duplicates }) => duplicates?.includes(id));
            if (holder)
              expect(explanation.reasons, what).toContainEqual(
                expect.objectContaining({ code: "duplicateOf", id: holder.memory.id }),
              );
          }
        }
      },
    ),
    { numRuns: 20 },
  );
  expect(Object.keys(codes).length).toBeGreaterThan(3);
}, 120_000);
