/** A memory as mem0 exports and lists it. */

import { isUuid } from "@nexus/core";

type Row = Readonly<Record<string, unknown>>;

/** source  mem0's OpenAPI document: GET /v1/memories/, POST /v2/memories/; `run_id` is called `session_id` in some answers */
export function importedMem0(row: Row): Record<string, unknown> {
  return {
    content: row["memory"],
    ...idOf(row["id"]),
    userId: row["user_id"],
    agentId: row["agent_id"],
    sessionId: row["run_id"] ?? row["session_id"],
    speaker: row["actor_id"] ?? row["role"],
    createdAt: isoTime(row["created_at"]),
    expiresAt: isoTime(row["expiration_date"]),
    metadata: withKept(row["metadata"], { categories: row["categories"], app_id: row["app_id"] }),
  };
}

export function idOf(id: unknown): { id?: string } {
  return typeof id === "string" && isUuid(id) ? { id } : {};
}

/** Python prints a space between date and time, and some exports a time without seconds. */
export function isoTime(value: unknown): unknown {
  return typeof value === "string"
    ? value
        .trim()
        .replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, "$1T")
        .replace(/ (?=[+-]\d)/, "")
    : value;
}

/** Metadata with fields that have no place of their own, where they say something. */
export function withKept(metadata: unknown, kept: Record<string, unknown>): unknown {
  const said = Object.entries(kept).filter(
    ([, value]) =>
      value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0),
  );
  if (metadata === undefined || metadata === null) return Object.fromEntries(said);
  // The row's own metadata win; what is no object is refused with the rest of the row.
  return typeof metadata === "object" && !Array.isArray(metadata)
    ? { ...Object.fromEntries(said), ...metadata }
    : metadata;
}
