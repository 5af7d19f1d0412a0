/** What operators see and decide of the deep models' vectors. */

import type { TenantScope } from "@nexus/core";
import type { RememberDependencies } from "../remember/remember.ts";
import type { ModelState } from "./generations.ts";
import { type ModelAction, switchModels } from "./switch.ts";

export interface ModelService {
  /** Which generations of vectors a tenant has. */
  models(scope: TenantScope): Promise<ModelState>;
  /** Takes a filled generation into use, rolls back to the one before, drops what was kept of it, or begins again with what was rolled back. throws embed.generation_missing when there is nothing to do that with */
  switchModels(scope: TenantScope, action: ModelAction): Promise<ModelState>;
}

export function modelService(deps: RememberDependencies): ModelService {
  return {
    models: (scope) => deps.generations.of(scope),
    switchModels: (scope, action) => switchModels(scope, action, deps),
  };
}
