/** Texts, names and tags that nobody writes in good faith. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newMemory, openWorld } from "../../../../test/support/memory-world.ts";

const world = await openWorld();

const odd = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: "grapheme-composite", maxLength: 200 }),
  fc.string({ unit: fc.constantFrom("A", "n", "a", " ", "\u0000", "\u0007", "\u001F", "\n"), maxLength: 60 }),
  fc.constantFrom("\u0000", "\u202Elive in Porto", "I live in \u0000Porto\u0000.", "My name is \u{1F98A}."),
  fc
    .array(fc.constantFrom("I live in ", "Porto", "\u200b", "Dr. ", "José", "12/31/9999", "née ", "@", "::", "'s "), {
      maxLength: 40,
    })
    .map((parts) => parts.join("")),
);

describe("any text", () => {
  it("is stored as it is, with names and offsets that lie within it, and forgotten without a trace", async () => {
    const tenant = world.tenant();
    await fc.assert(
      fc.asyncProperty(odd, fc.array(odd, { maxLength: 4 }), async (content, tags) => {
        // Half characters are refused before they get here.
        fc.pre(content.trim() !== "" && [content, ...tags].every((text) => text.isWellFormed()));
        const id = await tenant.tell(content, { metadata: { tags }, speaker: "Ana" });
        const row = await tenant.row(id);
        expect(row?.content).toBe(content);
        for (const { positions } of row?.entities ?? [])
          for (const [start, end] of positions) {
            expect(start).toBeLessThan(end);
            expect(end).toBeLessThanOrEqual(content.length);
          }
        await tenant.memory.forget(tenant.writer, id);
        for (const table of ["entity", "relation", "reference", "chunk", "vector", "version"] as const)
          expect(await tenant.reader.range({ table, prefix: [], limit: 10 })).toEqual([]);
        expect(await tenant.indexed()).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("whose bound for reading cuts a character in two is stored whole", async () => {
    const tenant = world.tenant();
    const content = `${"a ".repeat(8_187)}Ana 🦊🦊🦊 lives in Porto.`;
    for (const shift of [0, 1, 2, 3]) {
      const text = "x".repeat(shift) + content;
      const id = await tenant.tell(text);
      expect((await tenant.row(id))?.content).toBe(text);
    }
  });

  it.each<[string, object]>([
    ["a thousand tags", { tags: Array.from({ length: 1_000 }, (_, i) => `tag ${i}`) }],
    ["tags that are no texts", { tags: [1, null, { a: 1 }, ["x"], true, "", " ", "ok"] }],
    ["tags that are one text", { tags: "garden" }],
    ["the same tag in many spellings", { tags: ["Garden", "garden", "GARDEN", " garden ", "gar\u200bden"] }],
    ["an odd role and origin", { role: { a: 1 }, origin: ["import"], topic: { toString: "x" } }],
    ["names of prototypes", { tags: ["__proto__", "constructor", "toString"], constructor: "x", toString: 1 }],
  ])("is taken with %s", async (_what, metadata) => {
    const tenant = world.tenant();
    const id = await tenant.tell("we painted the fence", { metadata: metadata as never });
    expect((await tenant.row(id))?.metadata).toEqual(metadata);
    expect(await tenant.find("fence")).toHaveLength(1);
    const names = (await tenant.row(id))?.entities ?? [];
    expect(names.length).toBeLessThanOrEqual(64);
    expect(new Set(names.map((entity) => entity.id)).size).toBe(names.length);
    await tenant.memory.forget(tenant.writer, id);
    expect(await tenant.reader.range({ table: "entity", prefix: [], limit: 10 })).toEqual([]);
  });

  it("of a quarter of a mebibyte is stored, changed and forgotten with all that it names", async () => {
    const tenant = world.tenant();
    const content = "Maria Gonzalez lives in Porto and works at Acme. ".repeat(5_000);
    const id = await tenant.tell(content);
    await tenant.memory.patch(tenant.writer, id, { content: `${content} It rains.` }, {});
    await tenant.background.sweep(tenant.scope);
    expect((await tenant.row(id))?.pendingCount).toBe(0);
    await tenant.memory.forget(tenant.writer, id);
    for (const table of ["entity", "relation", "chunk", "vector", "version"] as const)
      expect(await tenant.reader.range({ table, prefix: [], limit: 10 })).toEqual([]);
    expect(await tenant.indexed()).toBe(0);
  });
});

describe("the memories of no user", () => {
  it("are apart from those of users, also in what merges and supersedes", async () => {
    const tenant = world.tenant();
    const say = async (content: string, userId: string | undefined) =>
      (await tenant.memory.remember(tenant.writer, [newMemory(content, { userId })])).results[0]?.event;
    expect(await say("The spare key is under the blue flower pot by the door", undefined)).toBe("added");
    expect(await say("The spare key is under the blue flower pot, by the door!", "ana")).toBe("added");
    expect(await say("The spare key is under the blue flower pot, by the door!", undefined)).toBe("merged");
  });
});
