/** Rows of core ⇄ records of SurrealDB. A record's id is [tenant, …key], so that no row exists without its tenant. */

import { indexFields, type KeyPart, keyOf, KEYS, NexusError, type TableName, type Tables } from "@nexus/core";
import { DateTime, RecordId } from "surrealdb";

import { COLUMNS, type ColumnType } from "./columns.ts";

export type StoredRecord = Readonly<Record<string, unknown>> & { readonly id: RecordId };

/** A row ready for the engine. `bytes` is an estimate, for bounding a commit. */
export interface EncodedRow {
  readonly key: readonly KeyPart[];
  readonly content: Record<string, unknown>;
  readonly bytes: number;
}

export function recordId(table: TableName, tenant: string, key: readonly KeyPart[]): RecordId {
  return new RecordId(table, [tenant, ...key]);
}

/** throws  `internal.unexpected` for a value that the engine would not give back as it is: a lone surrogate, a wrong type. */
export function encodeRow<T extends TableName>(table: T, row: Tables[T]): EncodedRow {
  const key = keyOf(table, row);
  for (const part of key) {
    if (typeof part === "string" ? !part.isWellFormed() : !Number.isSafeInteger(part)) refuse(table, "its key");
  }
  const content: Record<string, unknown> = {};
  let bytes = 64;
  for (const [name, type] of Object.entries(COLUMNS[table])) {
    const value = (row as unknown as Record<string, unknown>)[name];
    if (value === undefined) continue;
    const encoded = encodeValue(type, value) ?? refuse(table, name);
    content[name] = encoded;
    bytes += typeof encoded === "string" ? encoded.length : encoded instanceof Uint8Array ? encoded.byteLength : 8;
  }
  return { key, content: Object.assign(content, indexFields(table, row)), bytes };
}

/** throws  `store.corrupt` when the record belongs to another tenant than the one that asked: the last of several guards. */
export function decodeRow<T extends TableName>(table: T, tenant: string, record: StoredRecord): Tables[T] {
  const [owner, ...key] = record.id.id as [string, ...KeyPart[]];
  if (owner !== tenant) {
    throw new NexusError("store.corrupt", `[nexus/stores:surreal] a ${table} row of another tenant came back`);
  }
  const row: Record<string, unknown> = {};
  for (const [i, field] of KEYS[table].entries()) row[field] = key[i];
  for (const [name, type] of Object.entries(COLUMNS[table])) {
    const value = record[name];
    if (value !== undefined && value !== null) row[name] = decodeValue(type, value);
  }
  return row as unknown as Tables[T];
}

/** undefined for a value that does not fit its column. */
function encodeValue(type: ColumnType, value: unknown): unknown {
  switch (type) {
    case "text":
      return typeof value === "string" && value.isWellFormed() ? value : undefined;
    case "int":
      return Number.isSafeInteger(value) ? value : undefined;
    case "number":
      return Number.isFinite(value) ? value : undefined;
    case "date":
      return value instanceof Date && !Number.isNaN(value.getTime()) ? encodeDate(value) : undefined;
    case "instant":
      return value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : undefined;
    case "bytes":
      return value instanceof Uint8Array ? value : undefined;
    case "json":
      return JSON.stringify(value);
    default:
      return undefined;
  }
}

function decodeValue(type: ColumnType, value: unknown): unknown {
  if (type === "json") return JSON.parse(value as string);
  if (type === "instant") return new Date(value as number);
  if (type === "bytes") return new Uint8Array(value as ArrayBuffer);
  return value;
}

/** The client cannot encode a `Date` before 1970 whose milliseconds are not a whole second, so seconds and nanoseconds are split here. */
export function encodeDate(date: Date): DateTime {
  const seconds = Math.floor(date.getTime() / 1_000);
  return new DateTime([seconds, (date.getTime() - seconds * 1_000) * 1_000_000]);
}

function refuse(table: TableName, field: string): never {
  throw new NexusError(
    "internal.unexpected",
    `[nexus/stores:surreal] a ${table} row cannot be stored: ${field} has the wrong type or is not valid Unicode`,
  );
}
