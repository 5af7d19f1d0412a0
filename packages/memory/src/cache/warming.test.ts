import { expect, it } from "vitest";
import { openWorld, recallRequest, type Tenant } from "../../../../test/support/memory-world.ts";
import { createVolatile, type Volatile } from "../erase/volatile.ts";
import { createWarming, type Warming } from "./warming.ts";

const world = await openWorld({ searchDeadlineMs: 5_000 });

/** Watches a tenant's recall. */
function warmed({ memory }: Tenant, volatile: Volatile = createVolatile()): Warming {
  const { clock } = world;
  return createWarming((scope, request) => memory.recall(scope, request), {
    clock,
    volatile,
    settings: { warmQueries: 2 },
  });
}

it("the 2 most frequent queries are asked again, of those asked twice and not read across users, unless the tenant is forgotten", async () => {
  const tenant = world.tenant();
  await tenant.tell("the heron is grey");
  const volatile = createVolatile();
  const { recall, warm } = warmed(tenant, volatile);
  const ask = async (query: string, fields = {}) => await recall(tenant.scope, recallRequest(query, fields));
  for (const [query, times] of Object.entries({ heron: 4, otter: 3, mill: 2, once: 1 }))
    for (let i = 0; i < times; i++) await ask(query);
  for (let i = 0; i < 9; i++) await ask("all", { userId: undefined });
  await tenant.tell("the otter swims");
  expect(await warm(tenant.scope)).toBe(2);
  const tiers: (string | null)[] = [];
  for (const query of ["heron", "otter", "mill", "once"]) tiers.push((await tenant.ask(query)).cache.tier);
  expect(tiers).toEqual(["l1", "l1", null, null]);
  await volatile.forget(tenant.scope);
  expect(await warm(tenant.scope)).toBe(0);
});

it("a query that nobody asked for 7 days is not asked again", async () => {
  const tenant = world.tenant();
  const { recall, warm } = warmed(tenant);
  for (let i = 0; i < 2; i++) await recall(tenant.scope, recallRequest("heron"));
  expect(await warm(tenant.scope)).toBe(1);
  world.clock.advance(7 * 86_400_000);
  expect(await warm(tenant.scope)).toBe(0);
});
