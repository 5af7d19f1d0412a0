/** Entities of a user, page by page: most often named first as far as one read can rank them, then in the order of ids. */

import { type Entity, NexusError, partitionOf, type RecordReader, seal, type TenantScope, unseal } from "@nexus/core";
import { nameKey } from "@nexus/text";
import type { EntitiesRequest, EntityPage, GraphDependencies } from "./graph-service.ts";

/** Rows read to rank a page. */
const RANKED = 5_000;
/** Rows looked at for one page beyond those. */
const SCANNED = 5_000;

/** Where a page ended: behind a rank, or, beyond the ranked ones, behind an id. */
type Position = { readonly frequency: number; readonly id: string } | { readonly after: string };

export async function listEntities(
  scope: TenantScope,
  request: EntitiesRequest,
  { records, signers }: GraphDependencies,
): Promise<EntityPage> {
  const partition = partitionOf(request.userId);
  const purpose = `entities:${JSON.stringify([partition, request.type, request.q])}`;
  const position = fromCursor(request.cursor, scope, purpose, signers);
  const reader = records.reader(scope);
  const page =
    position && "after" in position
      ? await pageById(reader, partition, request, position.after)
      : await pageByRank(reader, partition, request, position);
  const { items, next, ranked } = page;
  return { items, ranked, nextCursor: next ? seal(signers[0], scope.tenant, purpose, { ...next }) : null };
}

interface Paged {
  readonly items: readonly Entity[];
  readonly next: Position | undefined;
  readonly ranked: boolean;
}

async function pageByRank(
  reader: RecordReader,
  partition: string,
  request: EntitiesRequest,
  position: Extract<Position, { id: string }> | undefined,
): Promise<Paged> {
  const rows = await reader.range({ table: "entity", prefix: [partition], limit: RANKED + 1 });
  const ranked = rows.length <= RANKED;
  const rest = rows
    .slice(0, RANKED)
    .filter((row) => fits(row, request) && (!position || byFrequency(row, position) > 0))
    .sort(byFrequency);
  const items = rest.slice(0, request.limit);
  const last = items.at(-1);
  if (last && rest.length > items.length) return { items, ranked, next: { frequency: last.frequency, id: last.id } };
  const end = rows[RANKED - 1];
  return { items, ranked, next: ranked || !end ? undefined : { after: end.id } };
}

async function pageById(
  reader: RecordReader,
  partition: string,
  request: EntitiesRequest,
  after: string,
): Promise<Paged> {
  const rows = await reader.range({ table: "entity", prefix: [partition], after: [partition, after], limit: SCANNED });
  const found = rows.filter((row) => fits(row, request));
  const items = found.slice(0, request.limit);
  const last = found.length > items.length ? items.at(-1) : rows.length < SCANNED ? undefined : rows.at(-1);
  return { items, ranked: false, next: last && { after: last.id } };
}

function fits({ type, nameKey: key, aliases }: Entity, request: EntitiesRequest): boolean {
  if (request.type !== undefined && type !== request.type) return false;
  if (request.q === undefined) return true;
  const wanted = nameKey(request.q);
  return key.includes(wanted) || aliases.some((alias) => nameKey(alias).includes(wanted));
}

function byFrequency(a: Pick<Entity, "frequency" | "id">, b: Pick<Entity, "frequency" | "id">): number {
  return b.frequency - a.frequency || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** throws  body.invalid */
function fromCursor(
  cursor: string | undefined,
  { tenant }: TenantScope,
  purpose: string,
  signers: GraphDependencies["signers"],
): Position | undefined {
  if (cursor === undefined) return undefined;
  const position = unseal(signers, tenant, purpose, cursor) as unknown as Position | undefined;
  if (position !== undefined) return position;
  const message = "is not a cursor of this list; leave it out to begin again";
  throw new NexusError("body.invalid", `[nexus/memory] cursor ${message}`, { problems: [{ path: "cursor", message }] });
}
