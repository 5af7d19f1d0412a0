/** A buffer of writes, the last one to a key winning. */

import type { KeyPart, TableName, Tables } from "@nexus/core";

import { encodeRow } from "./codec.ts";
import { keyText } from "./order.ts";

/** `row` and `content` are undefined for a removal. */
export interface Write {
  readonly table: TableName;
  readonly key: readonly KeyPart[];
  readonly row: Tables[TableName] | undefined;
  readonly content: Record<string, unknown> | undefined;
  readonly bytes: number;
}

/** Keyed by `keyText([table, …key])`. */
export interface Writes {
  readonly size: number;
  /** Estimate of what the writes hold. */
  readonly bytes: number;
  put<T extends TableName>(table: T, row: Tables[T]): void;
  remove(table: TableName, key: readonly KeyPart[]): void;
  has(text: string): boolean;
  get(text: string): Write | undefined;
  of(table: TableName): ReadonlyMap<string, Write>;
  all(): Iterable<readonly [string, Write]>;
  /** Takes over all writes of another buffer, which come after these. */
  take(later: Writes): void;
}

export function createWrites(): Writes {
  const all = new Map<string, Write>();
  const tables = new Map<TableName, Map<string, Write>>();
  let bytes = 0;
  const set = (text: string, write: Write): void => {
    bytes += write.bytes - (all.get(text)?.bytes ?? 0);
    // Deleted first, so that writes stay in the order in which they were made.
    all.delete(text);
    all.set(text, write);
    const table = tables.get(write.table) ?? new Map<string, Write>();
    tables.set(write.table, table.set(text, write));
  };
  return {
    get size() {
      return all.size;
    },
    get bytes() {
      return bytes;
    },
    put(table, row) {
      const encoded = encodeRow(table, row);
      set(keyText([table, ...encoded.key]), { table, row, ...encoded });
    },
    remove(table, key) {
      set(keyText([table, ...key]), { table, key, row: undefined, content: undefined, bytes: 64 });
    },
    has: (text) => all.has(text),
    get: (text) => all.get(text),
    of: (table) => tables.get(table) ?? new Map<string, Write>(),
    all: () => all,
    take(later) {
      for (const [text, write] of later.all()) set(text, write);
    },
  };
}
