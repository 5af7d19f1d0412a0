/** POST /api/explain: why a memory was, or was not, in the answer to a query. */

import { explanationToWire, namesAnswer, parseExplain } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody } from "../json-body.ts";
import { needs, requireAdminWithoutUser } from "../middleware/grants.ts";
import { resource, type Routes } from "../resource.ts";
import { confined } from "../subject.ts";

export function explain(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory, settings, recall } = deps;

  resource(routes, "/api/explain", {
    POST: [
      ...caller,
      needs("read", "userTokens"),
      async (c) => {
        const input = await jsonBody(c, settings.maxBodyBytes);
        // An answer was given to somebody already: the service tells whether to this caller.
        const request = parseExplain(namesAnswer(input) ? input : confined(c, input), recall);
        if (request.search) requireAdminWithoutUser(c, request.search.userId);
        const { scope, subject, grants } = c.get("principal");
        const asked = { ...request, subject, tenantWide: grants.has("admin") };
        return answer(c, 200, explanationToWire(await memory.explain(scope, asked)));
      },
    ],
  });
}
