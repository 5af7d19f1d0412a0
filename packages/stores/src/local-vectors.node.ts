/** The embedded vector store: for each tenant an index in memory, and a folder of files that it is read from. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { NexusError, type VectorStore } from "@nexus/core";
import { type DurableIndex, type DurableIndexOptions, openDurableIndex } from "@nexus/index/node";
import { folderName, moveAside, removeMovedAside, tenantDigest } from "./local-vectors/file-name.node.ts";
import { OpenTenants } from "./local-vectors/open-tenants.node.ts";

/** Memory for open indexes unless told otherwise: one of a million points of 384 dimensions. */
const MAX_BYTES = 2_147_483_648;

export interface LocalVectorsOptions extends Omit<DurableIndexOptions, "path" | "owner" | "onNotice"> {
  /** Made if need be. One process at a time: the caller holds the data directory's lock. */
  readonly directory: string;
  /**
   * Awaited when a tenant's index is damaged, before its folder is moved aside and the tenant starts empty: the moment
   * to arrange for a rebuild from the records. It must not use the store for this tenant before it has resolved;
   * if it throws, so does the call that opened the tenant, and the next one tries again.
   */
  readonly onDamage: (tenant: string, error: NexusError) => Promise<void>;
  /**
   * Bytes of memory that open indexes may take together, as `describe` counts them: 2 GiB. When a tenant is opened
   * beyond that, those longest unused are closed, and opened again at their next use.
   */
  readonly maxBytes?: number | undefined;
  /** Told what went wrong without harm: a graph that is built anew, a merge that is put off. */
  readonly onNotice?: ((tenant: string, message: string) => void) | undefined;
}

export interface LocalVectors extends VectorStore {
  /** Waits for operations under way; every later call is refused with `store.unavailable`. */
  close(): Promise<void>;
}

/** Opens the store. A tenant's index is read at its first use, once, however many calls wait for it. */
export async function openLocalVectors({
  directory,
  onDamage,
  maxBytes = MAX_BYTES,
  onNotice = () => undefined,
  ...options
}: LocalVectorsOptions): Promise<LocalVectors> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const tenants = new OpenTenants({
    open: openTenant,
    maxBytes,
    onCloseFailure: (tenant, error) => onNotice(tenant, `closing its index failed: ${String(error)}`),
  });

  async function openTenant(tenant: string): Promise<DurableIndex> {
    const owner = tenantDigest(tenant);
    const name = folderName(owner);
    const open = (): Promise<DurableIndex> =>
      openDurableIndex({
        ...options,
        path: join(directory, name),
        owner,
        onNotice: (message) => onNotice(tenant, message),
      }).catch((error: unknown) => {
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
    upsert: ({ tenant }, points) => tenants.use(tenant, (index) => index.upsert(points)),
    remove: ({ tenant }, memoryIds, { physically = false } = {}) =>
      tenants.use(tenant, async (index) => {
        await index.remove(memoryIds);
        if (!physically) return;
        await index.compact();
        await removeMovedAside(directory, folderName(tenantDigest(tenant)));
      }),
    search: ({ tenant }, query) => tenants.use(tenant, (index) => index.search(query)),
    terms: ({ tenant }, ids) => tenants.use(tenant, (index) => index.terms(ids)),
    describe: ({ tenant }) => tenants.use(tenant, (index) => index.describe()),
    close: () => tenants.close(),
  };
}

function unavailable(cause: unknown): NexusError {
  const { code = "error" } = cause as NodeJS.ErrnoException;
  const full = code === "ENOSPC" || code === "EDQUOT";
  return new NexusError(
    full ? "store.full" : "store.unavailable",
    `[nexus/stores:local-vectors] opening a tenant's vector index failed (${code}); check the data directory`,
    { cause },
  );
}
