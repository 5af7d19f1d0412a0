/** Cache stores against their contract. */

import type { Clock } from "@nexus/core";
import { createMemoryCache } from "@nexus/stores";

import { cacheStoreContract } from "../contract/cache-store.ts";

cacheStoreContract("memory", async () => {
  let now = 1_000;
  const clock: Clock = { now: () => now, monotonic: () => now };
  return {
    store: createMemoryCache({ clock, maxEntries: 1_000, maxBytes: 1_048_576 }),
    advance: async (ms) => {
      now += ms;
    },
  };
});
