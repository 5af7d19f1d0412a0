/** /api/memories/{id}: read, change, forget, and the versions. */

import { isUuid, NexusError } from "@nexus/core";
import { historyToWire, memoryToWire, parsePatch } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppContext, AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody, refusesBody } from "../json-body.ts";
import { needs } from "../middleware/grants.ts";
import { etag, ifMatch, refuseIfMatch, writerOf } from "../preconditions.ts";
import { resource, type Routes } from "../resource.ts";
import { requireOwn, requireOwnStored } from "../subject.ts";

export function memory(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory, clock, settings } = deps;

  resource(routes, "/api/memories/{id}", {
    GET: [
      ...caller,
      needs("read", "userTokens"),
      async (c) => {
        const found = await memory.get(c.get("principal").scope, idOf(c));
        requireOwn(c, found);
        return answer(c, 200, memoryToWire(found), { etag: etag(found.version) });
      },
    ],

    PATCH: [
      ...caller,
      needs("write", "userTokens"),
      async (c) => {
        const id = idOf(c);
        const ifVersion = ifMatch(c);
        const input = await jsonBody(c, settings.maxBodyBytes);
        const patch = parsePatch(input, clock.now());
        const writer = writerOf(c, [input, ifVersion]);
        await requireOwnStored(c, memory, id);
        const patched = await memory.patch(writer, id, patch, { ifVersion });
        const consistency = memory.token(writer.scope, patched.seqs);
        return answer(c, 200, { ...memoryToWire(patched.memory), consistency }, { etag: etag(patched.memory.version) });
      },
    ],

    DELETE: [
      ...caller,
      needs("write", "userTokens"),
      refusesBody(settings.maxBodyBytes),
      async (c) => {
        refuseIfMatch(c);
        const writer = writerOf(c, null);
        const id = idOf(c);
        await requireOwnStored(c, memory, id);
        const { seqs } = await memory.forget(writer, id);
        return answer(c, 200, { id, event: "forgotten", consistency: memory.token(writer.scope, seqs) });
      },
    ],
  });

  resource(routes, "/api/memories/{id}/history", {
    GET: [
      ...caller,
      needs("read", "userTokens"),
      async (c) => {
        await requireOwnStored(c, memory, idOf(c));
        return answer(c, 200, historyToWire(await memory.history(c.get("principal").scope, idOf(c))));
      },
    ],
  });
}

/** The id in the path; what is no UUID is the id of no memory. */
export function idOf(c: AppContext): string {
  const id = c.req.param("id") ?? "";
  if (isUuid(id)) return id.toLowerCase();
  throw new NexusError("memory.not_found", "[nexus/http] memory ids are UUIDs; this is none");
}
