/** Writes a group's buffers as one transaction of the engine: bound parameters only, the text depends on nothing but which parts there are. */

import type { TableName } from "@nexus/core";
import { RecordId } from "surrealdb";

import { encodeDate, recordId } from "./codec.ts";
import type { Statements } from "./connection.ts";
import type { GroupBuffer } from "./group.ts";

/**
 * Removals first, then replacements (those without an externalId first), then insertions, so that an externalId which
 * one memory gives up is free for another.
 * A row known to be new is inserted (100 memories 9 ms; upserted 12 ms); a change row always is, and a sequence used
 * twice fails instead of hiding the earlier change.
 */
export async function commitGroup(
  statements: Statements,
  buffer: GroupBuffer,
  newTenants: readonly string[],
  now: Date,
): Promise<void> {
  const removed: RecordId[] = [];
  const replaced: [RecordId, Record<string, unknown>][] = [];
  const inserted = new Map<TableName, Record<string, unknown>[]>();
  for (const [tenant, { writes, durable }] of buffer) {
    for (const [text, { table, key, content }] of writes.all()) {
      const id = recordId(table, tenant, key);
      if (!content) removed.push(id);
      else if (table === "change" || (durable.has(text) && durable.get(text) === undefined)) {
        const rows = inserted.get(table) ?? [];
        rows.push({ id, ...content });
        inserted.set(table, rows);
      } else if (content["externalId"] === undefined) replaced.unshift([id, content]);
      else replaced.push([id, content]);
    }
  }
  const parameters: Record<string, unknown> = {};
  const texts: string[] = [];
  const add = (name: string, rows: readonly unknown[], text: string): void => {
    if (rows.length === 0) return;
    parameters[name] = rows;
    texts.push(text);
  };
  add("removed", removed, "DELETE $removed RETURN NONE");
  add("replaced", replaced, "FOR $row IN $replaced { UPSERT $row[0] CONTENT $row[1] RETURN NONE }");
  for (const [table, rows] of inserted) add(table, rows, `INSERT INTO ${table} $${table} RETURN NONE`);
  if (texts.length === 0) return;
  const tenants = newTenants.map((tenant) => ({ id: new RecordId("tenant", [tenant]), createdAt: encodeDate(now) }));
  add("tenants", tenants, "INSERT IGNORE INTO tenant $tenants RETURN NONE");
  await statements.run(`BEGIN; ${texts.join("; ")}; COMMIT;`, parameters, "writing a transaction");
}
