/** The filter of a request: its scope fields and its `filters`, joined by "and". */

import { allOf, equals, type Filter, parseFilter } from "@nexus/core";

export interface ScopedBody {
  readonly userId?: string | null | undefined;
  readonly agentId?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
  readonly filters?: unknown;
}

/** throws  `search.filter_unknown`, `search.filter_invalid` */
export function filterOf(body: ScopedBody, fields: readonly ("userId" | "agentId" | "sessionId")[]): Filter {
  const scoped = fields.flatMap((field) => {
    const value = body[field];
    return value === undefined || value === null ? [] : [equals(field, value)];
  });
  const filters = body.filters ?? undefined;
  return allOf(...scoped, filters === undefined ? undefined : parseFilter(filters));
}
