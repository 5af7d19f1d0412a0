import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silent } from "@nexus/core";
import { afterEach, describe, expect, it } from "vitest";
import { createCacheDisk } from "./cache-disk.node.ts";
import { type CachedVector, createEmbeddingCache } from "./embedding-cache.ts";
import { embeddingKey, tenantTag } from "./key.ts";

const folders: string[] = [];
const clock = { now: () => 5_000, monotonic: () => 5_000 };
const DIMENSION = 16;

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "embedding-cache-"));
  folders.push(path);
  return path;
}

function vectorOf(n: number): CachedVector {
  return { vector: Float32Array.from({ length: DIMENSION }, (_, i) => n + i / 7), tokens: n, truncated: n % 2 === 1 };
}

const keyOf = (n: number, tenant = "a"): Promise<string> =>
  embeddingKey({ modality: "text", content: String(n) }, { tenant, model: "e1", revision: "1", precision: "q8" });

async function open(directory: string, { maxBytes = 1_000_000, ttlSeconds = 0, telemetry = silent } = {}) {
  const disk = createCacheDisk({ directory, maxBytes, ttlSeconds, telemetry });
  const cache = createEmbeddingCache({ clock, policy: "lru", maxEntries: 10_000, maxBytes: 1e9, ttlSeconds, disk });
  const restored = await cache.restore();
  return { cache, disk, restored };
}

