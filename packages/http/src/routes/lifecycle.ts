/** /api/memories/{id}/invalidate and …/merges/undo. */

import { memoryToWire, parseInvalidate, undoneToWire } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody, refusesBody } from "../json-body.ts";
import { needs } from "../middleware/grants.ts";
import { etag, ifMatch, refuseIfMatch, writerOf } from "../preconditions.ts";
import { resource, type Routes } from "../resource.ts";
import { requireOwnStored } from "../subject.ts";
import { idOf } from "./memory.ts";

export function lifecycle(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory, settings } = deps;

  resource(routes, "/api/memories/{id}/invalidate", {
    POST: [
      ...caller,
      needs("write", "userTokens"),
      async (c) => {
        const ifVersion = ifMatch(c);
        const input = await jsonBody(c, settings.maxBodyBytes);
        const writer = writerOf(c, [input, ifVersion]);
        await requireOwnStored(c, memory, idOf(c));
        const changed = await memory.invalidate(writer, idOf(c), parseInvalidate(input), { ifVersion });
        const consistency = memory.token(writer.scope, changed.seqs);
        return answer(c, 200, { ...memoryToWire(changed.memory), consistency }, { etag: etag(changed.memory.version) });
      },
    ],
  });

  resource(routes, "/api/memories/{id}/merges/undo", {
    POST: [
      ...caller,
      needs("write", "userTokens"),
      refusesBody(settings.maxBodyBytes),
      async (c) => {
        refuseIfMatch(c);
        const writer = writerOf(c, null);
        await requireOwnStored(c, memory, idOf(c));
        const undone = await memory.undoMerges(writer, idOf(c));
        return answer(c, 200, undoneToWire(undone, memory.token(writer.scope, undone.seqs)));
      },
    ],
  });
}
