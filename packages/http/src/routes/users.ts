/** /api/users/{userId}: erase a user everywhere. */

import { parseErase } from "@nexus/protocol";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { refusesBody } from "../json-body.ts";
import { needs } from "../middleware/grants.ts";
import { refuseIfMatch, writerOf } from "../preconditions.ts";
import { resource, type Routes } from "../resource.ts";
import { accepted } from "./jobs.ts";

export function users(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  resource(routes, "/api/users/{userId}", {
    DELETE: [
      ...caller,
      needs("admin"),
      refusesBody(deps.settings.maxBodyBytes),
      async (c) => {
        const userId = parseErase(c.req.param("userId") ?? "");
        refuseIfMatch(c);
        return accepted(c, await deps.memory.eraseUser(writerOf(c, null), userId));
      },
    ],
  });
}
