/** Cached answers after every kind of write there is, one by one and in random order, beside those of a service without caches. */

import { parseFilter } from "@nexus/core";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { openWorld, recallRequest, type Tenant } from "../../../../test/support/memory-world.ts";
import type { ExportItem, ImportItem } from "../transfer/transfer-service.ts";
import type { RecallResponse } from "../requests.ts";

/** Neighbours bring fewer candidates, so their answers are compared in semantic.test.ts. */
const world = await openWorld({ semanticMinScore: 2 });
const { clock } = world;
/** Keeps no answers. */
const uncached = world.start({ l1TtlSeconds: 0, l2TtlSeconds: 0, l3TtlSeconds: 0, semanticMinScore: 2 }).memory;

const TEXTS = [
  "I live in Lisbon",
  "I live in Porto now",
  "The heron nests by the mill",
  "The heron nests by the mill.",
  "The otter swims at dawn",
  "My phone number is 555 0101",
];
const QUERIES = [
  "where do I live?",
  "where do I live now?",
  "where does the heron nest?",
  "heron mill otter",
  "phone number",
];
const WRITES = [
  "tell",
  "patch",
  "invalidate",
  "undo",
  "forget",
  "rate",
  "reset",
  "import",
  "erase",
  "forgetMany",
  "expire",
] as const;
type Write = (typeof WRITES)[number];

const command = fc.record({
  write: fc.constantFrom<Write>(...WRITES, "tell", "tell", "tell", "rate", "rate"),
  text: fc.constantFrom(...TEXTS),
  pick: fc.nat(20),
  rating: fc.constantFrom(-1, 0, 1),
  query: fc.constantFrom(...QUERIES),
  minutes: fc.constantFrom(0, 0, 1, 20),
});

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly score: number;
}

/** In the order of ids. */
function shown({ results }: RecallResponse): Shown[] {
  return results
    .map(({ memory, score, duplicates }) => ({
      id: memory.id,
      state: JSON.stringify([memory.version, memory.status, memory.content, memory.metadata, duplicates]),
      score,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Scores may have moved with the age of what they are of, by less than a rating moves them. */
const near = (answer: readonly Shown[]) =>
  answer.map((one) => ({ ...one, score: expect.closeTo(one.score, 2) as number }));

async function exportOf(tenant: Tenant): Promise<ExportItem[]> {
  const items: ExportItem[] = [];
  for await (const item of tenant.memory.exportItems(tenant.scope, {})) items.push(item);
  return items;
}

function imported(item: ExportItem): ImportItem[] {
  if (item.kind === "reference" || item.kind === "feedback") return [item];
  if (item.kind !== "memory") return [];
  return [{ kind: "memory", memory: { ...item.row, arrival: item.row.addedSeq } } as unknown as ImportItem];
}

async function finish(tenant: Tenant): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const jobs = await tenant.jobs();
    if (jobs.every(({ status }) => status === "done" || status === "failed")) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function carryOut(
  tenant: Tenant,
  { write, text, pick, rating, query }: { write: Write; text: string; pick: number; rating: number; query: string },
  kept: ExportItem[],
): Promise<void> {
  const { memory, writer, scope } = tenant;
  const rows = (await exportOf(tenant)).flatMap((item) => (item.kind === "memory" ? [item.row] : []));
  const row = rows[pick % Math.max(1, rows.length)];
  const ignore = (error: unknown) => {
    const { code } = error as { code?: string };
    if (!/^memory\.|^query\./.test(code ?? "")) throw error;
  };
  if (write === "tell") await tenant.tell(text, { speaker: pick % 2 === 0 ? "Ana" : undefined });
  if (write === "expire") await tenant.tell(text, { expiresAt: new Date(clock.now() + 600_000) });
  if (write === "import") await memory.importItems(writer, kept.flatMap(imported));
  if (write === "reset") await memory.resetProfile(writer, "ana");
  if (write === "erase" && pick % 4 === 0) {
    await memory.eraseUser(writer, "ana");
    await finish(tenant);
  }
  if (write === "forgetMany") {
    await memory.forgetMany(writer, { filter: parseFilter({ userId: "ana", speaker: "Ana" }) });
    await finish(tenant);
  }
  if (!row) return;
  if (write === "patch")
    await memory
      .patch(writer, row.id, pick % 2 === 0 ? { content: text } : { metadata: { n: pick } }, {})
      .catch(ignore);
  if (write === "invalidate") await memory.invalidate(writer, row.id, { reason: "wrong" }, {}).catch(ignore);
  if (write === "undo") await memory.undoMerges(writer, row.id).catch(ignore);
  if (write === "forget") await memory.forget(writer, row.id).catch(ignore);
  if (write === "rate") {
    const { queryId, results } = await memory.recall(scope, recallRequest(query));
    const rated = results[pick % Math.max(1, results.length)];
    if (rated) await memory.rate(writer, { queryId, memoryId: rated.memory.id, rating }).catch(ignore);
  }
}

it("are those of a service without caches", async () => {
  let hits = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 10 }), async (commands) => {
      const tenant = world.tenant();
      let kept: ExportItem[] = [];
      for (const one of commands) {
        for (const query of QUERIES) await tenant.ask(query);
        clock.advance(one.minutes * 60_000);
        if (kept.length === 0) kept = await exportOf(tenant);
        await carryOut(tenant, one, kept);
        for (const query of QUERIES) {
          const request = recallRequest(query);
          const fresh = await uncached.recall(tenant.scope, request);
          for (const again of [false, true]) {
            const answer = await tenant.memory.recall(tenant.scope, request);
            if (answer.cache.tier !== null) hits++;
            const what = `${query} after ${one.write}, ${again ? "again" : "at once"}`;
            // Sources have real time to answer in, which a busy machine may not give them.
            if (fresh.skipped.length === 0 && answer.skipped.length === 0)
              expect(shown(answer), what).toEqual(near(shown(fresh)));
          }
        }
      }
    }),
    { numRuns: 20 },
  );
  expect(hits).toBeGreaterThan(100);
}, 120_000);
