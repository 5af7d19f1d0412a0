/** Rows out of one tenant and into another, over embedded stores. */

import type { Feedback, Reference } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import { preferenceOf } from "../engines/learning.ts";
import { payloadOf } from "../subject.ts";
import type { ExportItem, ImportItem } from "./transfer-service.ts";

const world = await openWorld();
const { clock } = world;

async function exported(tenant: Tenant, userId?: string): Promise<ExportItem[]> {
  const items: ExportItem[] = [];
  for await (const item of tenant.memory.exportItems(tenant.scope, { userId })) items.push(item);
  return items;
}

/** As the wire would carry it. */
function importable(item: ExportItem): ImportItem[] {
  if (item.kind === "reference" || item.kind === "feedback") return [item];
  if (item.kind !== "memory") return [];
  const { row } = item;
  return [{ kind: "memory", memory: { ...row, arrival: row.addedSeq } }];
}

async function imported(tenant: Tenant, items: readonly ExportItem[]) {
  const results = [];
  const rows = items.flatMap(importable);
  for (let from = 0; from < rows.length; from += 100)
    results.push(...(await tenant.memory.importItems(tenant.writer, rows.slice(from, from + 100))));
  return results;
}

/** The rows of one kind. */
const rowsOf = (items: readonly ExportItem[]) => ({
  memory: items.flatMap((item) => (item.kind === "memory" ? [item.row] : [])),
  entity: items.flatMap((item) => (item.kind === "entity" ? [item.row] : [])),
  relation: items.flatMap((item) => (item.kind === "relation" ? [item.row] : [])),
  reference: items.flatMap((item) => (item.kind === "reference" ? [item.row] : [])),
  feedback: items.flatMap((item) => (item.kind === "feedback" ? [item.row] : [])),
});

const told = (content: string, userId = "ana"): ImportItem => ({
  kind: "told",
  memory: newMemory(content, { userId }),
});

describe("rows of an export", () => {
  it("bring merged and superseded memories back as they were, without judging them again, and they can be undone", async () => {
    const [from, to] = [world.tenant(), world.tenant()];
    await from.tell("I live in Porto.", { speaker: "Ana", createdAt: new Date("2026-01-01") });
    await from.tell("I live in Ghent now.", { speaker: "Ana", createdAt: new Date("2026-02-01") });
    await from.tell("The heron nests by the old mill every spring.");
    await from.tell("The heron nests by the old mill every spring!");
    const before = await exported(from);
    const states = (items: readonly ExportItem[]) =>
      rowsOf(items).memory.map(({ id, status, validTo, quality, recordedAt, addedSeq }) => ({
        id,
        status,
        validTo,
        quality,
        recordedAt,
        addedSeq,
      }));
    const references = rowsOf(before).reference;
    expect(new Set(references.map(({ type }) => type))).toEqual(new Set(["mergedInto", "supersedes"]));
    clock.advance(86_400_000);
    expect((await imported(to, before)).every(({ event }) => event === "imported")).toBe(true);
    const after = await exported(to);
    expect(states(after)).toEqual(states(before));
    const counted = (items: readonly ExportItem[]) =>
      rowsOf(items).entity.map(({ id, frequency }) => ({ id, frequency }));
    expect(counted(after)).toEqual(counted(before));
    expect(rowsOf(after).relation).toEqual(rowsOf(before).relation);
    expect(rowsOf(after).reference).toEqual(references);
    expect(await to.owed()).toEqual([]);
    const merged = references.find(({ type }) => type === "mergedInto") as Reference;
    await to.memory.undoMerges(to.writer, merged.memoryId);
    expect((await to.row(merged.targetId))?.status).toBe("active");
  });

  it("bring ratings back, and with them what a user prefers", async () => {
    const [from, to] = [world.tenant(), world.tenant()];
    const heron = await from.tell("the heron nests by the mill", { speaker: "Ben", metadata: { topic: "Birds" } });
    const { queryId } = await from.ask("heron");
    await from.memory.rate(from.writer, { queryId, rating: 1, memoryId: heron });
    const items = await exported(from);
    const ratings: readonly Feedback[] = rowsOf(items).feedback;
    expect(ratings).toHaveLength(1);
    await imported(to, items);
    const preference = async (tenant: Tenant) => {
      const [profile] = await tenant.reader.get("profile", [["ana"]]);
      const memory = await tenant.row(heron);
      return memory && preferenceOf(profile, clock.now())(payloadOf(memory));
    };
    expect(await preference(to)).toBeGreaterThan(0.5);
    expect(await preference(to)).toBeCloseTo((await preference(from)) ?? 0, 10);
    expect((await to.row(heron))?.quality).toBe((await from.row(heron))?.quality);
  });

  it("are unchanged the second time, and fail where an id or externalId holds something else", async () => {
    const [from, to] = [world.tenant(), world.tenant()];
    const id = await from.tell("the red kettle", { externalId: "kettle" });
    const items = await exported(from);
    await imported(to, items);
    expect((await imported(to, items)).map(({ event }) => event)).toEqual(["unchanged"]);
    const [memory] = rowsOf(items).memory;
    if (!memory) throw new Error("no memory");
    const other = { ...memory, arrival: 1, content: "the blue kettle" };
    const conflicts = await to.memory.importItems(to.writer, [
      { kind: "memory", memory: other },
      { kind: "memory", memory: { ...other, id: id.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) } },
    ]);
    expect(conflicts.map(({ error }) => error?.code)).toEqual(["memory.exists", "memory.exists"]);
    expect(await to.find("kettle")).toEqual(["the red kettle"]);
  });

  it("about memories that are not there fail alone", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("the only one");
    const reference: Reference = {
      memoryId: id,
      type: "supersedes",
      targetId: "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
      partition: "ana",
      reason: "",
      createdAt: new Date(clock.now()),
    };
    const rating: Feedback = {
      id: "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c",
      partition: "ben",
      queryId: "q",
      memoryId: id,
      rating: 1,
      features: {},
      createdAt: new Date(clock.now()),
    };
    const results = await tenant.memory.importItems(tenant.writer, [
      { kind: "reference", row: reference },
      { kind: "feedback", row: rating },
      { kind: "feedback", row: { ...rating, partition: "ana" } },
    ]);
    expect(results.map(({ event, error }) => error?.code ?? event)).toEqual([
      "memory.not_found",
      "memory.not_found",
      "imported",
    ]);
  });
});

