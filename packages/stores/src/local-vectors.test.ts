import { mkdtemp, open as openNodeFile, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { EVERYTHING, type NexusError, type TenantScope, type VectorPoint } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { folderName, tenantDigest } from "./local-vectors/file-name.node.ts";
import { type LocalVectors, type LocalVectorsOptions, openLocalVectors } from "./local-vectors.node.ts";

const [ana, ben] = systemScopes("test", ["ana", "../ben"]) as [TenantScope, TenantScope];
let directory: string;
let damages: { readonly tenant: string; readonly code: string }[];
let onDamage: (tenant: string, error: NexusError) => Promise<void>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "nexus-vectors-"));
  damages = [];
  onDamage = async (tenant, { code }) => {
    damages.push({ tenant, code });
  };
});
afterEach(() => rm(directory, { recursive: true }));

const open = (options: Partial<LocalVectorsOptions> = {}): Promise<LocalVectors> =>
  openLocalVectors({ directory, onDamage: (...of) => onDamage(...of), ...options });

describe("local vectors", () => {
  test("a tenant's folder is named by 64 hexadecimal digits, never by the tenant", async () => {
    await fill(ana, ben);
    for (const name of await readdir(directory)) expect(name).toMatch(/^[0-9a-f]{64}\.vectors$/);
    expect(await readdir(directory)).toHaveLength(2);
  });

  test("a damaged index is reported once, moved aside, and the tenant starts empty; other tenants keep what they have", async () => {
    await fill(ana, ben);
    const name = await damage(ana);
    const store = await open();
    const counts = await Promise.all([1, 2, 3].map(async () => (await store.describe(ana)).points));
    expect(counts).toEqual([0, 0, 0]);
    expect(damages).toEqual([{ tenant: "ana", code: "index.corrupt" }]);
    expect((await store.describe(ben)).points).toBe(1);
    expect(await readdir(directory)).toContain(`${name}.damaged-1`);
    await store.upsert(ana, [point("again")]);
    await store.close();

    await damage(ana);
    const later = await open();
    expect((await later.describe(ana)).points).toBe(0);
    expect(await readdir(directory)).toContain(`${name}.damaged-2`);
    await later.close();
  });

  test("while the report of a damage fails, the tenant does not open and its folder stays; the next call tries again", async () => {
    await fill(ana);
    const name = await damage(ana);
    const report = onDamage;
    onDamage = () => Promise.reject(new Error("records cannot be reached"));
    const store = await open();
    await expect(store.describe(ana)).rejects.toThrow("records cannot be reached");
    expect(await readdir(directory)).toEqual([name]);
    onDamage = report;
    expect((await store.describe(ana)).points).toBe(0);
    await store.close();
  });

  test("another tenant's folder in a tenant's place is refused as damaged", async () => {
    await fill(ana);
    await rename(folderOf(ana), folderOf(ben));
    const store = await open();
    expect((await store.describe(ben)).points).toBe(0);
    expect(damages).toEqual([{ tenant: "../ben", code: "index.corrupt" }]);
    await store.close();
  });

  test("close waits for writes under way and refuses what comes after", async () => {
    const store = await open();
    const writing = store.upsert(ana, [point("m")]);
    await store.describe(ana);
    await store.close();
    await writing;
    await expect(store.describe(ana)).rejects.toMatchObject({ code: "store.unavailable" });
    const again = await open();
    expect(await search(again, ana)).toEqual(["m"]);
    await again.close();
  });

  test("a file of version 1 in a tenant's place is reported as damage and set aside", async () => {
    await writeFile(folderOf(ana), "NXVECLOG");
    const store = await open();
    expect((await store.describe(ana)).points).toBe(0);
    expect(damages).toEqual([{ tenant: "ana", code: "index.corrupt" }]);
    await store.close();
  });

  test("beyond the budget the longest unused tenants are closed, and are all there at their next use, however calls mix", async () => {
    const scopes = systemScopes("test", ["a", "b", "c", "d"]);
    const store = await open({ maxBytes: 1 });
    const look = (scope: TenantScope): Promise<string[]> => search(store, scope);
    await Promise.all(scopes.map((scope, i) => store.upsert(scope, [point(`m${i}`)])));
    for (let round = 0; round < 5; round++) {
      for (const [i, scope] of scopes.entries()) expect(await look(scope)).toEqual([`m${i}`]);
      const mixed = Array.from({ length: 40 }, (_, i) => (7 * i + round) % 4);
      expect(await Promise.all(mixed.map((i) => look(scopes[i]!)))).toEqual(mixed.map((i) => [`m${i}`]));
    }
    await Promise.all(scopes.map((scope, i) => store.upsert(scope, [point(`n${i}`)])));
    await store.close();
    const again = await open();
    for (const [i, scope] of scopes.entries()) expect((await search(again, scope)).sort()).toEqual([`m${i}`, `n${i}`]);
    await again.close();
  });

  test("a tenant closed for the budget holds no file open, one within it stays open", async () => {
    const opened = new Map<string, number>();
    const openFile: LocalVectorsOptions["openFile"] = async (path, flags, mode) => {
      const folder = dirname(path);
      if (basename(path).startsWith("log")) opened.set(folder, (opened.get(folder) ?? 0) + 1);
      return await openNodeFile(path, flags, mode);
    };
    await fill(ana, ben);
    const roomy = await open({ openFile });
    for (let i = 0; i < 3; i++) for (const scope of [ana, ben]) await roomy.describe(scope);
    await roomy.close();
    expect([opened.get(folderOf(ana)), opened.get(folderOf(ben))]).toEqual([1, 1]);
    const tight = await open({ openFile, maxBytes: 1 });
    for (let i = 0; i < 3; i++) for (const scope of [ana, ben]) await tight.describe(scope);
    await tight.close();
    expect([opened.get(folderOf(ana)), opened.get(folderOf(ben))]).toEqual([4, 4]);
  });

  test("after a physical removal neither the tenant's files nor what was set aside of it hold what was removed", async () => {
    await fill(ana, ben);
    await damage(ana);
    const store = await open();
    await store.upsert(ana, [point("kept"), point("forgotten")]);
    await store.remove(ana, ["forgotten"]);
    expect(await readdir(directory)).toHaveLength(3);
    await store.remove(ana, [], { physically: true });
    expect((await readdir(directory)).sort()).toEqual([basename(folderOf(ana)), basename(folderOf(ben))].sort());
    const texts = await Promise.all(
      (await readdir(folderOf(ana))).map((name) => readFile(join(folderOf(ana), name), "latin1")),
    );
    expect(texts.join("")).toContain("kept");
    expect(texts.join("")).not.toContain("forgotten");
    expect(await search(store, ana)).toEqual(["kept"]);
    await store.close();
  });

  test("a directory that cannot be opened is store.unavailable", async () => {
    const store = await open();
    await rm(directory, { recursive: true });
    await expect(store.describe(ana)).rejects.toMatchObject({ code: "store.unavailable" });
    await store.close();
    directory = await mkdtemp(join(tmpdir(), "nexus-vectors-"));
  });
});