async function bytesIn(directory: string): Promise<number> {
  const sizes = (await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

describe("the embedding cache's disk", () => {
  it("gives back after a restart what was put before, to the bit", async () => {
    const directory = await folder();
    const first = await open(directory);
    for (let n = 0; n < 100; n++) first.cache.set(await keyOf(n), vectorOf(n));
    await first.cache.close();
    const { cache, restored } = await open(directory);
    expect(restored).toBe(100);
    for (let n = 0; n < 100; n++) expect(cache.get(await keyOf(n))).toEqual(vectorOf(n));
    await cache.close();
  });

  it("keeps what was put before it was opened, and writes nothing twice", async () => {
    const directory = await folder();
    const disk = createCacheDisk({ directory, maxBytes: 1_000_000, ttlSeconds: 0 });
    const cache = createEmbeddingCache({ clock, policy: "lru", maxEntries: 9, maxBytes: 1e9, ttlSeconds: 0, disk });
    cache.set(await keyOf(1), vectorOf(1));
    await cache.restore();
    await disk.flush();
    const size = await bytesIn(directory);
    expect(size).toBeGreaterThan(0);
    cache.set(await keyOf(1), vectorOf(1));
    await cache.close();
    expect(await bytesIn(directory)).toBe(size);
  });

  it("drops a torn tail wherever the file ends, keeps all before it and appends after that", async () => {
    const directory = await folder();
    const first = await open(directory);
    for (let n = 0; n < 3; n++) first.cache.set(await keyOf(n), vectorOf(n));
    await first.cache.close();
    const path = join(directory, (await readdir(directory))[0]!);
    const whole = await readFile(path);
    const record = (whole.length - 8) / 3;
    for (let cut = 0; cut <= whole.length; cut += 13) {
      await writeFile(path, whole.subarray(0, cut));
      const { cache, restored } = await open(directory);
      expect(restored, `cut at ${cut}`).toBe(cut < 8 ? 0 : Math.floor((cut - 8) / record));
      cache.set(await keyOf(50), vectorOf(50));
      await cache.close();
      const again = await open(directory);
      expect(again.restored, `cut at ${cut}, appended`).toBe(restored + 1);
      await again.cache.close();
      for (const name of await readdir(directory)) await rm(join(directory, name));
    }
  });

  it("never gives back a vector that is not what was put, whichever byte is damaged", async () => {
    const directory = await folder();
    const first = await open(directory);
    for (let n = 0; n < 3; n++) first.cache.set(await keyOf(n), vectorOf(n));
    await first.cache.close();
    const path = join(directory, (await readdir(directory))[0]!);
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at += 3) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x40;
      await writeFile(path, damaged);
      const { cache, restored } = await open(directory);
      expect(restored).toBeLessThan(3);
      for (let n = 0; n < 3; n++) expect([undefined, vectorOf(n)]).toContainEqual(cache.get(await keyOf(n)));
      await cache.close();
      for (const name of await readdir(directory)) await rm(join(directory, name));
    }
  });

  it("stays within its bytes, and keeps what has served again rather than what is merely newer", async () => {
    const directory = await folder();
    const maxBytes = 64_000;
    const { cache, disk } = await open(directory, { maxBytes });
    const hot = await Promise.all(Array.from({ length: 20 }, (_, n) => keyOf(n)));
    for (let n = 100; n < 2_100; n++) {
      const fresh = hot[(n - 100) / 10];
      if (fresh !== undefined) cache.set(fresh, vectorOf((n - 100) / 10));
      cache.set(await keyOf(n), vectorOf(n));
      for (const key of hot) cache.get(key);
      if (n % 10 === 0) await disk.flush();
      if (n % 100 === 0) expect(await bytesIn(directory)).toBeLessThanOrEqual(maxBytes + 2_000);
    }
    await cache.close();
    const again = await open(directory, { maxBytes });
    expect(hot.filter((key) => again.cache.get(key)).length).toBe(hot.length);
    expect(again.restored).toBeLessThan(600);
    await again.cache.close();
  });

  it("forgets a tenant on disk: none of its entries is in any file, the others' are", async () => {
    const directory = await folder();
    const { cache } = await open(directory);
    for (let n = 0; n < 50; n++) cache.set(await keyOf(n, n % 2 === 0 ? "a" : "b"), vectorOf(n));
    expect(await cache.forget("a")).toBe(25);
    for (const name of await readdir(directory)) {
      const file = await readFile(join(directory, name));
      expect(file.includes(Buffer.from(tenantTag("a"), "hex"))).toBe(false);
    }
    cache.set(await keyOf(99, "b"), vectorOf(99));
    await cache.close();
    expect((await open(directory)).restored).toBe(26);
  });

  it("forgets a tenant also in files that it has not read yet", async () => {
    const directory = await folder();
    const { cache } = await open(directory);
    cache.set(await keyOf(1), vectorOf(1));
    await cache.close();
    await createCacheDisk({ directory, maxBytes: 1_000, ttlSeconds: 0 }).forget(tenantTag("a"));
    expect((await open(directory)).restored).toBe(0);
  });

  it("forgets a tenant also behind damage in the middle of a file", async () => {
    const directory = await folder();
    const { cache, disk } = await open(directory, { maxBytes: 64_000 });
    // Segments of a thousand bytes: the damaged one is not the last.
    for (let n = 1; n < 30; n++) {
      cache.set(await keyOf(n, n < 5 ? "a" : "b"), vectorOf(n));
      await disk.flush();
    }
    await cache.close();
    const path = join(directory, (await readdir(directory)).toSorted()[0]!);
    const file = await readFile(path);
    await writeFile(path, file.fill(0xff, 30, 34));
    const again = await open(directory, { maxBytes: 64_000 });
    await again.cache.forget("a");
    for (const name of await readdir(directory))
      expect((await readFile(join(directory, name))).includes(Buffer.from(tenantTag("a"), "hex"))).toBe(false);
    await again.cache.close();
  });

  it("forgets everything where the files cannot be read any more", async () => {
    const directory = await folder();
    const first = await open(directory);
    first.cache.set(await keyOf(1), vectorOf(1));
    await first.cache.close();
    // A second segment that no file can be read of: the first one was read, what comes after it was not.
    await mkdir(join(directory, "vectors-00000000"));
    const { cache, restored } = await open(directory);
    expect(restored).toBe(0);
    await rm(join(directory, "vectors-00000000"), { recursive: true });
    await cache.forget("a");
    expect(await readdir(directory)).toEqual([]);
    await cache.close();
  });

  it("tells when it cannot forget", async () => {
    const directory = await folder();
    await mkdir(join(directory, "vectors-00000001"));
    const { cache } = await open(directory);
    await expect(cache.forget("a")).rejects.toThrow();
    await rm(join(directory, "vectors-00000001"), { recursive: true });
    await cache.forget("a");
    await cache.close();
  });

  it("leaves files of another version and other files alone or behind, and starts empty", async () => {
    const directory = await folder();
    await writeFile(join(directory, "vectors-00000001"), "NXEMBC99 something else");
    await writeFile(join(directory, "notes.txt"), "mine");
    const { cache, restored } = await open(directory);
    expect(restored).toBe(0);
    cache.set(await keyOf(1), vectorOf(1));
    await cache.close();
    expect((await open(directory)).restored).toBe(1);
    expect(await readFile(join(directory, "notes.txt"), "utf8")).toBe("mine");
  });

  it("goes on in memory and says so once when its directory cannot be made", async () => {
    const directory = await folder();
    await appendFile(join(directory, "file"), "");
    const logs: string[] = [];
    const telemetry = { ...silent, log: (_: string, message: string) => void logs.push(message) };
    const { cache } = await open(join(directory, "file"), { telemetry });
    for (let n = 0; n < 3; n++) cache.set(await keyOf(n), vectorOf(n));
    expect(cache.get(await keyOf(2))).toEqual(vectorOf(2));
    await cache.close();
    expect(logs).toHaveLength(1);
    await truncate(join(directory, "file"), 0);
  });
});