describe("rows of other products", () => {
  it("of any number of users are told, and a bad one among them fails alone", async () => {
    const tenant = world.tenant();
    const rows = Array.from({ length: 40 }, (_, i) => told(`note ${i} of somebody`, `user-${i}`));
    const taken = await tenant.tell("taken", { externalId: "taken", userId: "user-1" });
    const bad: ImportItem = {
      kind: "told",
      memory: newMemory("other words", { externalId: "taken", userId: "user-1" }),
    };
    const results = await tenant.memory.importItems(tenant.writer, [...rows.slice(0, 20), bad, ...rows.slice(20)]);
    expect(results.filter(({ event }) => event === "imported")).toHaveLength(40);
    expect(results[20]).toMatchObject({ event: "failed", error: { code: "memory.exists" } });
    expect((await tenant.row(taken))?.content).toBe("taken");
  });

  it("that cannot be stored at all end the import", async () => {
    const tenant = world.tenant();
    const away = new Error("the disk is gone");
    world.interfere.transact = () => {
      throw away;
    };
    await expect(tenant.memory.importItems(tenant.writer, [told("x")])).rejects.toBe(away);
  });
});

describe("an export", () => {
  it("leaves out what has expired and what came after its beginning", async () => {
    const tenant = world.tenant();
    await tenant.tell("stays");
    await tenant.tell("goes", { expiresAt: new Date(clock.now() + 1_000) });
    clock.advance(2_000);
    const contents: string[] = [];
    for await (const item of tenant.memory.exportItems(tenant.scope, {})) {
      if (item.kind === "memory") contents.push(item.row.content);
      clock.advance(1_000);
      await tenant.tell(`later ${contents.length}`);
      if (contents.length > 3) break;
    }
    expect(contents).toEqual(["stays"]);
  });

  it("of one user holds that user's rows of every kind", async () => {
    const tenant = world.tenant();
    for (const userId of ["ana", "ben"]) {
      const at = (createdAt: string) => ({ userId, speaker: userId, createdAt: new Date(createdAt) });
      await tenant.tell("I live in Porto.", at("2026-01-01"));
      await tenant.tell("I live in Ghent now.", at("2026-02-01"));
    }
    const items = await exported(tenant, "ben");
    for (const { kind, row } of items) expect(kind === "memory" ? row.userId : row.partition).toBe("ben");
    expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(["memory", "entity", "relation", "reference"]));
  });
});
