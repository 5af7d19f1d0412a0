import { describe, expect, it } from "vitest";
import { openWorld, type Tenant } from "../../../../test/support/memory-world.ts";

const world = await openWorld();
const { clock } = world;
const HOUR_MS = 3_600_000;

async function kinds(tenant: Tenant): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { kind, status } of await tenant.jobs()) {
    expect(status).toBe("done");
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe("the sweep", () => {
  it("plans mining after an hour and learning after a day, for tenants that wrote since", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill");
    await tenant.background.sweep(tenant.scope);
    expect(await kinds(tenant)).toEqual({});
    clock.advance(HOUR_MS);
    await tenant.tell("the mill was sold");
    await tenant.background.sweep(tenant.scope);
    await tenant.background.sweep(tenant.scope);
    expect(await kinds(tenant)).toEqual({ mine: 1 });
    clock.advance(23 * HOUR_MS);
    await tenant.tell("the heron is back");
    clock.advance(1);
    await tenant.background.sweep(tenant.scope);
    expect(await kinds(tenant)).toEqual({ mine: 2, learn: 1 });
    clock.advance(48 * HOUR_MS);
    await tenant.background.sweep(tenant.scope);
    expect(await kinds(tenant)).toEqual({ mine: 2, learn: 1 });
  });

  it("plans both once more after memories were forgotten, though nothing was written", async () => {
    const tenant = world.tenant();
    const ids = [await tenant.tell("the heron nests by the mill"), await tenant.tell("the mill was sold")];
    await tenant.background.sweep(tenant.scope);
    clock.advance(25 * HOUR_MS);
    for (const id of ids) await tenant.memory.forget(tenant.writer, id);
    await tenant.background.sweep(tenant.scope);
    expect(await kinds(tenant)).toEqual({ mine: 1, learn: 1 });
    clock.advance(25 * HOUR_MS);
    await tenant.background.sweep(tenant.scope);
    expect(await kinds(tenant)).toEqual({ mine: 1, learn: 1 });
  });

  it("plans nothing for a tenant without memories", async () => {
    const tenant = world.tenant();
    await tenant.background.sweep(tenant.scope);
    clock.advance(48 * HOUR_MS);
    await tenant.background.sweep(tenant.scope);
    expect(await kinds(tenant)).toEqual({});
    expect(await tenant.reader.range({ table: "setting", prefix: [], limit: 10 })).toEqual([]);
  });
});
