/** What every blob store must do. */

import { randomUUID } from "node:crypto";

import type { BlobStore, TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { describe, expect, it } from "vitest";

/** One reason each why a key could leave its place or mean another on some system. */
const BAD_KEYS = [
  ["", "/", "/etc/passwd", "..", "../x", "a/../../x", "a/..", "./a", "a/./b", "a//b", "a/", "x".repeat(513)],
  ["a\\b", "C:", "~", "A", "a\u0000", "a b", "%2e%2e", "é", "a\n"],
].flat();

export function blobStoreContract(name: string, open: () => Promise<BlobStore>): void {
  describe(`blob store: ${name}`, () => {
    const keysOf = async (store: BlobStore, scope: TenantScope, prefix: string): Promise<string[]> => {
      return (await Array.fromAsync(store.list(scope, prefix))).map(({ key }) => key);
    };

    it("gives bytes back as they were put, empty and large ones too, and undefined for no blob", async () => {
      const store = await open();
      const scope = tenant();
      const large = Uint8Array.from({ length: 1_048_577 }, (_, i) => (i * 31) & 0xff);
      await store.put(scope, "empty", new Uint8Array(0));
      await store.put(scope, "large.bin", large);
      expect(await store.get(scope, "empty")).toEqual(new Uint8Array(0));
      expect(await store.get(scope, "large.bin")).toEqual(large);
      expect(await store.get(scope, "missing")).toBeUndefined();
      expect(await store.get(scope, "missing/below")).toBeUndefined();
    });

    it("replaces whole: 20 puts in flight leave one of them, complete", async () => {
      const store = await open();
      const scope = tenant();
      await store.put(scope, "k", new Uint8Array(5_000).fill(99));
      const puts = Array.from({ length: 20 }, async (_, i) => {
        await store.put(scope, "k", new Uint8Array(1_000 + i).fill(i));
      });
      await Promise.all(puts);
      const bytes = await store.get(scope, "k");
      expect(bytes).toEqual(new Uint8Array(1_000 + (bytes?.[0] ?? 0)).fill(bytes?.[0] ?? 0));
      expect(await keysOf(store, scope, "")).toEqual(["k"]);
    });

    it("lists by prefix in key order, a key that is also another's folder included", async () => {
      const store = await open();
      const scope = tenant();
      const long = `${"x".repeat(250)}/${"y".repeat(255)}`;
      const keys = ["a", "a.b", "a/b", "a/b/c.json", "a/bc", "a-b", "ab/c", "jobs/1.json", "jobs/10.json", long];
      for (const key of keys.toReversed()) await store.put(scope, key, new Uint8Array(key.length));
      expect(await keysOf(store, scope, "")).toEqual(keys.toSorted());
      expect(await keysOf(store, scope, "a/b")).toEqual(["a/b", "a/b/c.json", "a/bc"]);
      expect(await keysOf(store, scope, "a/")).toEqual(["a/b", "a/b/c.json", "a/bc"]);
      expect(await keysOf(store, scope, "jobs/1.")).toEqual(["jobs/1.json"]);
      expect(await keysOf(store, scope, "x".repeat(210))).toEqual([long]);
      expect(await keysOf(store, scope, "nothing")).toEqual([]);
      const [info] = await Array.fromAsync(store.list(scope, "jobs/10"));
      expect(info).toEqual({ key: "jobs/10.json", bytes: 12, modifiedAt: expect.any(Date) });
    });

    it("removes, and does not mind removing twice", async () => {
      const store = await open();
      const scope = tenant();
      await store.put(scope, "a/b", new Uint8Array(1));
      await store.remove(scope, "a/b");
      await store.remove(scope, "a/b");
      expect(await store.get(scope, "a/b")).toBeUndefined();
      expect(await keysOf(store, scope, "")).toEqual([]);
    });

    it.each(BAD_KEYS)("refuses the key %j in every method", async (key) => {
      const store = await open();
      const scope = tenant();
      const refused = { code: "internal.unexpected" };
      await expect(store.put(scope, key, new Uint8Array(1))).rejects.toMatchObject(refused);
      await expect(store.get(scope, key)).rejects.toMatchObject(refused);
      await expect(store.remove(scope, key)).rejects.toMatchObject(refused);
    });

    it("refuses prefixes that leave the tenant", async () => {
      const store = await open();
      for (const prefix of ["../", "/", "a/../", "a//"]) {
        await expect(keysOf(store, tenant(), prefix)).rejects.toMatchObject({ code: "internal.unexpected" });
      }
    });

    it("keeps tenants apart, whatever their names and however long", async () => {
      const store = await open();
      const id = randomUUID();
      const names = [
        id,
        `${id}/a`,
        `../${id}`,
        `${id}😀`,
        `${id}.`,
        id.toUpperCase(),
        id.repeat(20),
        `${id.repeat(20)}x`,
      ];
      const scopes = names.map(tenant);
      for (const [i, scope] of scopes.entries()) await store.put(scope, "a/k", Uint8Array.of(i));
      for (const [i, scope] of scopes.entries()) {
        expect(await store.get(scope, "a/k")).toEqual(Uint8Array.of(i));
        expect(await keysOf(store, scope, "")).toEqual(["a/k"]);
        await store.remove(scope, "a/k");
      }
    });

    it("shows 2 tenants with the same keys only their own blobs through 400 random operations", async () => {
      const store = await open();
      const tenants = [tenant(), tenant()].map((scope) => ({ scope, model: new Map<string, number>() }));
      let state = 11;
      const below = (n: number): number => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return (state >>> 8) % n;
      };
      for (let i = 0; i < 400; i++) {
        const { scope, model } = tenants[below(2)] as (typeof tenants)[number];
        const key = ["a", "a/b", "b", "b/c/d"][below(4)] as string;
        const kind = below(4);
        if (kind < 2) {
          await store.put(scope, key, new Uint8Array(i));
          model.set(key, i);
        } else if (kind === 2) {
          await store.remove(scope, key);
          model.delete(key);
        }
        expect((await store.get(scope, key))?.byteLength).toBe(model.get(key));
        expect(await keysOf(store, scope, "")).toEqual([...model.keys()].sort());
      }
    });
  });
}

function tenant(id: string = randomUUID()): TenantScope {
  return systemScopes("test", [id])[0] as TenantScope;
}
