import type { CacheStore, TenantScope } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { createRateWindow } from "./rate-window.ts";

const scope = { tenant: "t" } as TenantScope;

/** Just enough of a cache: counts that live as long as the test. */
function countingCache(): CacheStore {
  const counts = new Map<string, number>();
  return {
    get: (_scope, keys) => Promise.resolve(keys.map((key) => ({ count: counts.get(key) ?? 0 }))),
    set: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    update(_scope, key) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return Promise.resolve({ count: counts.get(key) ?? 0 });
    },
    clear: () => Promise.resolve(0),
  };
}

describe("rate windows", () => {
  it("allow the limit, refuse what is above it, and begin anew with the next window", async () => {
    const time = { now: 30_000 };
    const clock = { now: () => time.now, monotonic: () => 0 };
    const windows = createRateWindow({ cache: countingCache(), clock, windowSeconds: 60 });
    expect((await windows.peek(scope, "k", 2)).allowed).toBe(true);
    expect((await windows.hit(scope, "k", 2)).allowed).toBe(true);
    expect((await windows.hit(scope, "k", 2)).allowed).toBe(true);
    expect(await windows.peek(scope, "k", 2)).toEqual({ allowed: false, retryAfterSeconds: 30 });
    expect(await windows.hit(scope, "k", 2)).toEqual({ allowed: false, retryAfterSeconds: 30 });
    expect((await windows.hit(scope, "other", 2)).allowed).toBe(true);
    time.now = 59_999;
    expect((await windows.peek(scope, "k", 2)).retryAfterSeconds).toBe(1);
    time.now = 60_000;
    expect((await windows.hit(scope, "k", 2)).allowed).toBe(true);
  });

  it("let everything through while the cache is away", async () => {
    const away = () => Promise.reject(new Error("away"));
    const cache = { get: away, set: away, remove: away, update: away, clear: away };
    const clock = { now: () => 0, monotonic: () => 0 };
    const windows = createRateWindow({ cache, clock, windowSeconds: 60 });
    expect((await windows.hit(scope, "k", 1)).allowed).toBe(true);
    expect((await windows.peek(scope, "k", 1)).allowed).toBe(true);
  });
});
