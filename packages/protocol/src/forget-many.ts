/** DELETE /api/memories. */

import { type Filter } from "@nexus/core";
import { z } from "zod";
import { filterTree, scopeFields } from "./fields.ts";
import { booleanText, scopeParameters } from "./query-text.ts";
import { filterOf } from "./scope-filter.ts";
import { rejected, validate } from "./validate.ts";

const confirm = z.literal("all").meta({ description: "Needed to forget across users; takes an admin key." });

export const forgetBody = z.strictObject({
  ...scopeFields,
  filters: filterTree.nullish(),
  confirm: confirm.nullish(),
  dryRun: z.boolean().nullish(),
});

export const forgetQuery = z.strictObject({
  ...scopeParameters,
  confirm: confirm.optional(),
  dryRun: booleanText.optional(),
});

export const countWire = z.object({ count: z.int() });

export interface ForgetManyInput {
  readonly filter: Filter;
  readonly dryRun: boolean;
  /** Not confined to one user. */
  readonly tenantWide: boolean;
}

/**
 * What a body or, without one, a query string asks to forget.
 *
 * throws  `body.invalid` when it names neither a user nor `confirm`, and when there are both a body and a query string
 */
export function parseForgetMany(body: unknown, query: Readonly<Record<string, string>>): ForgetManyInput {
  if (body !== undefined && Object.keys(query).length > 0) {
    throw rejected("body.invalid", [{ path: "", message: "send either a body or a query string, not both" }]);
  }
  const request = body === undefined ? validate(forgetQuery, query) : validate(forgetBody, body);
  const hasUser = request.userId !== undefined && request.userId !== null;
  if (!hasUser && request.confirm !== "all") {
    const message = 'name a user, or send "confirm": "all" to forget across all users';
    throw rejected("body.invalid", [{ path: "userId", message }]);
  }
  return {
    filter: filterOf(request, ["userId", "agentId", "sessionId"]),
    dryRun: request.dryRun ?? false,
    tenantWide: !hasUser,
  };
}
