/**
 * The texts of the reads. What the engine (3.0.2) needs to serve them well, all measured:
 *
 * - `WITH INDEX` always: its planner picks wrong ones. An index on bytes, `IN` on the last column, and `ORDER BY … LIMIT`
 *   are not served from an index at all.
 * - The lower bound comes first: the first comparison alone becomes the scan's access, the other is filtered *after*
 *   LIMIT has cut. Ascending from a lower bound that is harmless; with the upper bound as access, rows without a value
 *   would use up the limit.
 * - `field < $x` also matches rows without a value, hence `field > NONE`.
 * - Only `SELECT *` works on a list of record ids: projected fields fail with "Specify a database to use".
 */

import { INDEXES, type IndexName, NexusError } from "@nexus/core";

export type Bounds = { readonly from: boolean; readonly to: boolean };

export const GET = "SELECT * FROM $ids";

/** `table` comes from the closed list of core. */
export function rangeText(after: boolean): string {
  return `SELECT * FROM type::record($table, $from${after ? ">" : ""}..$to) LIMIT $limit`;
}

/** Rows of one index key `$k`; `keyLength` of the index's fields are given by it. */
export function findText(index: IndexName, keyLength: number, bounds: Bounds): string {
  const { table, fields } = INDEXES[index];
  const next = fields[keyLength];
  if (keyLength > fields.length || (next === undefined && (bounds.from || bounds.to))) {
    throw new NexusError("internal.unexpected", `[nexus/stores] the index ${index} has no field ${keyLength + 1}`);
  }
  const conditions = ["id[0] = $tenant", ...fields.slice(0, keyLength).map((field, i) => `${field} = $k[${i}]`)];
  if (next !== undefined) {
    conditions.push(bounds.from ? `${next} >= $from` : `${next} > NONE`);
    if (bounds.to) conditions.push(`${next} < $to`);
  }
  return `SELECT * FROM ${table} WITH INDEX ${index} WHERE ${conditions.join(" AND ")} LIMIT $limit`;
}

/** The same for a list `$keys`, in one statement and so as of one moment; a list of rows for each. */
export function findEachText(index: IndexName, keyLength: number, bounds: Bounds): string {
  return `RETURN $keys.map(|$k| (${findText(index, keyLength, bounds)}))`;
}
