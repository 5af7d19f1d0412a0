import { equals } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import type { ListRequest } from "../requests.ts";

const world = await openWorld();
const { clock } = world;

const list = (tenant: Tenant, fields: Partial<ListRequest> = {}) =>
  tenant.memory.list(tenant.scope, { filter: { all: [] }, includeSuperseded: false, limit: 50, ...fields });

/** All pages' contents, a list a page. */
async function pages(
  tenant: Tenant,
  fields: Partial<ListRequest>,
  between?: () => Promise<unknown>,
): Promise<string[][]> {
  const found: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await list(tenant, { ...fields, ...(cursor !== undefined && { cursor }) });
    found.push(page.items.map(({ content }) => content));
    cursor = page.nextCursor ?? undefined;
    await between?.();
  } while (cursor !== undefined);
  return found;
}

async function fill(tenant: Tenant, count: number, fields: (i: number) => object = () => ({})): Promise<string[]> {
  const memories = Array.from({ length: count }, (_, i) => newMemory(`row ${i}`, fields(i)));
  for (let i = 0; i < count; i += 100) await tenant.memory.remember(tenant.writer, memories.slice(i, i + 100));
  return memories.map(({ content }) => content).reverse();
}

describe("a list", () => {
  it("has 1,100 memories of one millisecond once each, newest first, in pages of 90", async () => {
    const tenant = world.tenant();
    const expected = await fill(tenant, 1_100);
    const found = await pages(tenant, { userId: "ana", limit: 90 });
    expect(found.flat().toSorted()).toEqual(expected.toSorted());
    expect(found.slice(0, -1).every((page) => page.length === 90)).toBe(true);
    expect((await list(tenant, { userId: "ana", limit: 1 })).items[0]?.seq).toBe(999);
  });

  it("is newest first across milliseconds, of one user, one session, or the tenant", async () => {
    const tenant = world.tenant();
    const expected: string[] = [];
    for (let i = 0; i < 12; i++) {
      clock.advance(1);
      await tenant.tell(`row ${i}`, { userId: i % 2 ? "ana" : "ben", sessionId: i % 3 ? "s" : "t" });
      expected.unshift(`row ${i}`);
    }
    const only = (fits: (i: number) => boolean): string[] => expected.filter((text) => fits(Number(text.slice(4))));
    expect((await pages(tenant, { limit: 5 })).flat()).toEqual(expected);
    expect((await pages(tenant, { userId: "ana", limit: 2 })).flat()).toEqual(only((i) => i % 2 === 1));
    expect((await pages(tenant, { userId: "ana", sessionId: "s", limit: 2 })).flat()).toEqual(
      only((i) => i % 2 === 1 && i % 3 > 0),
    );
    expect((await pages(tenant, { sessionId: "t", limit: 2 })).flat()).toEqual(only((i) => i % 3 === 0));
  });

  it("neither skips nor repeats while memories are added and forgotten between its pages", async () => {
    const tenant = world.tenant();
    const expected = await fill(tenant, 40);
    let n = 0;
    const found = await pages(tenant, { userId: "ana", limit: 7 }, async () => {
      clock.advance(1);
      await tenant.memory.forget(tenant.writer, await tenant.tell(`new ${n++}`));
      await tenant.tell(`newer ${n}`);
    });
    expect(found.flat()).toEqual(expected);
  });

  it("leaves out what has expired and what the filter does not want", async () => {
    const tenant = world.tenant();
    await fill(tenant, 30, (i) => ({
      metadata: { third: i % 3 === 0 },
      ...(i % 2 && { expiresAt: new Date(clock.now() + 1) }),
    }));
    clock.advance(1);
    const filter = equals("metadata.third", true);
    expect((await pages(tenant, { userId: "ana", filter, limit: 2 })).flat()).toEqual([
      "row 24",
      "row 18",
      "row 12",
      "row 6",
      "row 0",
    ]);
  });

  it("ends a page of a rare filter after 2,000 rows, with a cursor that goes on", async () => {
    const tenant = world.tenant();
    await fill(tenant, 2_300, (i) => ({ metadata: { rare: i === 0 } }));
    const filter = equals("metadata.rare", true);
    const first = await list(tenant, { userId: "ana", filter });
    expect(first.items).toEqual([]);
    expect(first.nextCursor).not.toBeNull();
    const second = await list(tenant, { userId: "ana", filter, cursor: first.nextCursor ?? "" });
    expect(second).toMatchObject({ items: [{ content: "row 0" }], nextCursor: null });
  });

  it("of nothing, and one that fits its page with room to spare, have no cursor", async () => {
    const tenant = world.tenant();
    expect(await list(tenant)).toEqual({ items: [], nextCursor: null });
    await fill(tenant, 3);
    expect((await list(tenant, { limit: 4 })).nextCursor).toBeNull();
  });
});

describe("a cursor", () => {
  it("is worthless to another tenant, for another list, cut short, or made up", async () => {
    const [tenant, other] = [world.tenant(), world.tenant()];
    await fill(tenant, 3);
    await fill(other, 3);
    const mine = { userId: "ana", limit: 1 };
    const cursor = (await list(tenant, mine)).nextCursor ?? "";
    const invalid = expect.objectContaining({
      code: "body.invalid",
      problems: [expect.objectContaining({ path: "cursor" })],
    }) as unknown;
    await expect(list(other, { ...mine, cursor })).rejects.toEqual(invalid);
    await expect(list(tenant, { limit: 1, cursor })).rejects.toEqual(invalid);
    await expect(list(tenant, { ...mine, sessionId: "s", cursor })).rejects.toEqual(invalid);
    for (const bad of ["", "AAAA", cursor.slice(0, -2), `${cursor}A`, "{}", "é"])
      await expect(list(tenant, { ...mine, cursor: bad })).rejects.toEqual(invalid);
    await expect(tenant.memory.jobs(tenant.scope, { limit: 1, cursor })).rejects.toEqual(invalid);
    expect((await list(tenant, { ...mine, cursor })).items).toHaveLength(1);
  });

  it("keeps apart users and sessions whose names run into each other", async () => {
    const tenant = world.tenant();
    await fill(tenant, 3, () => ({ userId: "a:b", sessionId: "c" }));
    const { nextCursor } = await list(tenant, { userId: "a:b", sessionId: "c", limit: 1 });
    const request = { userId: "a", sessionId: "b:c", limit: 1, cursor: nextCursor ?? "" };
    await expect(list(tenant, request)).rejects.toMatchObject({ code: "body.invalid" });
  });
});
