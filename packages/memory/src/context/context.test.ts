import { EVERYTHING } from "@nexus/core";
import { countTokens } from "@nexus/text";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { openWorld, type Tenant, UNAVAILABLE } from "../../../../test/support/memory-world.ts";
import type { Context, ContextRequest } from "./context-service.ts";

const DAY_MS = 86_400_000;
const world = await openWorld();
const { clock, interfere } = world;
const ago = (days: number): Date => new Date(clock.now() - days * DAY_MS);

function contextOf(tenant: Tenant, query: string, fields: Partial<ContextRequest> = {}): Promise<Context> {
  const levels = ["immediate", "recent", "longTerm"] as const;
  const settings = { maxTokens: 2_000, levels, filter: EVERYTHING, maxStalenessMs: 1_000, budgetMs: 60_000 };
  return tenant.memory.context(tenant.scope, { query, userId: "ana", ...settings, ...fields });
}
const linesOf = ({ text }: Context): string[] => text.split("\n").slice(1);

/** One turn of the session, one of the last week, one of last year, all of the mill; and one that speaks of nothing like it. */
async function told() {
  const tenant = world.tenant();
  const old = await tenant.tell("the mill was sold to Ife", { createdAt: ago(300), speaker: "Ben" });
  const recent = await tenant.tell("the mill needs a new wheel", { createdAt: ago(3) });
  const now = await tenant.tell("we were talking of the mill", { sessionId: "s", createdAt: ago(0.01) });
  return { tenant, old, recent, now };
}

describe("a context", () => {
  it("has the session's turns, what was said this week and what was said before, oldest first, each once", async () => {
    const { tenant, old, recent, now } = await told();
    const context = await contextOf(tenant, "what about the mill?", { sessionId: "s" });
    expect(context.items.map(({ id, level, citation }) => [id, level, citation])).toEqual([
      [old, "longTerm", 1],
      [recent, "recent", 2],
      [now, "immediate", 3],
    ]);
    const [first] = linesOf(context);
    expect(first).toBe(`[1] ${ago(300).toISOString().slice(0, 10)} Ben: "the mill was sold to Ife"`);
    expect(context).toMatchObject({
      tokenizer: "nexus-words-1",
      levelDistribution: { immediate: 1, recent: 1, longTerm: 1 },
      totalSearched: 3,
    });
    expect(context.totalTokens).toBe(countTokens(context.text));
  });

  it("holds turns of the session that share no word with the query, and not what else was said before", async () => {
    const tenant = world.tenant();
    const turn = await tenant.tell("sixty euros, all in all", { sessionId: "s" });
    await tenant.tell("an unrelated remark of last year", { createdAt: ago(300) });
    const context = await contextOf(tenant, "bicycle repair", { sessionId: "s", levels: ["immediate"] });
    expect(context.items).toMatchObject([{ id: turn, level: "immediate" }]);
  });

  it("without a session takes the last day's turns as immediate, by when they were said, not when they were stored", async () => {
    const tenant = world.tenant();
    const today = await tenant.tell("said today", { createdAt: ago(0.5) });
    await tenant.tell("said last year", { createdAt: ago(300) });
    const context = await contextOf(tenant, "anything", { levels: ["immediate"] });
    expect(context.items.map(({ id }) => id)).toEqual([today]);
  });

  it("is empty for levels that hold nothing", async () => {
    const context = await contextOf(world.tenant(), "anything");
    expect(context).toMatchObject({ text: "", items: [], totalTokens: 0, avgRelevance: 0, skipped: [] });
  });

  it("marks what was superseded, and leaves out what was invalidated, expired or forgotten", async () => {
    const tenant = world.tenant();
    await tenant.tell("I live in Lisbon", { speaker: "Ana", createdAt: ago(40) });
    await tenant.tell("I live in Porto now", { speaker: "Ana", createdAt: ago(20) });
    const wrong = await tenant.tell("I live on the moon, says the form", { createdAt: ago(15) });
    await tenant.tell("I live by the river", { createdAt: ago(15), expiresAt: new Date(clock.now() + 1_000) });
    await tenant.memory.forget(tenant.writer, await tenant.tell("I live on a boat", { createdAt: ago(15) }));
    await tenant.memory.invalidate(tenant.writer, wrong, { reason: "a joke" }, {});
    clock.advance(2_000);
    const context = await contextOf(tenant, "where does Ana live?");
    expect(linesOf(context)).toHaveLength(2);
    expect(linesOf(context)[0]).toMatch(/^\[1\] \S+ \(replaced \S+\) Ana: "I live in Lisbon"$/);
    expect(context.items.map(({ superseded }) => superseded)).toEqual([true, false]);
  });

  it.each([0, 60, 997, 1_999])(
    "finds the part that matches among many chunks, at sentence %i of 2,000",
    async (place) => {
      const tenant = world.tenant();
      const said = Array.from({ length: 2_000 }, (_, i) => `The harbour was quiet on day ${i}, and nobody came.`);
      said[place] = "The heron nests by the old lock.";
      const id = await tenant.tell(said.join(" "), { createdAt: ago(30) });
      await vi.waitUntil(async () => (await tenant.row(id))?.pendingCount === 0, 20_000);
      const context = await contextOf(tenant, "where does the heron nest?", { maxTokens: 1_000 });
      expect(context.items).toMatchObject([{ id, excerpt: true }]);
      expect(context.text).toContain("The heron nests by the old lock.");
    },
  );

  it("shows of a long memory the part that matches", async () => {
    const tenant = world.tenant();
    const filler = (word: string) =>
      Array.from({ length: 300 }, (_, i) => `The ${word} was quiet on day ${i}.`).join(" ");
    await tenant.tell(`${filler("harbour")} The heron nests by the old lock. ${filler("market")}`, {
      createdAt: ago(30),
    });
    const context = await contextOf(tenant, "where does the heron nest?", { maxTokens: 1_000 });
    expect(context.items).toMatchObject([{ excerpt: true }]);
    expect(linesOf(context)[0]).toMatch(/: "….*The heron nests by the old lock\..*…"$/);
  });

  it("never has more tokens than asked for, whatever the memories and the budget", async () => {
    const tenant = world.tenant();
    for (let i = 0; i < 120; i++) {
      const text = `${i % 3 === 0 ? 'mill <"\n' : "mill"} ${"wheel ".repeat(i % 40)}${i}`;
      await tenant.tell(text, { sessionId: i % 2 === 0 ? "s" : undefined, createdAt: ago(i / 10) });
    }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 50, max: 3_000 }), fc.boolean(), async (maxTokens, inSession) => {
        const context = await contextOf(tenant, "the mill wheel", {
          maxTokens,
          sessionId: inSession ? "s" : undefined,
        });
        expect(context.totalTokens).toBe(countTokens(context.text));
        expect(context.totalTokens).toBeLessThanOrEqual(maxTokens);
        expect(new Set(context.items.map(({ id }) => id)).size).toBe(context.items.length);
        expect(linesOf(context)).toHaveLength(context.items.length);
      }),
      { numRuns: 25 },
    );
  });
});

