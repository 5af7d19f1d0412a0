/** Writes that are not yet on disk, and reads that look through them: first one's own, then those of the group, then the disk. */

import {
  type FindQuery,
  type IndexedTable,
  INDEXES,
  indexFields,
  type IndexName,
  type IndexValue,
  type KeyPart,
  keyOf,
  type RangeQuery,
  type RecordReader,
  type TableName,
  type Tables,
} from "@nexus/core";

import { beginsWith, compareKeys, compareValues, keyText } from "./order.ts";
import { distinct } from "./reader.ts";
import type { Write, Writes } from "./writes.ts";

/** `durable` holds, besides, what reads by key found on disk: during a group nothing there changes. */
export interface Layers {
  readonly own: Writes;
  readonly group: Writes;
  readonly durable: Map<string, Tables[TableName] | undefined>;
}

export function overlayReader(disk: RecordReader, layers: Layers): RecordReader {
  const { own, group, durable } = layers;
  return {
    async get<T extends TableName>(table: T, keys: readonly (readonly KeyPart[])[]) {
      const texts = keys.map((key) => keyText([table, ...key]));
      const unknown = texts.flatMap((text, i) => (own.has(text) || group.has(text) || durable.has(text) ? [] : [i]));
      const fetched = await disk.get(
        table,
        unknown.map((i) => keys[i] ?? []),
      );
      for (const [n, i] of unknown.entries()) durable.set(texts[i] ?? "", fetched[n]);
      return texts.map((text) => {
        const write = own.get(text) ?? group.get(text);
        return (write ? write.row : durable.get(text)) as Tables[T] | undefined;
      });
    },

    async find<I extends IndexName>(query: FindQuery<I>): Promise<Tables[IndexedTable<I>][]> {
      type Row = Tables[IndexedTable<I>];
      const table = INDEXES[query.index].table as IndexedTable<I>;
      const touched = writesOf(table, own, group);
      if (touched.size === 0) return await disk.find(query);
      const found = await disk.find({ ...query, limit: query.limit + touched.size });
      const rows = merge(table, found, touched).map((row) => ({
        row,
        key: keyOf(table, row as Row),
        values: indexValues(query.index, row),
      }));
      return distinct(query.anyOf)
        .flatMap((key) =>
          rows
            .filter(({ values }) => fits(values, key, query))
            .sort((a, b) => compareFrom(key.length, a.values, b.values) || compareKeys(a.key, b.key)),
        )
        .slice(0, query.limit)
        .map(({ row }) => row as Row);
    },

    async range<T extends TableName>(query: RangeQuery<T>): Promise<Tables[T][]> {
      const { table, prefix, after } = query;
      const touched = writesOf(table, own, group);
      if (touched.size === 0) return await disk.range(query);
      const found = await disk.range({ ...query, limit: query.limit + touched.size });
      return merge(table, found, touched)
        .map((row) => ({ row, key: keyOf(table, row as Tables[T]) }))
        .filter(({ key }) => beginsWith(key, prefix) && (!after || compareKeys(key, after) > 0))
        .sort((a, b) => compareKeys(a.key, b.key))
        .slice(0, query.limit)
        .map(({ row }) => row as Tables[T]);
    },
  };
}

/** The writes to one table, by key; one's own hide the group's. */
function writesOf(table: TableName, own: Writes, group: Writes): Map<string, Write> {
  const touched = new Map<string, Write>();
  for (const layer of [group, own]) {
    for (const [text, write] of layer.of(table)) touched.set(text, write);
  }
  return touched;
}

/** The rows found on disk that no write has touched, and the rows written. */
function merge(
  table: TableName,
  found: readonly Tables[TableName][],
  touched: Map<string, Write>,
): Tables[TableName][] {
  const untouched = found.filter((row) => !touched.has(keyText([table, ...keyOf(table, row)])));
  return [...untouched, ...[...touched.values()].flatMap(({ row }) => (row === undefined ? [] : [row]))];
}

type Values = readonly (IndexValue | undefined)[];

function indexValues(index: IndexName, row: Tables[TableName]): Values {
  const { table, fields } = INDEXES[index];
  const columns = { ...row, ...indexFields(table, row as Tables[typeof table]) } as Record<string, IndexValue>;
  return fields.map((field) => columns[field]);
}

/** A row without a value for the field after the key is not in the index. */
function fits(values: Values, key: readonly IndexValue[], { from, to }: FindQuery<IndexName>): boolean {
  if (key.some((part, i) => values[i] === undefined || compareValues(values[i], part) !== 0)) return false;
  if (key.length >= values.length) return true;
  const next = values[key.length];
  if (next === undefined || (from !== undefined && compareValues(next, from) < 0)) return false;
  return to === undefined || compareValues(next, to) < 0;
}

function compareFrom(start: number, a: Values, b: Values): number {
  for (let i = start; i < a.length; i++) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return 0;
}
