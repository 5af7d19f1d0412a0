/** Blob stores against their contract. */

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { openFileBlobs } from "@nexus/stores/node";
import { afterAll, expect, it } from "vitest";

import { blobStoreContract } from "../contract/blob-store.ts";

const directory = await mkdtemp(join(tmpdir(), "nexus-blobs-"));
afterAll(async () => await rm(directory, { recursive: true, force: true }));

blobStoreContract("files", async () => openFileBlobs({ directory: join(directory, "blobs") }));

it("leaves no unfinished file and nothing outside its directory", async () => {
  const [scope] = systemScopes("test", ["../../outside"]) as [TenantScope];
  const blobs = openFileBlobs({ directory: join(directory, "alone") });
  await Promise.all(Array.from({ length: 20 }, async (_, i) => await blobs.put(scope, `k${i % 3}`, new Uint8Array(9))));
  expect((await readdir(directory)).sort()).toEqual(["alone", "blobs"]);
  const names = await readdir(join(directory, "alone"), { recursive: true });
  expect(names.filter((name) => !name.includes("="))).toEqual([`t-${Buffer.from("../../outside").toString("hex")}`]);
  expect(names).toHaveLength(4);
});

it("names the failure of a place that is no directory", async () => {
  const [scope] = systemScopes("test", ["a"]) as [TenantScope];
  const blobs = openFileBlobs({ directory: "/dev/null/blobs" });
  await expect(blobs.put(scope, "k", new Uint8Array(1))).rejects.toMatchObject({ code: "store.unavailable" });
});
