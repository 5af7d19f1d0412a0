/** POST /api/context: memories as a text for a prompt. */

import { contextToWire, parseContext } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody } from "../json-body.ts";
import { needs, requireAdminWithoutUser } from "../middleware/grants.ts";
import { resource, type Routes } from "../resource.ts";
import { confined } from "../subject.ts";

export function context(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory, settings, recall } = deps;

  resource(routes, "/api/context", {
    POST: [
      ...caller,
      needs("read", "userTokens"),
      async (c) => {
        const request = parseContext(confined(c, await jsonBody(c, settings.maxBodyBytes)), recall);
        requireAdminWithoutUser(c, request.userId);
        const { scope, subject } = c.get("principal");
        return answer(c, 200, contextToWire(await memory.context(scope, { ...request, subject })));
      },
    ],
  });
}
