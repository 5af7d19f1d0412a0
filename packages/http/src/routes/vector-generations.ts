/** /api/embeddings/generations: whose vectors the memories have, and what an operator decides of them. */

import { parseNothing, parseVectorAction, vectorGenerationsToWire } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody } from "../json-body.ts";
import { needs } from "../middleware/grants.ts";
import { queryString } from "../query-string.ts";
import { resource, type Routes } from "../resource.ts";

export function vectorGenerations(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory, settings } = deps;

  resource(routes, "/api/embeddings/generations", {
    GET: [
      ...caller,
      needs("read"),
      async (c) => {
        parseNothing(queryString(c));
        return answer(c, 200, vectorGenerationsToWire(await memory.models(c.get("principal").scope)));
      },
    ],

    POST: [
      ...caller,
      needs("admin"),
      async (c) => {
        const action = parseVectorAction(await jsonBody(c, settings.maxBodyBytes));
        const state = await memory.switchModels(c.get("principal").scope, action);
        return answer(c, 200, vectorGenerationsToWire(state));
      },
    ],
  });
}
