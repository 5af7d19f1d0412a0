/** POST /api/search: recall without side effects. */

import { parseSearch, recallToJson } from "@nexus/protocol";
import { answerBytes } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody } from "../json-body.ts";
import { needs, requireAdminWithoutUser } from "../middleware/grants.ts";
import { resource, type Routes } from "../resource.ts";
import { confined } from "../subject.ts";

export function search(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory, settings, recall } = deps;

  resource(routes, "/api/search", {
    POST: [
      ...caller,
      needs("read", "userTokens"),
      async (c) => {
        const request = parseSearch(confined(c, await jsonBody(c, settings.maxBodyBytes)), recall);
        requireAdminWithoutUser(c, request.userId);
        const response = await memory.recall(c.get("principal").scope, request);
        return answerBytes(c, 200, recallToJson(response), { "content-type": "application/json" });
      },
    ],
  });
}
