/**
 * The texts of the reads. What the engine (3.0.2) needs to serve them well, all measured:
 *
 * - `WITH INDEX` always: its planner picks wrong ones. An index on bytes, `IN` on the last column, and `ORDER BY … LIMIT`
 *   are not served from an index at all.
 * - Each part of a key is a parameter of its own: with `a = $k[0]` at the top of a statement the scan stops at LIMIT
 *   before that comparison is made, and rows are missing.
 * - There is always a lower bound, and it comes first: the first comparison alone becomes the scan's access, the other
 *   is made *after* LIMIT has cut. Ascending from a lower bound that is harmless; with the upper bound as access, rows
 *   without a value (`field < $x` matches them too) would use up the limit.
 * - The lower bound is `>=` a least value: `> NONE` lets rows without a value in where the index has a further column.
 * - Only `SELECT *` works on a list of record ids: projected fields fail with "Specify a database to use".
 */

import { INDEXES, type IndexName, NexusError } from "@nexus/core";

import { COLUMNS } from "./columns.ts";

export const GET = "SELECT * FROM $ids";

/** `table` comes from the closed list of core. */
export function rangeText(after: boolean): string {
  return `SELECT * FROM type::record($table, $from${after ? ">" : ""}..$to) LIMIT $limit`;
}

/**
 * Rows of the nth of several index keys, whose parts are bound to `$k{n}_0`, `$k{n}_1` …; `$from` must be bound unless
 * the key has all fields of the index, and `$to` where there is an upper bound.
 */
export function findText(index: IndexName, keyLength: number, to: boolean, nth = 0): string {
  const { table, fields } = INDEXES[index];
  const next = fields[keyLength];
  if (keyLength > fields.length || (next === undefined && to)) {
    throw new NexusError("internal.unexpected", `[nexus/stores] the index ${index} has no field ${keyLength + 1}`);
  }
  const key = fields.slice(0, keyLength).map((field, i) => `${field} = $${partName(nth, i)}`);
  const conditions = ["id[0] = $tenant", ...key];
  if (next !== undefined) conditions.push(`${next} >= $from`);
  if (to) conditions.push(`${next} < $to`);
  return `SELECT * FROM ${table} WITH INDEX ${index} WHERE ${conditions.join(" AND ")} LIMIT $limit`;
}

/** The same for several keys in one statement, and so as of one moment; a list of rows for each (0.05 ms a key). */
export function findEachText(index: IndexName, keyLength: number, to: boolean, keyCount: number): string {
  const each = Array.from({ length: keyCount }, (_, nth) => `(${findText(index, keyLength, to, nth)})`);
  return `RETURN [${each.join(", ")}]`;
}

/** What no value of the index's field after the key is less than. */
export function leastValue(index: IndexName, keyLength: number): string | number {
  const { table, fields } = INDEXES[index];
  const next = fields[keyLength] ?? "";
  return next === "partition" || COLUMNS[table][next] === "text" ? "" : Number.MIN_SAFE_INTEGER;
}

/** The parts of the keys by the names that the texts bind them to. */
export function keyParameters(keys: readonly (readonly (string | number)[])[]): Record<string, string | number> {
  return Object.fromEntries(keys.flatMap((key, nth) => key.map((part, i) => [partName(nth, i), part])));
}

function partName(nth: number, i: number): string {
  return `k${nth}_${i}`;
}
