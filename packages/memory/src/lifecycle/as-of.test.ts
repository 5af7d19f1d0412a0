/** What held at a moment: merged, replaced, invalidated and expiring memories at the boundaries of their validity. */

import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import type { NewMemory } from "../requests.ts";

const world = await openWorld();
const { clock } = world;
const DAY_MS = 86_400_000;
const ago = (days: number): Date => new Date(clock.now() - days * DAY_MS);

const PORTO = "I live in Porto, by the river.";
const PORTO_AGAIN = "I live in Porto by the river!";
const LISBON = "I moved to Lisbon, I live in Lisbon now.";
const QUESTION = "Where does Ana live?";

const say = async (tenant: Tenant, text: string, fields: Partial<NewMemory>): Promise<string> =>
  await tenant.tell(text, { speaker: "Ana", ...fields });

describe("a memory that another took in", () => {
  it("does not hold any more once that one was replaced", async () => {
    const tenant = world.tenant();
    const first = await say(tenant, PORTO, { createdAt: ago(90) });
    await say(tenant, PORTO_AGAIN, { createdAt: ago(89) });
    expect(await tenant.row(first)).toMatchObject({ status: "merged" });
    await say(tenant, LISBON, { createdAt: ago(10) });
    expect(await tenant.find(QUESTION, { asOf: ago(1) })).toEqual([LISBON]);
    expect(await tenant.find(QUESTION)).not.toContain(PORTO);
  });

  it("does not hold any more once that one was invalidated", async () => {
    const tenant = world.tenant();
    await say(tenant, PORTO, { createdAt: ago(90) });
    const second = await say(tenant, PORTO_AGAIN, { createdAt: ago(89) });
    await tenant.memory.invalidate(tenant.writer, second, { reason: "wrong", validTo: ago(50) }, {});
    expect(await tenant.find(QUESTION, { asOf: ago(1) })).toEqual([]);
    expect(await tenant.find(QUESTION)).toEqual([]);
  });

  it("is found as of the time before that one was told, and once at any time", async () => {
    const tenant = world.tenant();
    await say(tenant, PORTO, { createdAt: ago(90) });
    await say(tenant, PORTO_AGAIN, { createdAt: ago(86) });
    expect(await tenant.find(QUESTION, { asOf: ago(88) })).toEqual([PORTO]);
    expect(await tenant.find(QUESTION, { asOf: ago(1) })).toHaveLength(1);
    expect(await tenant.find(QUESTION)).toEqual([PORTO_AGAIN]);
  });
});

describe("the moment of a move", () => {
  it("belongs to the new home alone", async () => {
    const tenant = world.tenant();
    await say(tenant, PORTO, { createdAt: ago(90) });
    await say(tenant, LISBON, { createdAt: ago(10) });
    expect(await tenant.find(QUESTION, { asOf: new Date(ago(10).getTime() - 1) })).toEqual([PORTO]);
    expect(await tenant.find(QUESTION, { asOf: ago(10) })).toEqual([LISBON]);
    expect(await tenant.find(QUESTION, { asOf: ago(90) })).toEqual([PORTO]);
    expect(await tenant.find(QUESTION, { asOf: new Date(ago(90).getTime() - 1) })).toEqual([]);
  });

  it("is when the new statement holds from, not when it was told", async () => {
    const tenant = world.tenant();
    const porto = await say(tenant, PORTO, { createdAt: ago(90) });
    await say(tenant, LISBON, { createdAt: ago(10), validFrom: ago(30) });
    expect((await tenant.row(porto))?.validTo).toEqual(ago(30));
    expect(await tenant.find(QUESTION, { asOf: ago(20) })).toEqual([LISBON]);
  });

  it("lies before the old statement: what is told now of longer ago is closed where the other begins", async () => {
    const tenant = world.tenant();
    await say(tenant, LISBON, { createdAt: ago(10) });
    const porto = await say(tenant, PORTO, { createdAt: ago(1), validFrom: ago(300) });
    expect(await tenant.row(porto)).toMatchObject({ status: "superseded", validTo: ago(10) });
  });
});

describe("an expiry", () => {
  it("of the newer statement gives the older one back, at the sweep at the latest", async () => {
    const tenant = world.tenant();
    const porto = await say(tenant, PORTO, { createdAt: ago(90) });
    await say(tenant, LISBON, { createdAt: ago(10), expiresAt: new Date(clock.now() + 60_000) });
    expect((await tenant.row(porto))?.status).toBe("superseded");
    clock.advance(120_000);
    await tenant.background.sweep(tenant.scope);
    expect(await tenant.row(porto)).toMatchObject({ status: "active" });
    expect(await tenant.find(QUESTION)).toEqual([PORTO]);
  });

  it("frees an externalId for another text, and what it had superseded with it", async () => {
    const tenant = world.tenant();
    const porto = await say(tenant, PORTO, { createdAt: ago(90) });
    const fields = { externalId: "home", speaker: "Ana", createdAt: ago(10) };
    await tenant.tell(LISBON, { ...fields, expiresAt: new Date(clock.now() + 60_000) });
    clock.advance(120_000);
    const { results } = await tenant.memory.remember(tenant.writer, [newMemory("I like tea.", fields)]);
    expect(results[0]?.event).toBe("added");
    expect(await tenant.row(porto)).toMatchObject({ status: "active" });
    expect(await tenant.owed()).toEqual([]);
  });
});
