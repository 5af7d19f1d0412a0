/** Reads a table to its end, page by page, while rows of it are being removed. */

import { type KeyPart, keyOf, type Memory, type RecordReader, type TableName, type Tables } from "@nexus/core";
import { advance, type Position } from "../position.ts";

const ROWS = 500;

/** Rows whose key begins with `prefix`, behind the key `from`. */
export async function* pagesOf<T extends TableName>(
  reader: RecordReader,
  table: T,
  prefix: readonly KeyPart[] = [],
  from?: readonly KeyPart[],
): AsyncGenerator<Tables[T][]> {
  let after = from;
  for (;;) {
    const rows: Tables[T][] = await reader.range({ table, prefix, after, limit: ROWS });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < ROWS) return;
    after = keyOf(table, last);
  }
}

/** A user's memories, newest first, expired and superseded ones too. */
export async function* memoriesOf(reader: RecordReader, partition: string): AsyncGenerator<Memory[]> {
  let position: Position | undefined;
  for (;;) {
    const shown = position?.shown ?? [];
    const limit = ROWS + shown.length;
    const rows = await reader.find({
      index: "memoryByUserNewest",
      anyOf: [[partition]],
      from: position?.newest,
      limit,
    });
    const fresh = rows.filter(({ id }) => !shown.includes(id));
    for (const row of fresh) position = advance(position, "memory", row);
    if (fresh.length > 0) yield fresh;
    // What was shown may have been removed since: only an empty page is the end.
    if (fresh.length === 0) return;
  }
}

/** Ids of memories that the partition's changes name and that are no more. Cost: reads the user's changes. */
export async function goneOf(reader: RecordReader, partition: string): Promise<Set<string>> {
  const gone = new Set<string>();
  for await (const changes of pagesOf(reader, "change", [partition])) {
    const ids = [...new Set(changes.filter(({ op }) => op !== "erased").map(({ memoryId }) => memoryId))];
    const rows = await reader.get(
      "memory",
      ids.map((id) => [id]),
    );
    ids.forEach((id, i) => {
      if (!rows[i]) gone.add(id);
    });
  }
  return gone;
}

export function* inSteps<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let step: T[] = [];
  for (const item of items) {
    step.push(item);
    if (step.length < size) continue;
    yield step;
    step = [];
  }
  if (step.length > 0) yield step;
}
