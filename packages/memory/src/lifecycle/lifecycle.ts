/** The lifecycle part of the memory service. */

import type { RememberDependencies } from "../remember/remember.ts";
import { invalidate } from "./invalidate.ts";
import type { LifecycleService } from "./lifecycle-service.ts";
import { undoMerges } from "./undo.ts";

export function lifecycleService(deps: RememberDependencies): LifecycleService {
  return {
    invalidate: (writer, id, request, options) => invalidate(writer, id, request, options, deps),
    undoMerges: (writer, id) => undoMerges(writer, id, deps),
  };
}
