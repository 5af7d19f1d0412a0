/** One entity with what is said of it. */

import {
  type Entity,
  type EntityType,
  NexusError,
  partitionOf,
  type RecordReader,
  type TenantScope,
} from "@nexus/core";
import { entityId } from "../remember/name-id.ts";
import { companionsOf, memoriesNaming } from "./companions.ts";
import type { EntityView, GraphDependencies } from "./graph-service.ts";
import { relationsOf } from "./relations.ts";

const MAX_MEMORIES = 200;
const MAX_COMPANIONS = 50;
const MAX_IDS = 10;
const TYPES: readonly EntityType[] = ["person", "organization", "location", "technical", "concept", "tag"];

export async function entityOf(
  scope: TenantScope,
  userId: string | undefined,
  id: string,
  deps: GraphDependencies,
): Promise<EntityView> {
  const reader = deps.records.reader(scope);
  const [entity] = await reader.get("entity", [[partitionOf(userId), id]]);
  if (!entity) throw entityNotFound();
  const memories = await memoriesNaming(scope, entity, MAX_MEMORIES, deps);
  const [relations, companions] = await Promise.all([
    relationsOf(reader, entity, deps.clock.now()),
    companionsOf(scope, entity, memories, deps),
  ]);
  return {
    entity,
    relations,
    companions: companions.slice(0, MAX_COMPANIONS),
    memoryIds: memories.slice(0, MAX_IDS).map((memory) => memory.id),
  };
}

/** The entity of this id or, of those that bear the name, the one named most often. throws entity.not_found */
export async function resolveEntity(
  reader: RecordReader,
  userId: string | undefined,
  idOrName: string,
): Promise<Entity> {
  const partition = partitionOf(userId);
  const ids = [idOrName, ...TYPES.map((type) => entityId(partition, type, idOrName))];
  const rows = await reader.get(
    "entity",
    ids.map((id) => [partition, id]),
  );
  const [byId, ...byName] = rows;
  const found = byId ?? byName.filter((row) => row !== undefined).sort((a, b) => b.frequency - a.frequency)[0];
  if (!found) throw entityNotFound();
  return found;
}

function entityNotFound(): NexusError {
  return new NexusError(
    "entity.not_found",
    "[nexus/memory] no memory of this user names such an entity; GET /api/entities lists those that there are",
  );
}
