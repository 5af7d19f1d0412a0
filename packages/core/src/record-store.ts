/** The port of the system of record. */

import type { ChangeOp } from "./memory.ts";
import type { PartitionSeq } from "./partition.ts";
import type { TenantScope } from "./scope.ts";
import type { IndexedTable, IndexName, IndexValue, KeyPart, TableName, Tables } from "./tables.ts";

/** Rows by an index: the first fields equal one of the `anyOf` keys, the field after them is ≥ `from` and < `to`. Ascending by that field within each key. */
export interface FindQuery<I extends IndexName> {
  readonly index: I;
  readonly anyOf: readonly (readonly IndexValue[])[];
  readonly from?: IndexValue | undefined;
  readonly to?: IndexValue | undefined;
  /** Rows returned at most. */
  readonly limit: number;
}

/** Rows whose key begins with `prefix`, in key order, beginning behind the key `after`. */
export interface RangeQuery<T extends TableName> {
  readonly table: T;
  readonly prefix: readonly KeyPart[];
  readonly after?: readonly KeyPart[] | undefined;
  readonly limit: number;
}

export interface RecordReader {
  /** Rows by key, in the order asked; absent ones are undefined. */
  get<T extends TableName>(table: T, keys: readonly (readonly KeyPart[])[]): Promise<(Tables[T] | undefined)[]>;
  find<I extends IndexName>(query: FindQuery<I>): Promise<Tables[IndexedTable<I>][]>;
  range<T extends TableName>(query: RangeQuery<T>): Promise<Tables[T][]>;
}

/** What a change row says, and by how many memories it changes the partition's count. */
export interface ChangeInput {
  readonly op: ChangeOp;
  readonly memoryId: string;
  readonly version: number;
  readonly memories: -1 | 0 | 1;
}

/** Reads and buffered writes of one transaction; its reads see its own writes. */
export interface RecordTx extends RecordReader {
  put<T extends TableName>(table: T, row: Tables[T]): void;
  remove(table: TableName, key: readonly KeyPart[]): void;
  /** Takes the next sequence of a partition that the transaction named, and writes the change row under it; the transaction's outbox entry will name the memory. */
  change(partition: string, change: ChangeInput): number;
}

export interface Transacted<T> {
  readonly value: T;
  /** The partitions that this transaction changed, with their sequences after it. */
  readonly seqs: readonly PartitionSeq[];
}

/** A row as `export` streams it. */
export type ExportedRow = { [T in TableName]: { readonly table: T; readonly row: Tables[T] } }[TableName];

/**
 * The system of record.
 *
 * Writers of one partition are serial: `work` sees all that earlier transactions of that partition wrote.
 * It may run again from the start when a commit collides, so it must act through `tx` alone. A `work` that
 * throws leaves nothing behind. `transact` resolves only once its writes are on disk.
 */
export interface RecordStore {
  transact<T>(
    scope: TenantScope,
    partitions: readonly string[],
    work: (tx: RecordTx) => Promise<T>,
  ): Promise<Transacted<T>>;
  reader(scope: TenantScope): RecordReader;
  /** Every row of the tenant as of one moment. */
  export(scope: TenantScope): AsyncIterable<ExportedRow>;
  /** Every tenant that has ever written, for maintenance. */
  tenants(): Promise<string[]>;
  /** Rewrites the store's files: rows removed or replaced before are in none of them afterwards, unless an export was under way. Cost: that of reading and writing what changed since the last time. */
  compact(): Promise<void>;
  close(): Promise<void>;
}
