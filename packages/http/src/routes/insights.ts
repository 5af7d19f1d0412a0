/** /api/patterns and /api/trends: what the engines found. */

import { parsePatternsQuery, parseTrendsQuery, patternsToWire, trendsToWire } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { needs, requireAdminWithoutUser } from "../middleware/grants.ts";
import { queryString } from "../query-string.ts";
import { resource, type Routes } from "../resource.ts";
import { confined } from "../subject.ts";

export function insights(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory } = deps;

  resource(routes, "/api/patterns", {
    GET: [
      ...caller,
      needs("read", "userTokens"),
      async (c) => {
        const request = parsePatternsQuery(confined(c, queryString(c), ["userId"]));
        requireAdminWithoutUser(c, request.userId);
        return answer(c, 200, patternsToWire(await memory.patterns(c.get("principal").scope, request)));
      },
    ],
  });

  resource(routes, "/api/trends", {
    GET: [
      ...caller,
      needs("read", "userTokens"),
      async (c) => {
        const request = parseTrendsQuery(confined(c, queryString(c), ["userId"]));
        requireAdminWithoutUser(c, request.userId);
        return answer(c, 200, trendsToWire(await memory.trends(c.get("principal").scope, request)));
      },
    ],
  });
}