async function fill(...scopes: readonly TenantScope[]): Promise<void> {
  const store = await open();
  for (const scope of scopes) await store.upsert(scope, [point("m")]);
  await store.close();
}

function folderOf({ tenant }: TenantScope): string {
  return join(directory, folderName(tenantDigest(tenant)));
}

/** Changes a byte in the middle of the tenant's log and returns the folder's name. */
async function damage(scope: TenantScope): Promise<string> {
  const file = join(folderOf(scope), "log-1");
  const bytes = await readFile(file);
  bytes[100]! ^= 1;
  await writeFile(file, bytes);
  return basename(folderOf(scope));
}

async function search(store: LocalVectors, scope: TenantScope): Promise<string[]> {
  const sparse = { ids: Uint32Array.of(1), weights: Float32Array.of(1) };
  return (await store.search(scope, { by: { sparse }, filter: EVERYTHING, limit: 9 })).map(({ memoryId }) => memoryId);
}

function point(id: string): VectorPoint {
  return {
    pointId: id,
    chunkIndex: 0,
    vectors: { static: Float32Array.of(1, 0) },
    sparse: { ids: Uint32Array.of(1), weights: Float32Array.of(1) },
    payload: { id, addedSeq: 1, version: 1, language: "en", createdAt: 0, recordedAt: 0, updatedAt: 0, metadata: {} },
  };
}
