/** The memory service in the bench's own process, over embedded stores in a temporary directory. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EVERYTHING, type TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import type { Mode, NewMemory, RecallRequest, Writer } from "@nexus/memory";
import { openLocal } from "../../../functions/local/app.ts";
import { readConfig } from "../../../functions/local/config.ts";
import type { LocalMemories } from "../../../functions/local/memories.ts";
import { type BenchMemory, USER } from "./corpus.ts";

export interface Product {
  readonly memories: LocalMemories;
  /** A scope of the tenant. */
  scope(tenant: string): TenantScope;
  writer(tenant: string): Writer;
  close(): Promise<void>;
}

export async function openProduct(env: Readonly<Record<string, string>> = {}): Promise<Product> {
  const directory = mkdtempSync(join(tmpdir(), "nexus-bench-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const config = readConfig({
    NEXUS_DATA_DIR: directory,
    NEXUS_API_KEYS: "key-of-the-benches:bench:admin",
    NEXUS_LOG_LEVEL: "error",
    ...env,
  });
  const local = await openLocal(config, (line) => console.error(line));
  const scope = (tenant: string): TenantScope => systemScopes("test", [tenant])[0] as TenantScope;
  return {
    memories: local.memories,
    scope,
    writer: (tenant) => ({ scope: scope(tenant), keyId: "bench" }),
    close: () => local.close(),
  };
}

export function toNew({ createdAt, ...memory }: BenchMemory): NewMemory {
  return { ...memory, createdAt: new Date(createdAt), metadata: {} };
}

export function recallOf(query: string, mode: Mode): RecallRequest {
  return {
    query,
    userId: USER,
    k: 10,
    mode,
    minScore: 0,
    filter: EVERYTHING,
    maxStalenessMs: 1_000,
    budgetMs: 250,
    explain: false,
  };
}
