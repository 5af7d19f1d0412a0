import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import type { NewMemory } from "../requests.ts";

const world = await openWorld();
const { clock } = world;
const DAY_MS = 86_400_000;
const ago = (days: number): Date => new Date(clock.now() - days * DAY_MS);

async function say(
  tenant: Tenant,
  text: string,
  fields: Partial<NewMemory> = {},
): Promise<{ id: string; event: string; relatedId: string | null }> {
  const { results } = await tenant.memory.remember(tenant.writer, [newMemory(text, { speaker: "Ana", ...fields })]);
  const { id, event, relatedId } = results[0] ?? { id: "", event: "", relatedId: null };
  return { id: id ?? "", event, relatedId };
}

const references = (tenant: Tenant) => tenant.reader.range({ table: "reference", prefix: [], limit: 10 });

describe("a new value of a single-valued relation", () => {
  it("supersedes the old one: both stay, the old one marked and closed where the new one begins", async () => {
    const tenant = world.tenant();
    const old = await say(tenant, "I live in Porto.", { createdAt: ago(90) });
    const next = await say(tenant, "I live in Lisbon now.", { createdAt: ago(10) });
    expect(next).toMatchObject({ event: "superseded", relatedId: old.id });
    expect(await tenant.row(old.id)).toMatchObject({ status: "superseded", validTo: ago(10), version: 2 });
    const { results } = await tenant.ask("Where does Ana live?");
    expect(results.map(({ memory }) => [memory.content, memory.status])).toEqual([
      ["I live in Lisbon now.", "active"],
      ["I live in Porto.", "superseded"],
    ]);
  });

  it("as of an earlier moment the old one is what is found", async () => {
    const tenant = world.tenant();
    await say(tenant, "I live in Porto.", { createdAt: ago(90) });
    await say(tenant, "I live in Lisbon now.", { createdAt: ago(10) });
    expect(await tenant.find("Where does Ana live?", { asOf: ago(30) })).toEqual(["I live in Porto."]);
    expect(await tenant.find("Where does Ana live?", { asOf: ago(1) })).toEqual(["I live in Lisbon now."]);
  });

  it("that arrives late is inserted closed: the later statement stays what holds", async () => {
    const tenant = world.tenant();
    const present = await say(tenant, "I live in Lisbon now.", { createdAt: ago(10) });
    const late = await say(tenant, "I live in Porto.", { createdAt: ago(90) });
    expect(late.event).toBe("added");
    expect(await tenant.row(late.id)).toMatchObject({ status: "superseded", validTo: ago(10) });
    expect(await tenant.row(present.id)).toMatchObject({ status: "active", version: 1 });
  });

  it("in one batch supersedes what came before it there", async () => {
    const tenant = world.tenant();
    const { results } = await tenant.memory.remember(tenant.writer, [
      newMemory("I work at Acme.", { speaker: "Ana", createdAt: ago(50) }),
      newMemory("I work at Globex now.", { speaker: "Ana", createdAt: ago(5) }),
    ]);
    expect(results.map(({ event }) => event)).toEqual(["added", "superseded"]);
  });

  it.each<[string, string, Partial<NewMemory>]>([
    ["of another speaker", "I live in Lisbon now.", { speaker: "Ben" }],
    ["of another user", "I live in Lisbon now.", { userId: "ben" }],
    ["told to another agent", "I live in Lisbon now.", { agentId: "other" }],
    ["that is a plan", "I might move to Lisbon next year.", {}],
    ["that is of the past", "I used to live in Lisbon.", {}],
    ["of somebody else", "My sister lives in Lisbon now.", {}],
  ])("%s supersedes nothing", async (_what, text, fields) => {
    const tenant = world.tenant();
    const old = await say(tenant, "I live in Porto.", { createdAt: ago(90) });
    expect((await say(tenant, text, { createdAt: ago(10), ...fields })).event).toBe("added");
    expect(await tenant.row(old.id)).toMatchObject({ status: "active" });
  });
});

