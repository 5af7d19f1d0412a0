/**
 * All rows of a tenant as of one moment, in pages of one transaction of the engine. Writers are not held up.
 *
 * The engine (3.0.2) ends a scan at a damaged block of its files as if there were no more rows; only reads by key and
 * by index report the damage. So whoever keeps an export must check its counts against the partitions' rows.
 */

import { type ExportedRow, type KeyPart, KEYS, keyOf, type TableName } from "@nexus/core";

import type { Connection } from "./connection.ts";
import { createReader } from "./reader.ts";

/** Rows a page: bounds memory, not the export. */
const PAGE_ROWS = 500;

export async function* exportTenant(connection: Connection, tenant: string): AsyncGenerator<ExportedRow> {
  const snapshot = await connection.snapshot();
  try {
    const reader = createReader(snapshot, tenant);
    for (const table of Object.keys(KEYS) as TableName[]) {
      let after: readonly KeyPart[] | undefined;
      for (;;) {
        const rows = await reader.range({ table, prefix: [], after, limit: PAGE_ROWS });
        for (const row of rows) yield { table, row } as ExportedRow;
        const last = rows.at(-1);
        if (!last || rows.length < PAGE_ROWS) break;
        after = keyOf(table, last);
      }
    }
  } finally {
    await snapshot.end();
  }
}
