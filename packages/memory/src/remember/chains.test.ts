/** Chains of statements: what holds when one in the middle goes, in whatever order they came. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import type { NewMemory } from "../requests.ts";

const world = await openWorld();
const { clock } = world;
const DAY_MS = 86_400_000;
const ago = (days: number): Date => new Date(clock.now() - days * DAY_MS);

const PORTO = "I live in Porto.";
const LISBON = "I moved to Lisbon, I live in Lisbon now.";
const BERLIN = "I moved to Berlin, I live in Berlin now.";

async function say(tenant: Tenant, text: string, fields: Partial<NewMemory> = {}): Promise<string> {
  const { results } = await tenant.memory.remember(tenant.writer, [newMemory(text, { speaker: "Ana", ...fields })]);
  return results[0]?.id ?? "";
}

async function chain(tenant: Tenant): Promise<[string, string, string]> {
  const porto = await say(tenant, PORTO, { createdAt: ago(90) });
  const lisbon = await say(tenant, LISBON, { createdAt: ago(60) });
  const berlin = await say(tenant, BERLIN, { createdAt: ago(30) });
  return [porto, lisbon, berlin];
}

const status = async (tenant: Tenant, id: string) => (await tenant.row(id))?.status;

describe("a chain of replacements", () => {
  it("keeps its last statement alone live when the middle is forgotten", async () => {
    const tenant = world.tenant();
    const [porto, lisbon, berlin] = await chain(tenant);
    expect([await status(tenant, porto), await status(tenant, lisbon)]).toEqual(["superseded", "superseded"]);
    await tenant.memory.forget(tenant.writer, lisbon);
    expect([await status(tenant, porto), await status(tenant, berlin)]).toEqual(["superseded", "active"]);
    expect((await tenant.row(porto))?.validTo).toBeDefined();
  });

  it("keeps its last statement alone live when what the middle did is undone", async () => {
    const tenant = world.tenant();
    const [porto, lisbon, berlin] = await chain(tenant);
    await tenant.memory.undoMerges(tenant.writer, lisbon).catch(() => undefined);
    expect([await status(tenant, porto), await status(tenant, berlin)]).toEqual(["superseded", "active"]);
  });

  it("unwinds one by one from its end", async () => {
    const tenant = world.tenant();
    const [porto, lisbon, berlin] = await chain(tenant);
    await tenant.memory.forget(tenant.writer, berlin);
    expect([await status(tenant, porto), await status(tenant, lisbon)]).toEqual(["superseded", "active"]);
    await tenant.memory.forget(tenant.writer, lisbon);
    expect(await status(tenant, porto)).toBe("active");
    expect((await tenant.row(porto))?.validTo).toBeUndefined();
  });

  it("holds one home at a time, whatever the order of arrival", async () => {
    const told: [string, Date][] = [
      [PORTO, ago(90)],
      [LISBON, ago(60)],
      [BERLIN, ago(30)],
    ];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(told, { minLength: 3 }), async (order) => {
        const tenant = world.tenant();
        const ids = new Map<string, string>();
        for (const [text, createdAt] of order) ids.set(text, await say(tenant, text, { createdAt }));
        const rows = await Promise.all(told.map(([text]) => tenant.row(ids.get(text) ?? "")));
        expect(rows.map((row) => [row?.content, row?.status, row?.validTo])).toEqual([
          [PORTO, "superseded", ago(60)],
          [LISBON, "superseded", ago(30)],
          [BERLIN, "active", undefined],
        ]);
      }),
      { numRuns: 10 },
    );
  });

  it("of which two are told at the same moment: the one that arrives later holds", async () => {
    const tenant = world.tenant();
    const at = ago(10);
    const porto = await say(tenant, PORTO, { createdAt: at });
    const lisbon = await say(tenant, LISBON, { createdAt: at });
    expect([await status(tenant, porto), await status(tenant, lisbon)]).toEqual(["superseded", "active"]);
  });

  it("told in one request without times: the last one holds", async () => {
    const tenant = world.tenant();
    const { results } = await tenant.memory.remember(
      tenant.writer,
      [PORTO, LISBON].map((text) => newMemory(text, { speaker: "Ana" })),
    );
    expect(results.map(({ event }) => event)).toEqual(["added", "superseded"]);
  });

  it("that comes back to where it began within one request keeps the last move", async () => {
    const tenant = world.tenant();
    await say(tenant, LISBON, { createdAt: new Date(clock.now() - 3_600_000) });
    const { results } = await tenant.memory.remember(tenant.writer, [
      newMemory(BERLIN, { speaker: "Ana", createdAt: new Date(clock.now() - 1_800_000) }),
      newMemory(LISBON, { speaker: "Ana", createdAt: new Date(clock.now()) }),
    ]);
    expect(results[1]?.event).toBe("superseded");
    expect(await status(tenant, results[1]?.id ?? "")).toBe("active");
    expect(await status(tenant, results[0]?.id ?? "")).toBe("superseded");
  });

  it("is followed although the old value was told a hundred times", async () => {
    const tenant = world.tenant();
    const told = Array.from({ length: 100 }, (_, i) =>
      newMemory("I work at Acme.", { speaker: "Ana", createdAt: ago(400 - 3 * i), sessionId: `s${i}` }),
    );
    await tenant.memory.remember(tenant.writer, told);
    await say(tenant, "I work at Globex now.", { createdAt: ago(1) });
    const rows = await tenant.memory.list(tenant.scope, {
      filter: { all: [] },
      userId: "ana",
      includeSuperseded: false,
      limit: 200,
    });
    expect(rows.items.map(({ content }) => content)).toEqual(["I work at Globex now."]);
  });

  it("closes a statement that was to end later anyway", async () => {
    const tenant = world.tenant();
    const porto = await say(tenant, PORTO, { createdAt: ago(90), validTo: new Date(clock.now() + 300 * DAY_MS) });
    await say(tenant, LISBON, { createdAt: ago(30) });
    expect(await tenant.row(porto)).toMatchObject({ status: "superseded", validTo: ago(30) });
  });
});
