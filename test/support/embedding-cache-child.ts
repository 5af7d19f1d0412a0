/** `<folder> <journal> <first number>`: puts vectors into an embedding cache until killed. The journal gets a line for each number that the operating system has been handed. */

import { openSync, writeSync } from "node:fs";
import { systemClock } from "@nexus/core";
import { createEmbeddingCache } from "@nexus/embed";
import { createCacheDisk } from "@nexus/embed/node";
import { cacheKey, cachedVector } from "./cached-vectors.ts";

const [, , directory = "", journal = "", first = "0", maxBytes = "0"] = process.argv;
const GROUP = 20;

const disk = createCacheDisk({ directory, maxBytes: Number(maxBytes), ttlSeconds: 0 });
const cache = createEmbeddingCache({
  clock: systemClock,
  policy: "lru",
  maxEntries: 1_000_000,
  maxBytes: 1e9,
  ttlSeconds: 0,
  disk,
});
await cache.restore();
const file = openSync(journal, "w");
process.stdout.write("ready");

for (let n = Number(first); ; n++) {
  cache.set(await cacheKey(n), cachedVector(n));
  if (n % GROUP !== 0) continue;
  await disk.flush();
  // A write to a file is done when it returns, also for a process that is killed right after.
  writeSync(file, `${n}.\n`);
}
