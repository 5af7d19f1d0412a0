/** GET /api/graph. */

import { type Entity, LIMITS } from "@nexus/core";
import { z } from "zod";
import { nameText } from "./fields.ts";
import { timeOrNull } from "./memory.ts";
import { integerText, scopeParameters } from "./query-text.ts";
import { validate } from "./validate.ts";

const DEFAULT_LIMIT = 50;
const limit = integerText.pipe(z.int().min(1).max(LIMITS.maxListLimit));
const time = z.string().meta({ format: "date-time" });

export const entityType = z.enum(["person", "organization", "location", "technical", "concept", "tag"]);

export const graphQuery = z.strictObject({
  userId: scopeParameters.userId,
  entity: nameText.meta({ description: "An id or a name." }),
  depth: z.enum(["1", "2"]).optional(),
  limit: limit.optional().meta({ description: "Nodes at most." }),
});

export const graphWire = z.object({
  nodes: z.array(z.object({ id: z.string(), name: z.string(), type: entityType, frequency: z.int() })),
  edges: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      type: z.string().meta({ description: "Of a relation, or `coOccurs`, which has no direction." }),
      strength: z.number(),
      validFrom: time.nullable(),
      validTo: time.nullable(),
      memoryIds: z.array(z.string()),
    }),
  ),
});

export interface GraphInput {
  readonly userId: string | undefined;
  readonly entity: string;
  readonly depth: 1 | 2;
  readonly limit: number;
}

export interface GraphView {
  readonly nodes: readonly Entity[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly type: string;
    readonly strength: number;
    readonly validFrom?: Date | undefined;
    readonly validTo?: Date | undefined;
    readonly memoryIds: readonly string[];
  }[];
}

export function parseGraphQuery(input: unknown): GraphInput {
  const { userId, entity, depth, limit = DEFAULT_LIMIT } = validate(graphQuery, input);
  return { userId, entity, depth: depth === "2" ? 2 : 1, limit };
}

export function graphToWire({ nodes, edges }: GraphView): z.output<typeof graphWire> {
  return {
    nodes: nodes.map(nodeToWire),
    edges: edges.map(({ from, to, type, strength, validFrom, validTo, memoryIds }) => ({
      from,
      to,
      type,
      strength,
      validFrom: timeOrNull(validFrom),
      validTo: timeOrNull(validTo),
      memoryIds: [...memoryIds],
    })),
  };
}

export function nodeToWire({ id, name, type, frequency }: Entity): z.output<typeof graphWire>["nodes"][number] {
  return { id, name, type, frequency };
}
