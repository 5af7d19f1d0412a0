/** The embedded vector store: an index in memory and a log on disk for each tenant. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { NexusError, type TenantScope, type VectorStore } from "@nexus/core";
import { type DurableIndex, type DurableIndexOptions, openDurableIndex } from "@nexus/index/node";
import { logName, moveAside, tenantDigest } from "./local-vectors/file-name.node.ts";

export interface LocalVectorsOptions extends Pick<DurableIndexOptions, "kernels"> {
  /** Made if need be. One process at a time: the caller holds the data directory's lock. */
  readonly directory: string;
  /**
   * Awaited when a tenant's log is damaged, before the file is moved aside and the tenant starts empty: the moment
   * to arrange for a rebuild from the records. It must not use the store for this tenant before it has resolved;
   * if it throws, so does the call that opened the tenant, and the next one tries again.
   */
  readonly onDamage: (tenant: string, error: NexusError) => Promise<void>;
}

export interface LocalVectors extends VectorStore {
  /** Waits for writes under way; every later call is refused with `store.unavailable`. */
  close(): Promise<void>;
}

/** Opens the store. A tenant's index is read at its first use, once, however many calls wait for it. */
export async function openLocalVectors({
  directory,
  onDamage,
  ...options
}: LocalVectorsOptions): Promise<LocalVectors> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const tenants = new Map<string, Promise<DurableIndex>>();
  let closed = false;

  function indexOf({ tenant }: TenantScope): Promise<DurableIndex> {
    if (closed) return Promise.reject(new NexusError("store.unavailable", "[nexus/stores:local-vectors] it is closed"));
    let opening = tenants.get(tenant);
    if (!opening) {
      opening = openTenant(tenant);
      tenants.set(tenant, opening);
      opening.catch(() => tenants.delete(tenant));
    }
    return opening;
  }

  async function openTenant(tenant: string): Promise<DurableIndex> {
    const owner = tenantDigest(tenant);
    const name = logName(owner);
    const open = (): Promise<DurableIndex> =>
      openDurableIndex({ ...options, path: join(directory, name), owner }).catch((error: unknown) => {
        throw error instanceof NexusError ? error : unavailable(error);
      });
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof NexusError) || error.code !== "index.corrupt") throw error;
      await onDamage(tenant, error);
      await moveAside(directory, name);
      return await open();
    }
  }

  return {
    upsert: async (scope, points) => (await indexOf(scope)).upsert(points),
    remove: async (scope, memoryIds) => (await indexOf(scope)).remove(memoryIds),
    search: async (scope, query) => (await indexOf(scope)).search(query),
    terms: async (scope, ids) => (await indexOf(scope)).terms(ids),
    describe: async (scope) => (await indexOf(scope)).describe(),
    async close() {
      closed = true;
      const opened = await Promise.allSettled(tenants.values());
      tenants.clear();
      await Promise.all(opened.flatMap((index) => (index.status === "fulfilled" ? [index.value.close()] : [])));
    },
  };
}

function unavailable(cause: unknown): NexusError {
  const { code = "error" } = cause as NodeJS.ErrnoException;
  const full = code === "ENOSPC" || code === "EDQUOT";
  return new NexusError(
    full ? "store.full" : "store.unavailable",
    `[nexus/stores:local-vectors] opening a tenant's vector log failed (${code}); check the data directory`,
    { cause },
  );
}
