/** The surroundings of an entity: what it relates to and is named with, one or two steps away. */

import type { Entity, TenantScope } from "@nexus/core";
import { companionsOf, memoriesNaming } from "./companions.ts";
import { resolveEntity } from "./entity.ts";
import type { Graph, GraphDependencies, GraphEdge, GraphRequest } from "./graph-service.ts";
import { relationsOf } from "./relations.ts";

/** Memories looked at of the entity asked for, and of each one step away. */
const MEMORIES_BY_STEP = [200, 50];
/** Entities one step away that are looked around from. */
const EXPANDED = 12;

export async function graphOf(scope: TenantScope, request: GraphRequest, deps: GraphDependencies): Promise<Graph> {
  const reader = deps.records.reader(scope);
  const centre = await resolveEntity(reader, request.userId, request.entity);
  const nodes = new Map([[centre.id, centre]]);
  const edges = new Map<string, GraphEdge>();
  let frontier: readonly Entity[] = [centre];
  for (const most of MEMORIES_BY_STEP.slice(0, request.depth)) {
    const linked = await Promise.all(frontier.slice(0, EXPANDED).map((entity) => linksOf(scope, entity, most, deps)));
    const links = linked.flatMap((one) => one.edges).sort((a, b) => b.strength - a.strength);
    const known = new Map(linked.flatMap((one) => one.ends.map((entity) => [entity.id, entity] as const)));
    const next: Entity[] = [];
    for (const edge of links) {
      const key = keyOf(edge);
      if (!edges.has(key)) edges.set(key, edge);
      for (const id of [edge.from, edge.to]) {
        const entity = known.get(id);
        if (!entity || nodes.has(id) || nodes.size >= request.limit) continue;
        nodes.set(id, entity);
        next.push(entity);
      }
    }
    frontier = next;
  }
  const isDrawn = ({ from, to }: GraphEdge): boolean => nodes.has(from) && nodes.has(to);
  return { nodes: [...nodes.values()], edges: [...edges.values()].filter(isDrawn) };
}

interface Links {
  readonly edges: readonly GraphEdge[];
  /** The entities at their other ends. */
  readonly ends: readonly Entity[];
}

async function linksOf(scope: TenantScope, entity: Entity, most: number, deps: GraphDependencies): Promise<Links> {
  const reader = deps.records.reader(scope);
  const [relations, companions] = await Promise.all([
    relationsOf(reader, entity, deps.clock.now()),
    memoriesNaming(scope, entity, most, deps).then((memories) => companionsOf(scope, entity, memories, deps)),
  ]);
  const related = [...new Set(relations.flatMap(({ from, to }) => [from.id, to.id]))];
  const rows = await reader.get(
    "entity",
    related.map((id) => [entity.partition, id]),
  );
  return {
    edges: [
      ...relations.map(({ type, from, to, strength, validFrom, validTo, memoryIds }) => ({
        from: from.id,
        to: to.id,
        type,
        strength,
        validFrom,
        validTo,
        memoryIds,
      })),
      ...companions.map(({ entity: { id }, strength, memoryIds }) => ({
        from: entity.id,
        to: id,
        type: "coOccurs",
        strength,
        memoryIds,
      })),
    ],
    ends: [...companions.map((one) => one.entity), ...rows.filter((row) => row !== undefined)],
  };
}

/** Being named together has no direction; relations of the same kind may hold at different times. */
function keyOf({ from, to, type, validFrom }: GraphEdge): string {
  const ends = type === "coOccurs" && to < from ? [to, from] : [from, to];
  return [...ends, type, validFrom?.getTime() ?? ""].join("\0");
}
