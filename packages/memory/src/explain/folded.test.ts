import { describe, expect, it } from "vitest";
import { openWorld, recallRequest, type Tenant } from "../../../../test/support/memory-world.ts";

const DAY_MS = 86_400_000;
const world = await openWorld();
const { clock } = world;
const QUERY = "where does the heron nest?";

const tellHeron = (tenant: Tenant, days: number, sessionId: string) =>
  tenant.tell("the heron nests by the mill", { createdAt: new Date(clock.now() - days * DAY_MS), sessionId });
const explained = (tenant: Tenant, memoryId: string, of: { queryId: string } | object) => {
  const asked = "queryId" in of ? of : { search: recallRequest(QUERY, of) };
  return tenant.memory.explain(tenant.scope, { ...asked, memoryId, tenantWide: false });
};

describe("a memory that says what another one says", () => {
  it("is explained as its duplicate, by an answer as by a search", async () => {
    const tenant = world.tenant();
    const told = [await tellHeron(tenant, 40, "s1"), await tellHeron(tenant, 2, "s2")];
    const { results, queryId } = await tenant.ask(QUERY);
    expect(results).toHaveLength(1);
    const first = results[0]?.memory.id;
    const other = told.find((id) => id !== first) ?? "";
    for (const of of [{ queryId }, {}]) {
      const { included, explanation, reasons } = await explained(tenant, other, of);
      expect([included, explanation]).toEqual([
        false,
        "It says the same as another memory, which is found in its place.",
      ]);
      expect(reasons[0]).toMatchObject({ code: "duplicateOf", id: first });
    }
  });

  it("is told of what keeps that one out of the answer first", async () => {
    const tenant = world.tenant();
    const told = [await tellHeron(tenant, 40, "s1"), await tellHeron(tenant, 2, "s2")];
    const [first] = (await tenant.ask(QUERY)).results;
    const other = told.find((id) => id !== first?.memory.id) ?? "";
    const { included, reasons } = await explained(tenant, other, { minScore: 0.999 });
    expect([included, reasons.map(({ code }) => code)]).toEqual([false, ["belowMinScore", "duplicateOf"]]);
  });
});

it("a memory that was declared to hold until later is in the answer until then", async () => {
  const tenant = world.tenant();
  const id = await tellHeron(tenant, 2, "s1");
  const validTo = new Date(clock.now() + DAY_MS);
  await tenant.memory.invalidate(tenant.writer, id, { reason: "it moves", validTo }, {});
  expect(await explained(tenant, id, {})).toMatchObject({ included: true, reasons: [] });
  const below = await explained(tenant, id, { minScore: 0.999 });
  expect(below.reasons.map(({ code }) => code)).toEqual(["belowMinScore"]);
  clock.advance(DAY_MS + 1);
  const { included, reasons } = await explained(tenant, id, {});
  expect([included, reasons[0]?.code]).toEqual([false, "notValidAt"]);
});
