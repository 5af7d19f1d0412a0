/** What every cache store must do. */

import { randomUUID } from "node:crypto";

import type { CacheStore, Json, TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { describe, expect, it } from "vitest";

export interface CacheUnderTest {
  readonly store: CacheStore;
  /** Lets time pass: a fake clock moves, a real store waits. */
  readonly advance: (ms: number) => Promise<void>;
}

export function cacheStoreContract(name: string, open: () => Promise<CacheUnderTest>): void {
  describe(`cache store: ${name}`, () => {
    it("gives values back in the order asked, whatever JSON they are", async () => {
      const { store } = await open();
      const scope = tenant();
      const values: Json[] = [null, 0, "", "😀\u0000", false, [], {}, { "a.b": [null, { id: 1e300 }] }];
      await store.set(
        scope,
        values.map((value, i) => ({ key: `k:${i}`, value, ttlSeconds: 60 })),
      );
      const keys = values.map((_, i) => `k:${i}`);
      expect(await store.get(scope, [...keys, "missing"].toReversed())).toEqual([...values, undefined].toReversed());
      expect(await store.get(scope, [])).toEqual([]);
    });

    it("keeps its own copy: neither the caller's value nor a returned one can change what is cached", async () => {
      const { store } = await open();
      const scope = tenant();
      const value = { list: [1, 2], inner: { n: 1 } };
      await store.set(scope, [{ key: "k", value, ttlSeconds: 60 }]);
      value.list.push(3);
      value.inner.n = 2;
      const [first] = (await store.get(scope, ["k"])) as [{ list: number[]; inner: { n: number } }];
      try {
        first.inner.n = 3;
        first.list.push(4);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
      }
      expect(await store.get(scope, ["k"])).toEqual([{ list: [1, 2], inner: { n: 1 } }]);
    });

    it("forgets an entry once its TTL is over, and only then", async () => {
      const { store, advance } = await open();
      const scope = tenant();
      await store.set(scope, [
        { key: "short", value: 1, ttlSeconds: 1 },
        { key: "long", value: 2, ttlSeconds: 60 },
        { key: "none", value: 3, ttlSeconds: 0 },
      ]);
      expect(await store.get(scope, ["short", "long", "none"])).toEqual([1, 2, undefined]);
      await advance(1_100);
      expect(await store.get(scope, ["short", "long"])).toEqual([undefined, 2]);
    });

    it("replaces value and TTL with `set`, and forgets with `remove`", async () => {
      const { store, advance } = await open();
      const scope = tenant();
      await store.set(scope, [{ key: "k", value: 1, ttlSeconds: 1 }]);
      await store.set(scope, [{ key: "k", value: 2, ttlSeconds: 60 }]);
      await advance(1_100);
      expect(await store.get(scope, ["k"])).toEqual([2]);
      await store.remove(scope, ["k", "missing"]);
      expect(await store.get(scope, ["k"])).toEqual([undefined]);
    });

    it("clears all of one tenant, counted, and nothing of another", async () => {
      const { store } = await open();
      const [scope, other] = [tenant(), tenant()];
      for (const one of [scope, other]) {
        await store.set(one, [{ key: "k", value: 1, ttlSeconds: 60 }]);
        await store.update(one, "n", { add: { hits: 1 }, ttlSeconds: 60 });
      }
      expect(await store.clear(scope)).toBe(2);
      expect(await store.clear(scope)).toBe(0);
      expect(await store.get(scope, ["k", "n"])).toEqual([undefined, undefined]);
      expect(await store.get(other, ["k", "n"])).toEqual([1, { hits: 1 }]);
    });

    it("adds and raises numbers atomically: 50 updates in flight lose none", async () => {
      const { store } = await open();
      const scope = tenant();
      const updates = Array.from({ length: 50 }, async (_, i) => {
        return await store.update(scope, "n", { add: { hits: 1, weight: 0.5 }, max: { last: i }, ttlSeconds: 60 });
      });
      const seen = (await Promise.all(updates)).map(({ hits }) => hits);
      expect(new Set(seen).size).toBe(50);
      expect(await store.get(scope, ["n"])).toEqual([{ hits: 50, weight: 25, last: 49 }]);
      expect(await store.update(scope, "n", { add: { hits: -50 }, max: { last: 3 }, ttlSeconds: 60 })).toEqual({
        hits: 0,
        weight: 25,
        last: 49,
      });
    });

    it("does not prolong an entry by updating it, and begins again at 0 when it has expired", async () => {
      const { store, advance } = await open();
      const scope = tenant();
      await store.update(scope, "n", { add: { hits: 1 }, ttlSeconds: 2 });
      await advance(1_200);
      expect(await store.update(scope, "n", { add: { hits: 1 }, ttlSeconds: 2 })).toEqual({ hits: 2 });
      await advance(1_200);
      expect(await store.get(scope, ["n"])).toEqual([undefined]);
      expect(await store.update(scope, "n", { add: { hits: 1 }, ttlSeconds: 2 })).toEqual({ hits: 1 });
    });

    it("shows 2 tenants with the same keys only their own values through 1,000 random operations", async () => {
      const { store } = await open();
      // The second name, followed by a key, spells the first name followed by another.
      const base = randomUUID();
      const tenants = [`${base}a`, base].map((id) => ({ scope: tenant(id), model: new Map<string, Json>() }));
      let state = 7;
      const below = (n: number): number => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return (state >>> 8) % n;
      };
      for (let i = 0; i < 1_000; i++) {
        const { scope, model } = tenants[below(2)] as (typeof tenants)[number];
        const key = ["a", "aa", "b", "ab", ":"][below(5)] as string;
        const kind = below(4);
        if (kind === 0) {
          await store.set(scope, [{ key, value: { n: i }, ttlSeconds: 600 }]);
          model.set(key, { n: i });
        } else if (kind === 1) {
          await store.remove(scope, [key]);
          model.delete(key);
        } else if (kind === 2) model.set(key, await store.update(scope, key, { add: { m: 1 }, ttlSeconds: 600 }));
        expect(await store.get(scope, [key, "a", "aa"])).toEqual([model.get(key), model.get("a"), model.get("aa")]);
      }
    });
  });
}

function tenant(id: string = randomUUID()): TenantScope {
  return systemScopes("test", [id])[0] as TenantScope;
}
