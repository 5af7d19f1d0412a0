/** The tenants whose index is open: each opened at its first use, and those longest unused closed when all together take too much memory. */

import { NexusError } from "@nexus/core";
import type { DurableIndex } from "@nexus/index/node";

export interface OpenTenantsOptions {
  readonly open: (tenant: string) => Promise<DurableIndex>;
  /** Bytes of memory that all open indexes may take. */
  readonly maxBytes: number;
  /** Told when closing a tenant's index failed; what was acknowledged is on disk all the same. */
  readonly onCloseFailure: (tenant: string, error: unknown) => void;
}

interface Entry {
  readonly opening: Promise<DurableIndex>;
  index?: DurableIndex;
  /** Operations under way. */
  uses: number;
}

export class OpenTenants {
  readonly #options: OpenTenantsOptions;
  /** The longest unused first. */
  readonly #entries = new Map<string, Entry>();
  readonly #closing = new Map<string, Promise<void>>();
  readonly #operations = new Set<Promise<unknown>>();
  #closed = false;
  /** Whether more is open than the budget allows, because it was in use. */
  #isOver = false;

  constructor(options: OpenTenantsOptions) {
    this.#options = options;
  }

  /** Opens the tenant's index if need be, once however many wait for it, and keeps it open until the work is done. */
  async use<T>(tenant: string, work: (index: DurableIndex) => T | Promise<T>): Promise<T> {
    if (this.#closed) throw new NexusError("store.unavailable", "[nexus/stores:local-vectors] it is closed");
    const entry = this.#entryOf(tenant);
    entry.uses++;
    const operation = entry.opening.then(work);
    this.#operations.add(operation);
    try {
      return await operation;
    } finally {
      entry.uses--;
      this.#operations.delete(operation);
      if (this.#isOver) this.#closeUnused();
    }
  }

  /** Waits for operations under way; every later one is refused with `store.unavailable`. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#operations);
    const opened = await Promise.allSettled([...this.#entries.values()].map(({ opening }) => opening));
    this.#entries.clear();
    await Promise.all(opened.flatMap((index) => (index.status === "fulfilled" ? [index.value.close()] : [])));
    await Promise.all(this.#closing.values());
  }

  #entryOf(tenant: string): Entry {
    const present = this.#entries.get(tenant);
    if (present) {
      this.#entries.delete(tenant);
      this.#entries.set(tenant, present);
      return present;
    }
    const opening = (this.#closing.get(tenant) ?? Promise.resolve()).then(() => this.#options.open(tenant));
    const entry: Entry = { opening, uses: 0 };
    this.#entries.set(tenant, entry);
    void this.#settle(tenant, entry);
    return entry;
  }

  async #settle(tenant: string, entry: Entry): Promise<void> {
    try {
      entry.index = await entry.opening;
      this.#closeUnused();
    } catch {
      // Those who wait for it are told; the next call tries again.
      this.#entries.delete(tenant);
    }
  }

  /** Closes the longest unused until the rest fits. What is in use stays, and so does the last that was used. */
  #closeUnused(): void {
    if (this.#closed) return;
    const sizes = [...this.#entries].map(([tenant, entry]) => ({
      tenant,
      entry,
      bytes: entry.index?.describe().bytes ?? 0,
    }));
    let bytes = sizes.reduce((sum, one) => sum + one.bytes, 0);
    for (const { tenant, entry, bytes: freed } of sizes.slice(0, -1)) {
      if (bytes <= this.#options.maxBytes) break;
      if (entry.uses > 0 || !entry.index) continue;
      bytes -= freed;
      this.#entries.delete(tenant);
      const closing = entry.index
        .close()
        .catch((error: unknown) => this.#options.onCloseFailure(tenant, error))
        .finally(() => this.#closing.delete(tenant));
      this.#closing.set(tenant, closing);
    }
    this.#isOver = bytes > this.#options.maxBytes && sizes.length > 1;
  }
}
