import { createNodeEngines } from "@surrealdb/node";
import { type IndexName, INDEXES, KEYS, systemClock, type TableName } from "@nexus/core";
import { Surreal } from "surrealdb";
import { beforeAll, describe, expect, it } from "vitest";

import { COLUMNS } from "./columns.ts";
import { connection, type Connection } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations.ts";
import { findText, keyParameters, leastValue, rangeText } from "./queries.ts";

async function emptyDatabase(): Promise<Connection> {
  const client = new Surreal({ engines: createNodeEngines(), codecOptions: { useNativeDates: true } });
  await client.connect("mem://", { namespace: "nexus", database: crypto.randomUUID() });
  return connection(client);
}

describe("the schema", () => {
  let database: Connection;
  beforeAll(async () => {
    database = await emptyDatabase();
    await migrate(database, systemClock);
  });

  const indexes = Object.keys(INDEXES) as IndexName[];

  it.each(indexes)("serves every find by %s from that index, with its whole key and its lower bound", async (index) => {
    const { fields } = INDEXES[index];
    for (let keyLength = 0; keyLength <= fields.length; keyLength++) {
      const key = Array.from({ length: keyLength }, (_, i) => `k${i}`);
      const next = keyLength < fields.length;
      for (const to of next ? [false, true] : [false]) {
        const from = leastValue(index, keyLength);
        const parameters = { tenant: "t", ...keyParameters([key]), from, to: from, limit: 5 };
        const plan = await database.run<string>(`EXPLAIN ${findText(index, keyLength, to)}`, parameters, "explain");
        const lower = next ? ` MoreThanEqual (''|-\\d+)` : "";
        const access = `\\[${["'t'", ...key.map((part) => `'${part}'`)].join(", ")}\\]${lower}`;
        expect(plan).toMatch(
          new RegExp(`IndexScan .*index: ${index}, access: ${access}, direction: Forward, limit: \\$limit`),
        );
        expect(plan).not.toContain("TableScan");
      }
    }
  });

  it("reads ranges of keys without a table scan", async () => {
    const parameters = { table: "chunk", from: ["t", "m"], to: ["t", "m", []], limit: 5 };
    const plan = await database.run<string>(`EXPLAIN ${rangeText(true)}`, parameters, "explain");
    expect(plan).not.toContain("TableScan");
  });

  it.each(Object.keys(KEYS) as TableName[])("has just the columns of %s that the driver writes", async (table) => {
    const info = await database.run<{ fields: object; indexes: object }>(`INFO FOR TABLE ${table}`, {}, "info");
    const derived =
      {
        memory: ["partition", "createdMs", "newest"],
        job: ["newest"],
        relation: ["partition", "objectId"],
        reference: ["targetId"],
      }[table as string] ?? [];
    expect(Object.keys(info.fields).sort()).toEqual(["id", ...Object.keys(COLUMNS[table]), ...derived].sort());
    expect(Object.keys(info.indexes).sort()).toEqual(indexes.filter((index) => INDEXES[index].table === table).sort());
  });
});

describe("migrations", () => {
  const first = { number: 1, name: "one", statements: "DEFINE TABLE one SCHEMAFULL" };
  const second = { number: 2, name: "two", statements: "DEFINE TABLE two SCHEMAFULL" };

  it("are applied once, in order, and recorded", async () => {
    const database = await emptyDatabase();
    await migrate(database, systemClock, [first]);
    await migrate(database, systemClock, [second, first]);
    await migrate(database, systemClock, [first, second]);
    const rows = await database.run<object[]>("SELECT * FROM migration", {}, "reading");
    const row = {
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      appliedAt: expect.any(Date),
      durationMs: expect.any(Number),
      engineVersion: expect.stringContaining("3."),
    };
    expect(rows).toEqual([
      expect.objectContaining({ name: "one", ...row }),
      expect.objectContaining({ name: "two", ...row }),
    ]);
  });

  it("stop the start when an applied one has changed, or a newer release has been here", async () => {
    const database = await emptyDatabase();
    await migrate(database, systemClock, [first, second]);
    const changed = { ...second, statements: `${second.statements} ` };
    await expect(migrate(database, systemClock, [first, changed])).rejects.toMatchObject({ code: "config.migration" });
    await expect(migrate(database, systemClock, [first])).rejects.toMatchObject({ code: "config.version_skew" });
  });

  it("leave nothing behind when a statement fails", async () => {
    const database = await emptyDatabase();
    const broken = { ...second, statements: "DEFINE TABLE two SCHEMAFULL; THROW 'stop'" };
    await expect(migrate(database, systemClock, [first, broken])).rejects.toMatchObject({ name: "NexusError" });
    const { tables } = await database.run<{ tables: object }>("INFO FOR DB", {}, "info");
    expect(Object.keys(tables).sort()).toEqual(["migration", "one"]);
    await migrate(database, systemClock, [first, second]);
  });

  it.each([
    [1, "356011ea07a56b98"],
    [2, "4f53aaaddfca5886"],
  ])("have released texts: number %i keeps its checksum", async (number, expected) => {
    const { statements } = MIGRATIONS[number - 1] ?? {};
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(statements));
    const checksum = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    expect(checksum.slice(0, 16)).toBe(expected);
  });
});
