import { describe, expect, it } from "vitest";
import { openWorld } from "../../../../test/support/memory-world.ts";
import { DEFAULTS } from "../defaults.ts";
import type { RecallResponse } from "../requests.ts";

const world = await openWorld({ searchDeadlineMs: 5_000, fusion: { ...DEFAULTS.fusion, minConfidence: 0 } });

async function told() {
  const tenant = world.tenant();
  for (const text of ["the heron nests by the old mill", "the otter swims at dawn", "the mill was sold in spring"])
    await tenant.tell(text);
  return tenant;
}

/** Asks until no source was late: a partial answer is no neighbour. */
async function whole(ask: () => Promise<RecallResponse>): Promise<RecallResponse> {
  const answer = await ask();
  return answer.skipped.length === 0 ? answer : await whole(ask);
}

describe("a query in other words", () => {
  it("gets the neighbour's candidates ranked for itself, says so, and is an event of its own", async () => {
    const tenant = await told();
    const first = await whole(() => tenant.ask("where does the heron nest by the mill?"));
    world.clock.advance(500);
    const second = await tenant.ask("where does the heron nest by the mill, please?");
    expect(second).toMatchObject({ path: "cache_only", escalations: [] });
    expect(second.cache).toEqual({ tier: "l1", semantic: true, ageMs: 500, seq: 3 });
    expect(second.results.map(({ memory }) => memory.id)).toEqual(first.results.map(({ memory }) => memory.id));
    expect(second.queryId).not.toBe(first.queryId);
  });

  it("is searched when it names another number, another user, another filter, or the memories have changed", async () => {
    const tenant = await told();
    const query = "what did room 12 at the mill cost?";
    const other = "what did room 12 at the mill cost, please?";
    await whole(() => tenant.ask(query));
    expect((await tenant.ask("what did room 14 at the mill cost, please?")).cache.semantic).toBe(false);
    expect((await tenant.ask(other, { userId: "ben" })).cache.semantic).toBe(false);
    expect((await tenant.ask(other, { sessionId: "s" })).cache.semantic).toBe(false);
    await tenant.tell("a new heron");
    expect((await tenant.ask(other)).cache.semantic).toBe(false);
  });

  it("is searched when its confidence from the candidates stays below the floor", async () => {
    const tenant = await told();
    await whole(() => tenant.ask("where does the heron nest by the mill?", { minConfidence: 1 }));
    const answer = await tenant.ask("where does the heron nest by the mill, please?", { minConfidence: 1 });
    expect(answer.cache).toMatchObject({ tier: null, semantic: false });
    expect(answer.escalations[0]).toMatchObject({ from: "cache_only" });
  });

  it("is never the neighbour of a third: its answer is not kept", async () => {
    const tenant = await told();
    await whole(() => tenant.ask("where does the heron nest by the mill?"));
    const second = "where does the heron nest by the mill, please?";
    await tenant.ask(second);
    expect((await tenant.ask(second)).cache.semantic).toBe(true);
  });

  it("is searched when it asks about what is critical, or points back", async () => {
    const tenant = await told();
    for (const query of ["which medication did the doctor prescribe after the diagnosis?", "where was that heron?"]) {
      await whole(() => tenant.ask(query, { sessionId: "s" }));
      expect((await tenant.ask(`${query.slice(0, -1)}, please?`, { sessionId: "s" })).cache.semantic).toBe(false);
    }
  });
});
