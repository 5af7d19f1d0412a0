import type { Clock, Embedder, EmbedOptions, TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { describe, expect, it } from "vitest";
import type { Generations } from "./generations.ts";
import { createDeepQueries } from "./query-vector.ts";

const [SCOPE] = systemScopes("test", ["t1"]) as [TenantScope];
const BUDGET = { budgetMs: 10 };

/** A model that takes as long as the test says, by a clock that only it moves. */
function openModel() {
  let now = 0;
  const model = { takesMs: 1, asked: [] as (EmbedOptions | undefined)[] };
  const clock: Clock = { now: () => now, monotonic: () => now };
  const describe = { name: "e1", model: "e1-1", dimension: 2, unrelatedCosine: 0 };
  const embedder: Embedder = {
    describe: () => describe,
    embed: async (texts, options) => {
      model.asked.push(options);
      await new Promise((resolve) => setTimeout(resolve, model.takesMs > BUDGET.budgetMs ? 2 * BUDGET.budgetMs : 0));
      now += model.takesMs;
      return texts.map(() => new Float32Array([1, 0]));
    },
  };
  const active = { number: 1, name: "e1", model: "e1-1", startedAt: 0 };
  const generations = { of: async () => ({ active, refused: [], last: 1 }) } as unknown as Generations;
  const deep = { wanted: async () => embedder, of: async () => embedder };
  const queries = createDeepQueries({ deep, generations, clock });
  return {
    model,
    queries,
    pass: (ms: number) => void (now += ms),
    ask: async () => {
      const { query, skipped } = await queries(SCOPE, "the heron", BUDGET);
      // What was late is told once it has come.
      if (skipped) await new Promise((resolve) => setTimeout(resolve, 3 * BUDGET.budgetMs));
      return query ? "used" : skipped?.reason;
    },
  };
}

describe("a deep model at query time", () => {
  it("is asked again at once after one query that was late, as the first after a start is", async () => {
    const { model, ask } = openModel();
    model.takesMs = 500;
    expect(await ask()).toBe("deadline");
    model.takesMs = 1;
    for (let i = 0; i < 20; i++) expect(await ask()).toBe("used");
  });

  it("has no further queries put behind one that is late already, and they do not wait", async () => {
    const { model, queries, ask } = openModel();
    model.takesMs = 500;
    const first = queries(SCOPE, "the heron", { budgetMs: 1 });
    await first;
    for (let i = 0; i < 8; i++)
      expect((await queries(SCOPE, "the heron", BUDGET)).skipped).toMatchObject({ reason: "deadline" });
    expect(model.asked).toHaveLength(1);
    model.takesMs = 1;
    await expect.poll(ask).toBe("used");
  });

  it("is left out without being waited for while most queries are late, but for four a second", async () => {
    const { model, ask, pass } = openModel();
    model.takesMs = 20;
    for (let i = 0; i < 12; i++) expect(await ask()).toBe("deadline");
    const { length } = model.asked;
    expect(length).toBeLessThan(12);
    expect(await ask()).toBe("deadline");
    expect(model.asked).toHaveLength(length);
    pass(250);
    expect(await ask()).toBe("deadline");
    expect(model.asked).toHaveLength(length + 1);
  });

  it("is back within two seconds once it is fast again", async () => {
    const { model, ask, pass } = openModel();
    model.takesMs = 500;
    for (let i = 0; i < 12; i++) await ask();
    model.takesMs = 1;
    for (let quarter = 0; quarter < 8; quarter++) {
      pass(250);
      await ask();
    }
    for (let i = 0; i < 20; i++) expect(await ask()).toBe("used");
  });
});
