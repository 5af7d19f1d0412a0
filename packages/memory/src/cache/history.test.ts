import type { TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { sha256Hex } from "@nexus/platform";
import { describe, expect, it } from "vitest";
import { createBloom } from "./bloom.ts";
import { createQueryHistory } from "./history.ts";

const HOUR = 3_600_000;
const [a, b] = systemScopes("test", ["a", "b"]) as [TenantScope, TenantScope];
const key = (n: number): string => `qw:${sha256Hex(`${n}`).slice(0, 32)}`;

describe("a Bloom filter", () => {
  it("of 131,072 bits forgets none of 13,675 digests, is full then, and takes at most 1.5 % of others for known", () => {
    const bloom = createBloom(131_072);
    const digest = (n: number): string => key(n).slice(3);
    let count = 0;
    while (!bloom.isFull()) bloom.add(digest(count++));
    expect(count).toBe(13_675);
    for (let n = 0; n < count; n++) expect(bloom.has(digest(n))).toBe(true);
    const others = Array.from({ length: 20_000 }, (_, n) => bloom.has(digest(1_000_000 + n)));
    expect(others.filter(Boolean).length / others.length).toBeLessThan(0.015);
  });
});

describe("the history of queries", () => {
  it("knows a query the second time, of its own tenant alone, through a renewal of the filter", () => {
    let now = 0;
    const history = createQueryHistory({ now: () => now, monotonic: () => now });
    expect([history.note(a, key(1)), history.note(a, key(1)), history.note(b, key(1))]).toEqual([false, true, false]);
    now += 7 * 24 * HOUR;
    expect(history.note(a, key(2))).toBe(false);
    expect(history.note(a, key(1))).toBe(true);
  });

  it("forgets a query that two renewals did not see", () => {
    let now = 0;
    const history = createQueryHistory({ now: () => now, monotonic: () => now });
    history.note(a, key(1));
    for (let i = 0; i < 2; i++) {
      now += 7 * 24 * HOUR;
      history.note(a, key(2 + i));
    }
    expect(history.note(a, key(1))).toBe(false);
  });

  it("counts hits of the last 24 hours", () => {
    let now = 0;
    const history = createQueryHistory({ now: () => now, monotonic: () => now });
    expect(history.hitRate(a)).toBe(0);
    history.count(a, true);
    now += HOUR;
    for (const isHit of [false, false, true]) history.count(a, isHit);
    expect(history.hitRate(a)).toBe(0.5);
    expect(history.hitRate(b)).toBe(0);
    now += 23 * HOUR;
    expect(history.hitRate(a)).toBeCloseTo(1 / 3);
    now += HOUR;
    expect(history.hitRate(a)).toBe(0);
  });
});
