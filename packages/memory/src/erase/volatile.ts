/** What this process keeps of tenants in memory beside the cache store, so that an erasure reaches that too. */

import type { TenantScope } from "@nexus/core";

export interface Volatile {
  /** Whoever keeps something says how it is forgotten. */
  keep(forget: (scope: TenantScope) => void): void;
  forget(scope: TenantScope): void;
}

export function createVolatile(): Volatile {
  const keepers: ((scope: TenantScope) => void)[] = [];
  return {
    keep: (forget) => void keepers.push(forget),
    forget(scope) {
      for (const forget of keepers) forget(scope);
    },
  };
}
