/** POST /api/feedback: what a caller thought of an answer. */

import { parseFeedback } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody } from "../json-body.ts";
import { needs } from "../middleware/grants.ts";
import { writerOf } from "../preconditions.ts";
import { resource, type Routes } from "../resource.ts";

export function feedback(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory, settings } = deps;

  resource(routes, "/api/feedback", {
    POST: [
      ...caller,
      needs("write", "userTokens"),
      async (c) => {
        const input = await jsonBody(c, settings.maxBodyBytes);
        const writer = writerOf(c, input);
        const { subject } = c.get("principal");
        const { id, seqs } = await memory.rate(writer, { ...parseFeedback(input), subject });
        return answer(c, 201, { id, consistency: memory.token(writer.scope, seqs) });
      },
    ],
  });
}
