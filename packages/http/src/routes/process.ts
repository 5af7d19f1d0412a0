/** POST /api/process: recall, and remember what was said. */

import { parseProcess, processToWire } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody } from "../json-body.ts";
import { needs, requireAdminWithoutUser, requireGrant } from "../middleware/grants.ts";
import { writerOf } from "../preconditions.ts";
import { resource, type Routes } from "../resource.ts";
import { confined } from "../subject.ts";

export function processText(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory, clock, settings, recall } = deps;

  resource(routes, "/api/process", {
    POST: [
      ...caller,
      needs("read", "userTokens"),
      async (c) => {
        const input = await jsonBody(c, settings.maxBodyBytes);
        const asked = parseProcess(confined(c, input), recall, clock.now());
        const request = { ...asked, within: c.get("principal").subject };
        // A key that may not write can still ask, as long as it says that nothing is to be kept.
        if (request.remember !== false) requireGrant(c, "write", "a request that remembers");
        requireAdminWithoutUser(c, request.userId);
        const writer = writerOf(c, input);
        const response = await memory.process(writer, request);
        return answer(c, 200, processToWire(response, memory.token(writer.scope, response.seqs)));
      },
    ],
  });
}
