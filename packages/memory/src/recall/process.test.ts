import { describe, expect, it } from "vitest";
import { openWorld, recallRequest, type Tenant } from "../../../../test/support/memory-world.ts";

const world = await openWorld({ searchDeadlineMs: 5_000 });

const count = async (tenant: Tenant): Promise<number> =>
  (await tenant.memory.list(tenant.scope, { filter: { all: [] }, includeSuperseded: true, limit: 200 })).items.length;

describe("process keeps", () => {
  it.each([
    ["auto", "I moved to Porto", { event: "added" }],
    ["auto", "Where do I live?", { event: "none", reason: "question" }],
    ["auto", "...", { event: "none", reason: "empty" }],
    ["auto", "  ", { event: "none", reason: "empty" }],
    [true, "Where do I live?", { event: "added" }],
    [true, " \n ", { event: "none", reason: "empty" }],
    [false, "I moved to Porto", { event: "none", reason: "off" }],
  ] as const)("with remember %j, of %j: %j", async (remember, text, expected) => {
    const tenant = world.tenant();
    const { remembered, seqs } = await tenant.process(text, { remember });
    expect(remembered).toMatchObject(expected);
    expect(seqs).toHaveLength(expected.event === "added" ? 1 : 0);
    expect(await count(tenant)).toBe(expected.event === "added" ? 1 : 0);
  });

  it("the text verbatim under its scope, speaker, metadata and time", async () => {
    const tenant = world.tenant();
    const createdAt = new Date(world.clock.now() - 5_000);
    const about = { agentId: "g", sessionId: "s", speaker: "Ana", metadata: { via: "phone" }, createdAt };
    const { remembered } = await tenant.process("  I moved to Porto.  ", about);
    expect(await tenant.row(remembered.id ?? "")).toMatchObject({
      content: "  I moved to Porto.  ",
      userId: "ana",
      ...about,
    });
  });

  it("the same words once: unchanged the second time, and then found", async () => {
    const tenant = world.tenant();
    const first = await tenant.process("I moved to Porto");
    expect(first.results).toEqual([]);
    const second = await tenant.process("I moved to Porto");
    expect(second.remembered).toMatchObject({ event: "unchanged", id: first.remembered.id });
    expect(second.results.map(({ memory }) => memory.id)).toEqual([first.remembered.id]);
  });
});

describe("process recalls", () => {
  it("over all agents and sessions of the user, where a search is narrowed by them", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill", { agentId: "g", sessionId: "s" });
    const about = { agentId: "h", sessionId: "t" };
    expect((await tenant.process("Where does the heron nest?", about)).results).toHaveLength(1);
    expect(await tenant.find("Where does the heron nest?", about)).toEqual([]);
  });

  it.each([{ sessionId: "t" }, { agentId: "h" }])(
    "within %j alone where the caller is confined to it",
    async (part) => {
      const tenant = world.tenant();
      await tenant.tell("the heron nests by the mill", { agentId: "g", sessionId: "s" });
      const own = await tenant.tell("the heron nests by the weir", { agentId: "h", sessionId: "t" });
      const about = { ...part, within: { userId: "ana", ...part } };
      const { results } = await tenant.process("Where does the heron nest?", about);
      expect(results.map(({ memory }) => memory.id)).toEqual([own]);
    },
  );

  it("never another user's memories", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron nests by the mill", { userId: "ben" });
    expect((await tenant.process("Where does the heron nest?")).results).toEqual([]);
  });

  it("nothing that the same request stored, sent again under its idempotency key neither", async () => {
    const tenant = world.tenant();
    const request = { ...recallRequest("The heron nests by the mill."), remember: "auto", metadata: {} } as const;
    const writer = tenant.under("once");
    const first = await tenant.memory.process(writer, request);
    const again = await tenant.memory.process(writer, request);
    expect(again).toMatchObject({ results: [], confidence: 0, remembered: first.remembered, seqs: first.seqs });
    expect(await count(tenant)).toBe(1);
  });
});
