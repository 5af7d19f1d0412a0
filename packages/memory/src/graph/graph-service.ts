/** What callers ask of the graph: entities, what is said of them, and what surrounds them. */

import type { Entity, EntityType, TenantScope } from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import { entityOf } from "./entity.ts";
import { graphOf } from "./graph.ts";
import { listEntities } from "./list-entities.ts";

export type GraphDependencies = Pick<Dependencies, "records" | "vectors" | "clock" | "signers">;

export interface EntitiesRequest {
  /** Left out: the memories that belong to no user. */
  readonly userId?: string | undefined;
  readonly type?: EntityType | undefined;
  /** Part of the name or of another spelling. */
  readonly q?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface EntityPage {
  readonly items: readonly Entity[];
  readonly nextCursor: string | null;
  /** False: there are more than 5,000, and what comes after those is in the order of ids. */
  readonly ranked: boolean;
}

/** What memories say of two entities over one stretch of time. */
export interface RelationSpan {
  readonly type: string;
  readonly from: { readonly id: string; readonly name: string };
  readonly to: { readonly id: string; readonly name: string };
  /** That at least one of its memories is right, each taken at its own confidence: 1 − Π(1 − confidence). */
  readonly strength: number;
  /** The highest of its memories. */
  readonly confidence: number;
  /** Memories that say so. */
  readonly occurrenceCount: number;
  readonly validFrom: Date;
  readonly validTo?: Date | undefined;
  /** Newest first, at most 10. */
  readonly memoryIds: readonly string[];
}

/** An entity named together with another. */
export interface Companion {
  readonly entity: Entity;
  /** Memories that name both, of those looked at. */
  readonly count: number;
  /** count/√(frequency · frequency): 1 when neither is named without the other. */
  readonly strength: number;
  readonly memoryIds: readonly string[];
}

export interface EntityView {
  readonly entity: Entity;
  /** Strongest first. */
  readonly relations: readonly RelationSpan[];
  /** Named most often together with it, in its newest 200 memories. */
  readonly companions: readonly Companion[];
  /** Newest first, at most 10. */
  readonly memoryIds: readonly string[];
}

export interface GraphRequest {
  readonly userId?: string | undefined;
  /** An id, or a name in any spelling that was seen. */
  readonly entity: string;
  readonly depth: 1 | 2;
  /** Nodes at most. */
  readonly limit: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Of a relation, or `coOccurs`, which has no direction. */
  readonly type: string;
  readonly strength: number;
  readonly validFrom?: Date | undefined;
  readonly validTo?: Date | undefined;
  readonly memoryIds: readonly string[];
}

export interface Graph {
  /** The entity asked for first, then the nearest and strongest. */
  readonly nodes: readonly Entity[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphService {
  /**
   * Entities that a user's memories name, most often named first among 5,000 of them.
   *
   * throws   body.invalid for a cursor that is not ours
   */
  entities(scope: TenantScope, request: EntitiesRequest): Promise<EntityPage>;
  /** throws  entity.not_found */
  entity(scope: TenantScope, userId: string | undefined, id: string): Promise<EntityView>;
  /** What is one or two steps away. throws entity.not_found */
  graph(scope: TenantScope, request: GraphRequest): Promise<Graph>;
}

export function graphService(deps: GraphDependencies): GraphService {
  return {
    entities: (scope, request) => listEntities(scope, request, deps),
    entity: (scope, userId, id) => entityOf(scope, userId, id, deps),
    graph: (scope, request) => graphOf(scope, request, deps),
  };
}
