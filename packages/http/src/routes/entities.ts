/** /api/entities and /api/graph: whom and what memories name, and how they hang together. */

import {
  entitiesToWire,
  entityViewToWire,
  graphToWire,
  parseEntitiesQuery,
  parseEntityQuery,
  parseGraphQuery,
} from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { needs, requireAdminWithoutUser } from "../middleware/grants.ts";
import { queryString } from "../query-string.ts";
import { resource, type Routes } from "../resource.ts";
import { confined } from "../subject.ts";

export function entities(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory } = deps;

  resource(routes, "/api/entities", {
    GET: [
      ...caller,
      needs("read", "userTokens"),
      async (c) => {
        const request = parseEntitiesQuery(confined(c, queryString(c), ["userId"]));
        requireAdminWithoutUser(c, request.userId);
        return answer(c, 200, entitiesToWire(await memory.entities(c.get("principal").scope, request)));
      },
    ],
  });

  resource(routes, "/api/entities/{id}", {
    GET: [
      ...caller,
      needs("read", "userTokens"),
      async (c) => {
        const { userId } = parseEntityQuery(confined(c, queryString(c), ["userId"]));
        requireAdminWithoutUser(c, userId);
        const found = await memory.entity(c.get("principal").scope, userId, c.req.param("id") ?? "");
        return answer(c, 200, entityViewToWire(found));
      },
    ],
  });

  resource(routes, "/api/graph", {
    GET: [
      ...caller,
      needs("read", "userTokens"),
      async (c) => {
        const request = parseGraphQuery(confined(c, queryString(c), ["userId"]));
        requireAdminWithoutUser(c, request.userId);
        return answer(c, 200, graphToWire(await memory.graph(c.get("principal").scope, request)));
      },
    ],
  });
}
