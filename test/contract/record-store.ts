/** What every record store must do. */

import { randomUUID } from "node:crypto";

import { type ExportedRow, KEYS, type RecordStore, type RecordTx, type TableName, type TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { fuzzTenants } from "../support/record-fuzz.ts";
import {
  AWKWARD_JSON,
  AWKWARD_TEXT,
  chunkRow,
  jobRow,
  memoryRow,
  vectorRow,
  versionRow,
} from "../support/record-rows.ts";
import { understandingRows } from "../support/understanding-rows.ts";

export function recordStoreContract(name: string, open: () => Promise<RecordStore>): void {
  describe(`record store: ${name}`, () => {
    let store: RecordStore;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(async () => await store.close());

    const write = async (scope: TenantScope, work: (tx: RecordTx) => void): Promise<void> => {
      await store.transact(scope, [], async (tx) => work(tx));
    };

    it("gives every row of every table back as it was put", async () => {
      const scope = freshTenant();
      const rows = everyTable();
      await write(scope, (tx) => rows.forEach(({ table, row }) => tx.put(table, row)));
      const exported = await Array.fromAsync(store.export(scope));
      expect(exported).toEqual(rows);
      const [memory] = await store.reader(scope).get("memory", [["m"]]);
      expect(JSON.stringify(memory?.metadata)).toBe(JSON.stringify(AWKWARD_JSON));
    });

    it("gets rows in the order asked, undefined for the absent, and repeats what is asked twice", async () => {
      const scope = freshTenant();
      await write(scope, (tx) => ["a", "b", "ä", "😀"].forEach((id) => tx.put("job", jobRow(id))));
      const got = await store.reader(scope).get("job", [["😀"], ["missing"], ["a"], ["ä"], ["a"]]);
      expect(got.map((row) => row?.id)).toEqual(["😀", undefined, "a", "ä", "a"]);
      expect(await store.reader(scope).get("job", [])).toEqual([]);
    });

    it("finds by several keys, key by key, each ascending from `from` up to but not `to`, cut at the limit", async () => {
      const scope = freshTenant();
      const at = (second: number): Date => new Date(second * 1_000);
      await write(scope, (tx) => {
        for (let i = 0; i < 10; i++) {
          tx.put("job", jobRow(`q${9 - i}`, { runAt: at(i) }));
          tx.put("job", jobRow(`r${i}`, { status: "running", runAt: at(i) }));
        }
      });
      const find = async (fields: object): Promise<string[]> => {
        const query = { index: "jobByStatus", anyOf: [["running"], ["queued"]], limit: 50, ...fields } as const;
        return (await store.reader(scope).find(query)).map(({ id }) => id);
      };
      expect(await find({ from: at(2), to: at(4) })).toEqual(["r2", "r3", "q7", "q6"]);
      expect(await find({ from: at(8) })).toEqual(["r8", "r9", "q1", "q0"]);
      expect(await find({ to: at(1) })).toEqual(["r0", "q9"]);
      expect(await find({ limit: 11 })).toEqual([...Array.from({ length: 10 }, (_, i) => `r${i}`), "q9"]);
      expect(await find({ anyOf: [["queued"], ["queued"]], to: at(1) })).toEqual(["q9"]);
      expect(await find({ anyOf: [["done"]] })).toEqual([]);
      expect(await find({ anyOf: [] })).toEqual([]);
    });

    it("leaves rows without the field out of an index, whatever the limit", async () => {
      const scope = freshTenant();
      await write(scope, (tx) => {
        for (let i = 0; i < 30; i++) tx.put("memory", memoryRow(`none${i}`));
        tx.put("memory", memoryRow("early", { expiresAt: new Date(-5), externalId: "x", sessionId: "s" }));
        tx.put("memory", memoryRow("late", { expiresAt: new Date(5_000), externalId: "y", sessionId: "s" }));
      });
      const reader = store.reader(scope);
      const expired = await reader.find({ index: "memoryByExpiry", anyOf: [[]], to: new Date(4_000), limit: 2 });
      expect(expired.map(({ id }) => id)).toEqual(["early"]);
      const dated = await reader.find({ index: "memoryByExpiry", anyOf: [[]], limit: 50 });
      expect(dated.map(({ id }) => id)).toEqual(["early", "late"]);
      const external = await reader.find({ index: "memoryByExternalId", anyOf: [["y"], ["z"], ["x"]], limit: 9 });
      expect(external.map(({ id }) => id)).toEqual(["late", "early"]);
      const session = await reader.find({ index: "memoryBySession", anyOf: [["_", "s"]], limit: 9 });
      expect(session.map(({ id }) => id).sort()).toEqual(["early", "late"]);
    });

    it("lists newest first: by time, then by arrival", async () => {
      const scope = freshTenant();
      const recordedAt = new Date("2026-01-01T00:00:00.500Z");
      await write(scope, (tx) => {
        tx.put("memory", memoryRow("old", { recordedAt: new Date("2025-12-31"), addedSeq: 9, userId: "u" }));
        for (const seq of [1, 3, 2]) tx.put("memory", memoryRow(`m${seq}`, { recordedAt, addedSeq: seq, userId: "u" }));
      });
      const reader = store.reader(scope);
      const all = await reader.find({ index: "memoryByNewest", anyOf: [[]], limit: 3 });
      expect(all.map(({ id }) => id)).toEqual(["m3", "m2", "m1"]);
      const user = await reader.find({ index: "memoryByUserNewest", anyOf: [["_"], ["u"]], limit: 9 });
      expect(user.map(({ id }) => id)).toEqual(["m3", "m2", "m1", "old"]);
    });

    it("ranges in key order, numbers as numbers and texts by code point, behind `after` and within the prefix", async () => {
      const scope = freshTenant();
      const texts = ["", "a", "a\u0000", "a\u0000b", "aa", "b", "z", "ä", "～", "😀"];
      await write(scope, (tx) => {
        for (const id of texts.toReversed()) tx.put("job", jobRow(id));
        for (const index of [10, 9, 100, 0]) tx.put("chunk", chunkRow("a", index));
        tx.put("chunk", chunkRow("aa", 1));
      });
      const reader = store.reader(scope);
      const jobs = await reader.range({ table: "job", prefix: [], limit: 50 });
      expect(jobs.map(({ id }) => id)).toEqual(texts);
      const page = await reader.range({ table: "job", prefix: [], after: ["a\u0000"], limit: 2 });
      expect(page.map(({ id }) => id)).toEqual(["a\u0000b", "aa"]);
      const chunks = await reader.range({ table: "chunk", prefix: ["a"], after: ["a", 0], limit: 50 });
      expect(chunks.map(({ index }) => index)).toEqual([9, 10, 100]);
      expect(await reader.range({ table: "chunk", prefix: ["a"], after: ["b", 0], limit: 50 })).toEqual([]);
      expect(await reader.range({ table: "chunk", prefix: ["aa"], after: ["a", 5], limit: 50 })).toHaveLength(1);
      expect(await reader.range({ table: "chunk", prefix: ["missing"], limit: 50 })).toEqual([]);
    });

    it("shows 2 tenants with the same ids only their own rows through 1,200 random transactions", async () => {
      const { operations, reads } = await fuzzTenants(store, freshTenant(), freshTenant(), { transactions: 1_200 });
      expect(operations).toBeGreaterThan(2_500);
      expect(reads).toBeGreaterThan(1_000);
    });

    it("exports the moment at which the export began", async () => {
      const scope = freshTenant();
      await write(scope, (tx) => {
        for (let i = 0; i < 1_200; i++) tx.put("job", jobRow(`j${i}`));
      });
      const ids: string[] = [];
      for await (const { row } of store.export(scope)) {
        if (ids.length === 0) await write(scope, (tx) => (tx.remove("job", ["j999"]), tx.put("job", jobRow("zz"))));
        ids.push((row as { id: string }).id);
      }
      expect(ids).toHaveLength(1_200);
      expect(ids).toContain("j999");
    });

    it("names the tenants that have written, once each", async () => {
      const scopes = [freshTenant(), freshTenant(), freshTenant()];
      for (const scope of scopes.slice(0, 2)) {
        await write(scope, (tx) => tx.put("job", jobRow("1")));
        await write(scope, (tx) => tx.put("job", jobRow("2")));
      }
      await write(scopes[2] as TenantScope, () => {});
      await store.compact();
      const tenants = await store.tenants();
      expect(scopes.map(({ tenant }) => tenants.filter((known) => known === tenant).length)).toEqual([1, 1, 0]);
    });

    it("refuses what it could not give back: a lone surrogate in a text or a key", async () => {
      const scope = freshTenant();
      const bad = { code: "internal.unexpected" };
      await expect(write(scope, (tx) => tx.put("memory", memoryRow("m", { content: "\ud800" })))).rejects.toMatchObject(
        bad,
      );
      await expect(write(scope, (tx) => tx.put("job", jobRow("\udc00")))).rejects.toMatchObject(bad);
    });
  });
}

export function freshTenant(): TenantScope {
  const [scope] = systemScopes("test", [`tenant '${randomUUID()}' 😀`]);
  return scope as TenantScope;
}

/** At least one row of every table, in the order of an export. */
function everyTable(): ExportedRow[] {
  const date = new Date("1969-07-20T20:17:40.123Z");
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const full = memoryRow("m", {
    content: AWKWARD_TEXT,
    metadata: AWKWARD_JSON,
    userId: "u",
    agentId: "a",
    sessionId: "s",
    speaker: "Zoë",
    externalId: "x:1",
    status: "superseded",
    pendingCount: 2,
    languageConfidence: 1,
    domain: "medical",
    quality: 0.25,
    entities: [{ id: "e", name: AWKWARD_TEXT, type: "person", confidence: 0.5, positions: [[0, 2]] }],
    facts: [{ subjectId: "e", type: "home", objectId: "f" }],
    occurredFrom: date,
    occurredTo: date,
    invalidReason: AWKWARD_TEXT,
    validFrom: date,
    validTo: date,
    expiresAt: date,
    createdAt: date,
    version: 3,
    seq: 2 ** 40,
  });
  const rows: ExportedRow[] = [
    { table: "memory", row: full },
    { table: "memory", row: memoryRow("minimal") },
    { table: "chunk", row: chunkRow("m", 0, { sparse: bytes }) },
    { table: "chunk", row: chunkRow("m", 1, { sparse: new Uint8Array(0) }) },
    { table: "vector", row: vectorRow("p") },
    { table: "version", row: versionRow("m", 1, { metadata: AWKWARD_JSON, validFrom: date, validTo: date }) },
    { table: "change", row: { partition: "u", seq: 1, op: "added", memoryId: "m", version: 1, createdAt: date } },
    { table: "outbox", row: { partition: "u", seq: 1, memoryIds: [], createdAt: date } },
    {
      table: "outbox",
      row: { partition: "u", seq: 2, memoryIds: ["m", "n"], createdAt: date },
    },
    ...[AWKWARD_JSON, null, [], "text", 0, false].map((response, i): ExportedRow => {
      return {
        table: "idempotency",
        row: { keyId: "k", route: "POST /", key: `${i}`, bodyHash: "h", response, expiresAt: date },
      };
    }),
    { table: "job", row: jobRow("a", { payload: AWKWARD_JSON, result: null, leaseOwner: "o", leaseUntil: date }) },
    { table: "job", row: jobRow("b", { errorCode: "c", errorDetail: AWKWARD_TEXT, finishedAt: date }) },
    { table: "partition", row: { partition: "u", seq: 2, memoryCount: 1 } },
    ...understandingRows(date, bytes),
  ];
  const order = Object.keys(KEYS) as TableName[];
  expect(new Set(rows.map(({ table }) => table))).toEqual(new Set(order));
  return rows;
}
