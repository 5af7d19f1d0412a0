import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EVERYTHING, type NexusError, type TenantScope, type VectorPoint } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { logName, tenantDigest } from "./local-vectors/file-name.node.ts";
import { type LocalVectors, openLocalVectors } from "./local-vectors.node.ts";

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

const open = (): Promise<LocalVectors> => openLocalVectors({ directory, onDamage: (...of) => onDamage(...of) });

describe("local vectors", () => {
  test("a tenant's file is named by 64 hexadecimal digits, never by the tenant", async () => {
    await fill(ana, ben);
    for (const name of await readdir(directory)) expect(name).toMatch(/^[0-9a-f]{64}\.vectors$/);
    expect(await readdir(directory)).toHaveLength(2);
  });

  test("a damaged log is reported once, moved aside, and the tenant starts empty; other tenants keep what they have", async () => {
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

  test("while the report of a damage fails, the tenant does not open and its file stays; the next call tries again", async () => {
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

  test("another tenant's log in a tenant's place is refused as damaged", async () => {
    await fill(ana);
    const [anasLog] = await readdir(directory);
    await fill(ben);
    const bensLog = (await readdir(directory)).find((name) => name !== anasLog)!;
    await writeFile(join(directory, bensLog), await readFile(join(directory, anasLog!)));
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

/** Changes a byte in the middle of the tenant's log and returns the file's name. */
async function damage({ tenant }: TenantScope): Promise<string> {
  const name = logName(tenantDigest(tenant));
  const bytes = await readFile(join(directory, name));
  bytes[100]! ^= 1;
  await writeFile(join(directory, name), bytes);
  return name;
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
