/** POST /api/search: recall without side effects. */

import { parseSearch, recallToWire } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody } from "../json-body.ts";
import { needs, requireAdminWithoutUser } from "../middleware/grants.ts";
import { resource, type Routes } from "../resource.ts";

export function search(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory, settings, recall } = deps;

  resource(routes, "/api/search", {
    POST: [
      ...caller,
      needs("read"),
      async (c) => {
        const request = parseSearch(await jsonBody(c, settings.maxBodyBytes), recall);
        requireAdminWithoutUser(c, request.userId);
        return answer(c, 200, recallToWire(await memory.recall(c.get("principal").scope, request)));
      },
    ],
  });
}
