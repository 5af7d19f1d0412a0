/** Reading memories back as they were stored: one by id, a page, a history. */

import {
  type Filter,
  matches,
  type Memory,
  type MemoryVersion,
  NexusError,
  partitionOf,
  type RecordReader,
  type TenantScope,
} from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import { advance, fromCursor, type Position, toCursor } from "../position.ts";
import type { ListRequest, Page } from "../requests.ts";
import { versionOf } from "./rows.ts";
import { hasExpired, payloadOf } from "../subject.ts";

type ReadDependencies = Pick<Dependencies, "records" | "clock" | "signers">;

/** Rows looked at for one page before it is returned short, so that a rare filter cannot hold a request for minutes. */
const SCAN_LIMIT = 2_000;
const SCAN_STEP = 200;

export async function get(scope: TenantScope, id: string, { records, clock }: ReadDependencies): Promise<Memory> {
  const [memory] = await records.reader(scope).get("memory", [[id]]);
  if (!memory || hasExpired(memory, clock.now())) throw notFound(id);
  return memory;
}

export async function history(scope: TenantScope, id: string, deps: ReadDependencies): Promise<MemoryVersion[]> {
  const memory = await get(scope, id, deps);
  const past = await deps.records.reader(scope).range({ table: "version", prefix: [id], limit: memory.version });
  return [...past, versionOf(memory)];
}

export async function list(
  scope: TenantScope,
  request: ListRequest,
  { records, clock, signers }: ReadDependencies,
): Promise<Page<Memory>> {
  const purpose = `list:${JSON.stringify([request.userId, request.sessionId])}`;
  let position = fromCursor(request.cursor, scope, purpose, signers);
  const reader = records.reader(scope);
  const now = clock.now();
  const items: Memory[] = [];
  for (let scanned = 0; scanned < SCAN_LIMIT;) {
    const rows = await nextRows(reader, request, position);
    scanned += rows.length;
    for (const row of rows) {
      position = advance(position, "memory", row);
      if (isListed(row, request, now)) items.push(row);
      if (items.length === request.limit) return { items, nextCursor: toCursor(position, scope, purpose, signers) };
    }
    if (rows.length < SCAN_STEP) return { items, nextCursor: null };
  }
  return { items, nextCursor: position ? toCursor(position, scope, purpose, signers) : null };
}

/** Memories that match, oldest position last, in steps: for counting and for bulk work. */
export async function* scan(
  reader: RecordReader,
  filter: Filter,
  now: number,
  until: number,
): AsyncGenerator<Memory[]> {
  const scope = { userId: requiredUser(filter) };
  let position: Position | undefined;
  for (let last = false; !last;) {
    const rows: Memory[] = await nextRows(reader, scope, position);
    last = rows.length < SCAN_STEP;
    for (const row of rows) position = advance(position, "memory", row);
    yield rows.filter(
      (row) => row.recordedAt.getTime() <= until && !hasExpired(row, now) && matches(payloadOf(row), filter),
    );
  }
}

export function notFound(id: string): NexusError {
  return new NexusError(
    "memory.not_found",
    `[nexus/memory] there is no memory ${id}; it may have been forgotten or have expired`,
  );
}

/** The user whose memories alone can match, if the filter says so at its top level. */
function requiredUser(filter: Filter): string | undefined {
  if ("all" in filter) return filter.all.map(requiredUser).find((userId) => userId !== undefined);
  if (!("field" in filter) || filter.field !== "userId" || filter.operator !== "eq") return undefined;
  return typeof filter.value === "string" ? filter.value : undefined;
}

async function nextRows(
  reader: RecordReader,
  { userId, sessionId }: Pick<ListRequest, "userId" | "sessionId">,
  position: Position | undefined,
): Promise<Memory[]> {
  const from = position?.newest;
  const limit = SCAN_STEP + (position?.shown.length ?? 0);
  const rows =
    userId === undefined
      ? await reader.find({ index: "memoryByNewest", anyOf: [[]], from, limit })
      : sessionId === undefined
        ? await reader.find({ index: "memoryByUserNewest", anyOf: [[partitionOf(userId)]], from, limit })
        : await reader.find({ index: "memoryBySession", anyOf: [[partitionOf(userId), sessionId]], from, limit });
  return rows.filter(({ id }) => !position?.shown.includes(id));
}

function isListed(row: Memory, { filter, sessionId, includeSuperseded }: ListRequest, now: number): boolean {
  return (
    !hasExpired(row, now) &&
    (includeSuperseded || row.status === "active") &&
    (sessionId === undefined || row.sessionId === sessionId) &&
    matches(payloadOf(row), filter)
  );
}
