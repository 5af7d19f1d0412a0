/** A memory that was declared to end later holds until then, wherever the present is read. */

import { expect, it } from "vitest";
import { openWorld } from "../../../../test/support/memory-world.ts";

const DAY_MS = 86_400_000;
const world = await openWorld();
const { clock } = world;

it("is in answers, contexts and the graph until its end, and in none of them after it", async () => {
  const tenant = world.tenant();
  const id = await tenant.tell("Ana Silva works at Acme in Lisbon.", { sessionId: "s1" });
  const validTo = new Date(clock.now() + DAY_MS / 2);
  await tenant.memory.invalidate(tenant.writer, id, { reason: "she leaves", validTo }, {});
  const read = async () => {
    const context = await tenant.memory.context(tenant.scope, {
      query: "where does Ana work?",
      userId: "ana",
      sessionId: "s1",
      maxTokens: 500,
      levels: ["immediate"],
      filter: { all: [] },
      maxStalenessMs: 0,
      budgetMs: 10_000,
    });
    const graph = await tenant.memory.graph(tenant.scope, { userId: "ana", entity: "Acme", depth: 1, limit: 50 });
    return {
      answer: (await tenant.find("where does Ana work?")).length,
      context: context.items.length,
      edges: graph.edges.length > 0,
    };
  };
  expect(await read()).toEqual({ answer: 1, context: 1, edges: true });
  clock.advance(DAY_MS / 2 + 1);
  expect(await read()).toEqual({ answer: 0, context: 0, edges: false });
});
