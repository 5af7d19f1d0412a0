/** A message or a fact as Zep lists it. */

import { idOf, isoTime, withKept } from "./import-mem0.ts";

type Row = Readonly<Record<string, unknown>>;

export function isZep(row: Row): boolean {
  return typeof row["uuid"] === "string" && (typeof row["fact"] === "string" || typeof row["content"] === "string");
}

export function importedZep(row: Row): Record<string, unknown> {
  const shared = {
    ...idOf(row["uuid"]),
    userId: row["user_id"],
    sessionId: row["session_id"] ?? row["thread_id"],
    createdAt: isoTime(row["created_at"]),
  };
  return typeof row["fact"] === "string" ? { ...shared, ...factOf(row) } : { ...shared, ...messageOf(row) };
}

/** `role` is the speaker's name where `role_type` says user or assistant. */
function messageOf(row: Row): Record<string, unknown> {
  const { content, name, role, role_type: roleType, metadata } = row;
  return { content, speaker: name ?? role ?? roleType, metadata: withKept(metadata, { role: roleType ?? role }) };
}

/** A fact that ceased to hold has `invalid_at`; one that was only found to be wrong has `expired_at` alone. */
function factOf(row: Row): Record<string, unknown> {
  return {
    content: row["fact"],
    validFrom: isoTime(row["valid_at"]),
    validTo: isoTime(row["invalid_at"] ?? row["expired_at"]),
    metadata: withKept(row["attributes"] ?? row["metadata"], { relation: row["name"] }),
  };
}
