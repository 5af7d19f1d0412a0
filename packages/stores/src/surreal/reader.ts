/** Reads of what is durable, for one tenant. */

import {
  type FindQuery,
  type IndexedTable,
  INDEXES,
  type IndexName,
  type IndexValue,
  type KeyPart,
  NexusError,
  type RangeQuery,
  type RecordReader,
  type TableName,
  type Tables,
} from "@nexus/core";

import { decodeRow, recordId, type StoredRecord } from "./codec.ts";
import type { Statements } from "./connection.ts";
import { compareKeys, keyText } from "./order.ts";
import { findEachText, GET, keyParameters, leastValue, rangeText } from "./queries.ts";

export function createReader(statements: Statements, tenant: string): RecordReader {
  return {
    async get<T extends TableName>(table: T, keys: readonly (readonly KeyPart[])[]) {
      if (keys.length === 0) return [];
      const ids = keys.map((key) => recordId(table, tenant, key));
      const records = await statements.run<StoredRecord[]>(GET, { ids }, `reading ${table} rows by key`);
      // Absent rows are left out of the answer, so it is joined by key and not by position.
      const byKey = new Map(records.map((record) => [keyText((record.id.id as KeyPart[]).slice(1)), record]));
      return keys.map((key) => {
        const record = byKey.get(keyText(key));
        return record && decodeRow(table, tenant, record);
      });
    },

    async find<I extends IndexName>(query: FindQuery<I>): Promise<Tables[IndexedTable<I>][]> {
      const { table } = INDEXES[query.index];
      const keys = distinct(query.anyOf);
      const [first] = keys;
      if (!first || query.limit <= 0) return [];
      const from = query.from ?? leastValue(query.index, first.length);
      const parameters = {
        tenant,
        ...keyParameters(keys.map((key) => key.map(encodeIndexValue))),
        from: encodeIndexValue(from),
        to: query.to === undefined ? undefined : encodeIndexValue(query.to),
        limit: query.limit,
      };
      const text = findEachText(query.index, first.length, query.to !== undefined, keys.length);
      const found = await statements.run<StoredRecord[][]>(text, parameters, `finding rows by ${query.index}`);
      return found
        .flat()
        .slice(0, query.limit)
        .map((record) => decodeRow(table as IndexedTable<I>, tenant, record));
    },

    async range<T extends TableName>(query: RangeQuery<T>): Promise<Tables[T][]> {
      const after = query.after && compareKeys(query.after, query.prefix) >= 0 ? query.after : undefined;
      // An empty array is greater than any text or number: the end of all keys that begin with the prefix.
      const to = [tenant, ...query.prefix, []];
      const parameters = { table: query.table, from: [tenant, ...(after ?? query.prefix)], to, limit: query.limit };
      if (query.limit <= 0) return [];
      const text = rangeText(after !== undefined);
      const records = await statements.run<StoredRecord[]>(text, parameters, `reading a range of ${query.table}`);
      return records.map((record) => decodeRow(query.table, tenant, record));
    },
  };
}

/**
 * Index keys without repetitions: a row must not come back twice.
 *
 * throws  `internal.unexpected` for keys of different lengths, which one statement cannot serve
 */
export function distinct(keys: readonly (readonly IndexValue[])[]): (readonly IndexValue[])[] {
  if (keys.some((key) => key.length !== keys[0]?.length)) {
    throw new NexusError("internal.unexpected", "[nexus/stores] the index keys of one query differ in length");
  }
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}

/** Indexed dates are columns of type `instant`. */
function encodeIndexValue(value: IndexValue): string | number {
  return value instanceof Date ? value.getTime() : value;
}
