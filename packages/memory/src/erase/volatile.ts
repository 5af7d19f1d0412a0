/** What this process keeps of tenants in memory beside the cache store, so that an erasure reaches that too. */

import type { TenantScope } from "@nexus/core";

export interface Volatile {
  /** Whoever keeps something says how it is forgotten. */
  keep(forget: (scope: TenantScope) => unknown): void;
  forget(scope: TenantScope): Promise<void>;
}

export function createVolatile(): Volatile {
  const keepers: ((scope: TenantScope) => unknown)[] = [];
  return {
    keep: (forget) => void keepers.push(forget),
    async forget(scope) {
      await Promise.all(keepers.map((forget) => forget(scope)));
    },
  };
}