describe("a level that fails", () => {
  it("is named, and the others go on", async () => {
    const { tenant } = await told();
    interfere.vectors = ({ method, query }) => {
      if (method === "search" && JSON.stringify(query?.filter).includes('"lt"')) throw UNAVAILABLE;
    };
    const context = await contextOf(tenant, "the mill", { sessionId: "s" });
    expect(context.levelDistribution).toEqual({ immediate: 1, recent: 1, longTerm: 0 });
    expect(new Set(context.skipped.map(({ level }) => level))).toEqual(new Set(["longTerm"]));
  });

  it("takes the request with it when it was the only one", async () => {
    const { tenant } = await told();
    interfere.vectors = () => {
      throw UNAVAILABLE;
    };
    await expect(contextOf(tenant, "the mill", { levels: ["longTerm"] })).rejects.toMatchObject({
      code: "store.unavailable",
    });
  });
});

describe("a context's reach", () => {
  it("is one user, and one agent where one is named", async () => {
    const { tenant } = await told();
    await tenant.tell("Ben's mill is for sale", { userId: "ben" });
    const own = await tenant.tell("the agent heard of the mill", { agentId: "a", createdAt: ago(20) });
    const all = await contextOf(tenant, "the mill");
    expect(all.text).not.toContain("for sale");
    const narrowed = await contextOf(tenant, "the mill", { agentId: "a" });
    expect(narrowed.items.map(({ id }) => id)).toEqual([own]);
  });

  it("is the session alone for a token of that session", async () => {
    const { tenant, now } = await told();
    const subject = { userId: "ana", sessionId: "s" };
    const context = await contextOf(tenant, "the mill", { sessionId: "s", subject });
    expect(context.items.map(({ id }) => id)).toEqual([now]);
  });

  it("includes what a consistency token names, and refuses a foreign one", async () => {
    const { tenant } = await told();
    const { seqs } = await tenant.memory.remember(tenant.writer, [
      { content: "the mill burnt down", userId: "ana", metadata: {} },
    ]);
    const consistency = tenant.memory.token(tenant.scope, seqs) ?? "";
    expect((await contextOf(tenant, "the mill", { consistency })).text).toContain("burnt down");
    await expect(contextOf(world.tenant(), "x", { consistency })).rejects.toMatchObject({
      code: "consistency.invalid",
    });
  });

  it("says what came from the cache", async () => {
    const { tenant } = await told();
    const ask = (): Promise<Context> => contextOf(tenant, "the mill", { maxTokens: 500 });
    expect((await ask()).cacheHits).toBe(0);
    // A search that went on without a source, as on a busy machine, is not kept.
    await vi.waitUntil(async () => (await ask()).skipped.length === 0);
    expect((await ask()).cacheHits).toBe(3);
  });
});
