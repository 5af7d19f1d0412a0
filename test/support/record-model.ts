/** What a record store should answer, told by filtering and sorting plain arrays: slow, and too simple to be wrong in the driver's way. */

import { Buffer } from "node:buffer";

import {
  type FindQuery,
  INDEXES,
  indexFields,
  type IndexName,
  type IndexValue,
  type KeyPart,
  keyOf,
  type RangeQuery,
  type TableName,
  type Tables,
} from "@nexus/core";

type Row = Tables[TableName];
type Column = IndexValue | undefined;

export class RecordModel {
  #rows = new Map<string, { table: TableName; row: Row }>();

  put(table: TableName, row: Row): void {
    this.#rows.set(name(table, keyOf(table, row)), { table, row });
  }

  remove(table: TableName, key: readonly KeyPart[]): void {
    this.#rows.delete(name(table, key));
  }

  get(table: TableName, keys: readonly (readonly KeyPart[])[]): (Row | undefined)[] {
    return keys.map((key) => this.#rows.get(name(table, key))?.row);
  }

  find({ index, anyOf, from, to, limit }: FindQuery<IndexName>): Row[] {
    const { table, fields } = INDEXES[index];
    const found: Row[] = [];
    for (const key of anyOf) {
      const matching = this.#of(table).filter((row) => {
        const values = columns(table, row, fields);
        if (key.some((part, i) => values[i] === undefined || order(values[i], part) !== 0)) return false;
        if (key.length === fields.length) return true;
        const next = values[key.length];
        if (next === undefined) return false;
        return (from === undefined || order(next, from) >= 0) && (to === undefined || order(next, to) < 0);
      });
      matching.sort((a, b) => {
        const left = [...columns(table, a, fields).slice(key.length), ...keyOf(table, a as never)];
        const right = [...columns(table, b, fields).slice(key.length), ...keyOf(table, b as never)];
        return orderAll(left, right);
      });
      found.push(...matching);
    }
    return found.slice(0, limit);
  }

  range({ table, prefix, after, limit }: RangeQuery<TableName>): Row[] {
    return this.#of(table)
      .filter((row) => prefix.every((part, i) => keyOf(table, row)[i] === part))
      .filter((row) => !after || orderAll(keyOf(table, row), after) > 0)
      .slice(0, limit);
  }

  /** Every row, table by table in key order. */
  all(tables: readonly TableName[]): { table: TableName; row: Row }[] {
    return tables.flatMap((table) => this.#of(table).map((row) => ({ table, row })));
  }

  copy(): RecordModel {
    const copy = new RecordModel();
    copy.#rows = new Map(this.#rows);
    return copy;
  }

  #of(table: TableName): Row[] {
    const rows = [...this.#rows.values()].filter((entry) => entry.table === table).map(({ row }) => row);
    return rows.sort((a, b) => orderAll(keyOf(table, a), keyOf(table, b)));
  }
}

function name(table: TableName, key: readonly KeyPart[]): string {
  return JSON.stringify([table, ...key]);
}

function columns(table: TableName, row: Row, fields: readonly string[]): Column[] {
  const all = { ...row, ...indexFields(table, row) } as unknown as Record<string, IndexValue>;
  return fields.map((field) => all[field]);
}

function orderAll(a: readonly Column[], b: readonly Column[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const compared = order(a[i], b[i]);
    if (compared !== 0) return compared;
  }
  return a.length - b.length;
}

function order(a: Column, b: Column): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (typeof a === "string") return Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
  return Math.sign(Number(a) - Number(b));
}
