/** Reads all that a tenant or one of its users has, page by page. */

import {
  equals,
  EVERYTHING,
  type KeyPart,
  keyOf,
  partitionOf,
  type RecordReader,
  type TableName,
  type Tables,
  type TenantScope,
} from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import { scan } from "../remember/read.ts";
import type { ExportItem } from "./transfer-service.ts";

const PAGE = 200;

/** Memories newest first, then what was made of them. */
export async function* exportItems(
  scope: TenantScope,
  { userId }: { readonly userId?: string | undefined },
  { records, clock }: Pick<Dependencies, "records" | "clock">,
): AsyncGenerator<ExportItem, void, undefined> {
  const reader = records.reader(scope);
  const now = clock.now();
  const filter = userId === undefined ? EVERYTHING : equals("userId", userId);
  for await (const memories of scan(reader, filter, now, now)) {
    for (const row of memories) yield { kind: "memory", row };
  }
  const partition = userId === undefined ? undefined : partitionOf(userId);
  const prefix = partition === undefined ? [] : [partition];
  for await (const row of rowsOf(reader, "entity", prefix)) yield { kind: "entity", row };
  for await (const row of rowsOf(reader, "relation", prefix)) yield { kind: "relation", row };
  // Keyed by memory: those of one user lie among those of all.
  for await (const row of rowsOf(reader, "reference", [])) {
    if (partition === undefined || row.partition === partition) yield { kind: "reference", row };
  }
  for await (const row of rowsOf(reader, "feedback", prefix)) yield { kind: "feedback", row };
}

async function* rowsOf<T extends TableName>(
  reader: RecordReader,
  table: T,
  prefix: readonly KeyPart[],
): AsyncGenerator<Tables[T], void, undefined> {
  let after: KeyPart[] | undefined;
  for (;;) {
    const rows: Tables[T][] = await reader.range({ table, prefix, after, limit: PAGE });
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = keyOf(table, last);
  }
}
