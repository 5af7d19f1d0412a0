import type { Feedback } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import { weightsOf } from "../engines/weights.ts";
import { FACTOR_NAMES } from "../fusion/fuse.ts";
import { seeded } from "../../../../test/support/random.ts";

const world = await openWorld();
const { clock, dependencies } = world;
const DAY_MS = 86_400_000;
const defaults = dependencies.settings.fusion.weights;

/** Ratings of answers in which users like what means the same, whatever words it has. */
async function rate(tenant: Tenant, count: number): Promise<void> {
  const next = seeded(7);
  const zero = Object.fromEntries(FACTOR_NAMES.map((name) => [name, 0]));
  const rows = Array.from({ length: count }, (_, i): Feedback => {
    const semantic = next() - 0.5;
    const factors = { ...zero, semantic, keyword: next() - 0.5 };
    return {
      id: `f${i}`,
      partition: "ana",
      queryId: "q",
      memoryId: "m",
      rating: semantic > 0 ? 1 : -1,
      features: { factors, mean: zero },
      createdAt: new Date(clock.now()),
    };
  });
  await dependencies.records.transact(tenant.scope, ["ana"], async (tx) => {
    for (const row of rows) tx.put("feedback", row);
  });
}

async function learn(tenant: Tenant) {
  await tenant.background.sweep(tenant.scope);
  clock.advance(DAY_MS);
  await tenant.tell(`something of day ${clock.now()}`);
  await tenant.background.sweep(tenant.scope);
  const [setting] = await tenant.reader.get("setting", [["weights"]]);
  return setting;
}

describe("the job that learns", () => {
  it("leaves a tenant's weights in a setting, within bounds, with a version that moves only when they do", async () => {
    const tenant = world.tenant();
    await tenant.tell("one");
    await rate(tenant, 400);
    const setting = await learn(tenant);
    const weights = weightsOf(setting, defaults);
    expect(weights.semantic).toBeGreaterThan(defaults.semantic);
    expect(weights.semantic).toBeLessThanOrEqual(1.5 * defaults.semantic + 1e-9);
    expect(setting?.version).toBe(1);
    expect((await learn(tenant))?.version).toBe(1);
  });

  it("is not put off by an imported rating without sound factors", async () => {
    const tenant = world.tenant();
    await tenant.tell("one");
    await rate(tenant, 400);
    await dependencies.records.transact(tenant.scope, ["ana"], async (tx) => {
      const features = [{ semantic: "much" }, { semantic: 1e308 }, { semantic: 5 }];
      features.forEach((factors, i) => {
        const row = { id: `x${i}`, partition: "ana", queryId: "q", memoryId: "m", rating: 1 };
        tx.put("feedback", { ...row, features: { factors, mean: {} }, createdAt: new Date(clock.now()) });
      });
    });
    const setting = await learn(tenant);
    expect(setting?.value).toMatchObject({ ratings: 400 });
    expect(weightsOf(setting, defaults).semantic).toBeGreaterThan(defaults.semantic);
  });

  it("teaches nothing from ratings before a reset", async () => {
    const tenant = world.tenant();
    await tenant.tell("one");
    await rate(tenant, 400);
    await learn(tenant);
    await tenant.memory.resetWeights(tenant.scope);
    const setting = await learn(tenant);
    expect(weightsOf(setting, defaults)).toBe(defaults);
    expect(setting?.version).toBe(2);
  });

  it("leaves the defaults with fewer than 50 ratings", async () => {
    const tenant = world.tenant();
    await tenant.tell("one");
    await rate(tenant, 49);
    expect(await learn(tenant)).toBeUndefined();
  });
});
