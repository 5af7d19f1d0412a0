/** /api/memories: remember, list and forget many. */

import {
  pageToWire,
  parseForgetMany,
  parseListBody,
  parseListQuery,
  parseRemember,
  rememberedToWire,
  toNewMemories,
} from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppContext, AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody, jsonBodyIfAny } from "../json-body.ts";
import { needs, requireAdminWithoutUser, requireGrant } from "../middleware/grants.ts";
import { refuseIfMatch, writerOf } from "../preconditions.ts";
import { queryString } from "../query-string.ts";
import { resource, type Routes } from "../resource.ts";
import { confined } from "../subject.ts";
import { accepted } from "./jobs.ts";

export function memories(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory, clock, settings } = deps;

  const list = async (c: AppContext, request: ReturnType<typeof parseListBody>) => {
    requireAdminWithoutUser(c, request.userId);
    return answer(c, 200, pageToWire(await memory.list(c.get("principal").scope, request)));
  };

  resource(
    routes,
    "/api/memories",
    {
      GET: [...caller, needs("read", "userTokens"), (c) => list(c, parseListQuery(confined(c, queryString(c))))],

      POST: [
        ...caller,
        needs("write", "userTokens"),
        async (c) => {
          const input = await jsonBody(c, settings.maxBodyBytes);
          const body = parseRemember(confined(c, input));
          const memories = toNewMemories(body, clock.now());
          const writer = writerOf(c, input);
          if (body.async === true) return accepted(c, await memory.rememberLater(writer, memories));
          const remembered = await memory.remember(writer, memories);
          return answer(c, 201, rememberedToWire(remembered, memory.token(writer.scope, remembered.seqs)));
        },
      ],

      DELETE: [
        ...caller,
        needs("write", "userTokens"),
        async (c) => {
          const query = queryString(c);
          const input = await jsonBodyIfAny(c, settings.maxBodyBytes);
          const request =
            input === undefined
              ? parseForgetMany(input, confined(c, query))
              : parseForgetMany(confined(c, input), query);
          if (request.tenantWide) requireGrant(c, "admin", "forgetting across users");
          refuseIfMatch(c);
          if (request.dryRun) {
            return answer(c, 200, { count: await memory.countMatching(c.get("principal").scope, request) });
          }
          return accepted(c, await memory.forgetMany(writerOf(c, input ?? query), request));
        },
      ],
    },
    ["DELETE"],
  );

  resource(routes, "/api/memories/query", {
    POST: [
      ...caller,
      needs("read", "userTokens"),
      async (c) => list(c, parseListBody(confined(c, await jsonBody(c, settings.maxBodyBytes)))),
    ],
  });
}
