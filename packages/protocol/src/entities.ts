/** GET /api/entities and GET /api/entities/{id}. */

import { type Entity, LIMITS } from "@nexus/core";
import { z } from "zod";
import { nameText, opaqueText } from "./fields.ts";
import { entityType, nodeToWire } from "./graph.ts";
import { timeOrNull } from "./memory.ts";
import { integerText, scopeParameters } from "./query-text.ts";
import { validate } from "./validate.ts";

const DEFAULT_LIMIT = 50;
const limit = integerText.pipe(z.int().min(1).max(LIMITS.maxListLimit));
const time = z.string().meta({ format: "date-time" });

export const entitiesQuery = z.strictObject({
  userId: scopeParameters.userId,
  type: entityType.optional(),
  q: nameText.optional().meta({ description: "Part of the name or of another spelling." }),
  limit: limit.optional(),
  cursor: opaqueText.optional(),
});

export const entityQuery = z.strictObject({ userId: scopeParameters.userId });

const entityWire = z
  .object({
    id: z.string(),
    name: z.string(),
    type: entityType,
    aliases: z.array(z.string()),
    frequency: z.int().meta({ description: "Memories that name it." }),
    firstSeenAt: time,
    lastSeenAt: time,
  })
  .meta({ id: "Entity" });

export const entitiesWire = z.object({
  items: z.array(entityWire),
  nextCursor: z.string().nullable(),
  ranked: z.boolean().meta({
    description: "False: there are more than 5,000 entities, and those after the first 5,000 are in the order of ids.",
  }),
});

const end = z.object({ id: z.string(), name: z.string() });

export const entityViewWire = entityWire.extend({
  relations: z.array(
    z.object({
      type: z.string(),
      from: end,
      to: end,
      strength: z.number().meta({ description: "1 − Π(1 − confidence) over its memories." }),
      confidence: z.number(),
      occurrenceCount: z.int(),
      validFrom: time,
      validTo: time.nullable(),
      memoryIds: z.array(z.string()),
    }),
  ),
  neighbours: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        type: entityType,
        frequency: z.int(),
        count: z.int().meta({ description: "Memories that name both, of the newest 200 that name this one." }),
        strength: z.number(),
      }),
    )
    .meta({ description: "Named together with it, most often first." }),
  memoryIds: z.array(z.string()).meta({ description: "The newest 10." }),
});

type EntityType = z.output<typeof entityType>;

export interface EntitiesInput {
  readonly userId: string | undefined;
  readonly type: EntityType | undefined;
  readonly q: string | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
}

interface RelationView {
  readonly type: string;
  readonly from: Readonly<z.output<typeof end>>;
  readonly to: Readonly<z.output<typeof end>>;
  readonly strength: number;
  readonly confidence: number;
  readonly occurrenceCount: number;
  readonly validFrom: Date;
  readonly validTo?: Date | undefined;
  readonly memoryIds: readonly string[];
}

export interface EntityDetails {
  readonly entity: Entity;
  readonly relations: readonly RelationView[];
  readonly companions: readonly { readonly entity: Entity; readonly count: number; readonly strength: number }[];
  readonly memoryIds: readonly string[];
}

export function parseEntitiesQuery(input: unknown): EntitiesInput {
  const { userId, type, q, limit = DEFAULT_LIMIT, cursor } = validate(entitiesQuery, input);
  return { userId, type, q, limit, cursor };
}

export function parseEntityQuery(input: unknown): { readonly userId: string | undefined } {
  return { userId: validate(entityQuery, input).userId };
}

export function entitiesToWire(page: {
  readonly items: readonly Entity[];
  readonly nextCursor: string | null;
  readonly ranked: boolean;
}): z.output<typeof entitiesWire> {
  return { items: page.items.map(entityToWire), nextCursor: page.nextCursor, ranked: page.ranked };
}

export function entityViewToWire(view: EntityDetails): z.output<typeof entityViewWire> {
  return {
    ...entityToWire(view.entity),
    relations: view.relations.map(({ from, to, validFrom, validTo, memoryIds, ...relation }) => ({
      type: relation.type,
      from: { ...from },
      to: { ...to },
      strength: relation.strength,
      confidence: relation.confidence,
      occurrenceCount: relation.occurrenceCount,
      validFrom: validFrom.toISOString(),
      validTo: timeOrNull(validTo),
      memoryIds: [...memoryIds],
    })),
    neighbours: view.companions.map(({ entity, count, strength }) => ({ ...nodeToWire(entity), count, strength })),
    memoryIds: [...view.memoryIds],
  };
}

function entityToWire(entity: Entity): z.output<typeof entityWire> {
  return {
    id: entity.id,
    name: entity.name,
    type: entity.type,
    aliases: [...entity.aliases],
    frequency: entity.frequency,
    firstSeenAt: entity.firstSeenAt.toISOString(),
    lastSeenAt: entity.lastSeenAt.toISOString(),
  };
}
