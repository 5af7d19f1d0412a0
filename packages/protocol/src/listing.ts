/** POST /api/memories/query and GET /api/memories. */

import { type Filter, LIMITS, type Memory } from "@nexus/core";
import { z } from "zod";
import { filterTree, opaqueText, scopeFields } from "./fields.ts";
import { memoryToWire, memoryWire } from "./memory.ts";
import { booleanText, integerText, scopeParameters } from "./query-text.ts";
import { filterOf } from "./scope-filter.ts";
import { validate } from "./validate.ts";

const DEFAULT_LIMIT = 50;
const limit = z.int().min(1).max(LIMITS.maxListLimit);

export const listBody = z.strictObject({
  ...scopeFields,
  filters: filterTree.nullish(),
  includeSuperseded: z.boolean().nullish(),
  limit: limit.nullish(),
  cursor: opaqueText.nullish(),
});

export const listQuery = z.strictObject({
  ...scopeParameters,
  includeSuperseded: booleanText.optional(),
  limit: integerText.pipe(limit).optional(),
  cursor: opaqueText.optional(),
});

export const pageWire = z.object({ items: z.array(memoryWire), nextCursor: z.string().nullable() });

export interface ListInput {
  readonly filter: Filter;
  readonly userId: string | undefined;
  readonly sessionId: string | undefined;
  readonly includeSuperseded: boolean;
  readonly limit: number;
  readonly cursor: string | undefined;
}

export function parseListBody(input: unknown): ListInput {
  return toListInput(validate(listBody, input));
}

export function parseListQuery(input: unknown): ListInput {
  return toListInput(validate(listQuery, input));
}

export function pageToWire(page: {
  readonly items: readonly Memory[];
  readonly nextCursor: string | null;
}): z.output<typeof pageWire> {
  return { items: page.items.map(memoryToWire), nextCursor: page.nextCursor };
}

/** User and session have indexes of their own; the agent is a condition like any other. */
function toListInput(body: z.output<typeof listBody>): ListInput {
  return {
    filter: filterOf(body, ["agentId"]),
    userId: body.userId ?? undefined,
    sessionId: body.sessionId ?? undefined,
    includeSuperseded: body.includeSuperseded ?? false,
    limit: body.limit ?? DEFAULT_LIMIT,
    cursor: body.cursor ?? undefined,
  };
}
