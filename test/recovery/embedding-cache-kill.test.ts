/** A process that fills the embedding cache is killed, again and again on one folder: what it had handed over is there, to the bit, and nothing else is. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "@nexus/core";
import { createEmbeddingCache, type EmbeddingCache } from "@nexus/embed";
import { createCacheDisk } from "@nexus/embed/node";
import { afterAll, describe, expect, test } from "vitest";
import { cachedVector, cacheKey } from "../support/cached-vectors.ts";
import { seeded } from "../support/random.ts";
import { temporaryDirectory } from "../support/server.ts";

const ROUNDS = 8;
const LATEST_KILL_MS = 400;
const CHILD = new URL("../support/embedding-cache-child.ts", import.meta.url).pathname;

const directory = await temporaryDirectory("embedding-cache-kill");
afterAll(directory.remove);

/** Fills the cache from a number on until killed; the last number it was certain of. */
async function fillUntilKilled(path: string, first: number, maxBytes: number, milliseconds: number): Promise<number> {
  const journal = join(directory.path, "journal");
  const child = spawn(process.execPath, [CHILD, path, journal, String(first), String(maxBytes)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.once("data", () => setTimeout(() => child.kill("SIGKILL"), milliseconds));
  await once(child, "close");
  expect(child.signalCode).toBe("SIGKILL");
  const whole = (await readFile(journal, "utf8")).split("\n").filter((line) => line.endsWith("."));
  return Math.max(first - 1, ...whole.map((line) => Number(line.slice(0, -1))));
}

async function reopened(path: string, maxBytes: number): Promise<{ cache: EmbeddingCache; restored: number }> {
  const disk = createCacheDisk({ directory: path, maxBytes, ttlSeconds: 0 });
  const cache = createEmbeddingCache({
    clock: systemClock,
    policy: "lru",
    maxEntries: 1e6,
    maxBytes: 1e9,
    ttlSeconds: 0,
    disk,
  });
  return { cache, restored: await cache.restore() };
}

async function bytesIn(path: string): Promise<number> {
  const sizes = (await readdir(path)).map(async (name) => (await stat(join(path, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

describe(`kill -9 at random moments, ${ROUNDS} rounds`, () => {
  test(
    "keeps every vector that was handed over, and gives back none that is not whole",
    { timeout: 120_000 },
    async () => {
      const path = join(directory.path, "large");
      const random = seeded(7);
      let next = 0;
      const handedOver: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const last = await fillUntilKilled(path, next, 1e9, random() * LATEST_KILL_MS);
        const fresh = Array.from({ length: last + 1 - next }, (_, i) => next + i);
        handedOver.push(...fresh);
        const { cache, restored } = await reopened(path, 1e9);
        for (const n of round === ROUNDS - 1 ? handedOver : fresh)
          expect(cache.get(await cacheKey(n)), `round ${round}, ${n}`).toEqual(cachedVector(n));
        expect(restored).toBeGreaterThanOrEqual(handedOver.length);
        await cache.close();
        // Beyond what any killed process may have written without saying so.
        next = last + 1_000_000;
      }
      expect(handedOver.length).toBeGreaterThan(20 * ROUNDS);
      console.log(`embedding cache, kill -9: ${ROUNDS} rounds, ${handedOver.length} vectors handed over, none lost`);
    },
  );

  test("stays within its bytes and whole when killed while it gives up segments", { timeout: 120_000 }, async () => {
    const path = join(directory.path, "small");
    const maxBytes = 100_000;
    const random = seeded(8);
    for (let round = 0; round < ROUNDS; round++) {
      const first = round * 100_000;
      const last = await fillUntilKilled(path, first, maxBytes, random() * LATEST_KILL_MS);
      const { cache, restored } = await reopened(path, maxBytes);
      let whole = 0;
      for (let n = Math.max(first, last - 300); n <= last + 300; n++) {
        const found = cache.get(await cacheKey(n));
        if (!found) continue;
        whole++;
        expect(found, `round ${round}, ${n}`).toEqual(cachedVector(n));
      }
      expect(restored).toBeLessThan(300);
      if (last > first + 300) expect(whole).toBeGreaterThan(150);
      await cache.close();
      expect(await bytesIn(path)).toBeLessThan(1.2 * maxBytes);
    }
  });
});