describe("a document", () => {
  it("replaces no statement and is replaced by none, however many ages and homes it tells of", async () => {
    const tenant = world.tenant();
    const filler =
      "The survey went on through the winter and every street was visited twice by the same two people. ".repeat(7);
    const old = await say(tenant, "I live in Porto.", { createdAt: ago(90) });
    const document = await say(tenant, `I live in Lisbon now. ${filler}`, { createdAt: ago(50) });
    await say(tenant, "I moved to Berlin, I live in Berlin now.", { createdAt: ago(10) });
    expect(await tenant.row(document.id)).toMatchObject({ status: "active", version: 1 });
    expect(await tenant.row(old.id)).toMatchObject({ status: "superseded", validTo: ago(10) });
  });
});

describe("undoing", () => {
  it("reopens what was superseded, with its own end of validity", async () => {
    const tenant = world.tenant();
    const old = await say(tenant, "I live in Porto.", { createdAt: ago(90) });
    const next = await say(tenant, "I live in Lisbon now.", { createdAt: ago(10) });
    await tenant.memory.undoMerges(tenant.writer, next.id);
    const row = await tenant.row(old.id);
    expect(row).toMatchObject({ status: "active", version: 3 });
    expect(row?.validTo).toBeUndefined();
    const history = await tenant.memory.history(tenant.scope, old.id);
    expect(history.map(({ status }) => status)).toEqual(["active", "superseded", "active"]);
  });

  it("by forgetting the newer statement: the older one holds again", async () => {
    const tenant = world.tenant();
    const old = await say(tenant, "I live in Porto.", { createdAt: ago(90) });
    const next = await say(tenant, "I live in Lisbon now.", { createdAt: ago(10) });
    await tenant.memory.forget(tenant.writer, next.id);
    expect(await tenant.row(old.id)).toMatchObject({ status: "active" });
    expect(await references(tenant)).toEqual([]);
    expect(await tenant.find("Where does Ana live?")).toEqual(["I live in Porto."]);
  });
});

describe("entities and relations", () => {
  it("are rows: counted by memory, typed, and closed with the memory that states them", async () => {
    const tenant = world.tenant();
    await say(tenant, "I live in Porto.", { createdAt: ago(90) });
    await say(tenant, "I live in Lisbon now.", { createdAt: ago(10) });
    const relations = await tenant.reader.range({ table: "relation", prefix: ["ana"], limit: 10 });
    expect(
      relations
        .map(({ type, subjectName, objectName, validTo }) => [type, subjectName, objectName, validTo])
        .sort((a, b) => String(a).localeCompare(String(b))),
    ).toEqual([
      ["home", "Ana", "Lisbon", undefined],
      ["home", "Ana", "Porto", ago(10)],
    ]);
    const entities = await tenant.reader.range({ table: "entity", prefix: ["ana"], limit: 10 });
    expect(
      entities.map(({ name, frequency }) => [name, frequency]).sort((a, b) => String(a).localeCompare(String(b))),
    ).toEqual([
      ["Ana", 2],
      ["Lisbon", 1],
      ["Porto", 1],
    ]);
  });

  it("follow a change of text, and go with the last memory that names them", async () => {
    const tenant = world.tenant();
    const { id } = await say(tenant, "I live in Porto.");
    await tenant.memory.patch(tenant.writer, id, { content: "I live in Braga." }, {});
    const names = async () =>
      (await tenant.reader.range({ table: "entity", prefix: ["ana"], limit: 10 })).map(({ name }) => name).sort();
    expect(await names()).toEqual(["Ana", "Braga"]);
    await tenant.memory.forget(tenant.writer, id);
    expect(await names()).toEqual([]);
    expect(await tenant.reader.range({ table: "relation", prefix: [], limit: 10 })).toEqual([]);
  });
});
