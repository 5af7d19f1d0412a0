/** The SurrealDB driver of the record store, over a connected client. */

import {
  type Clock,
  type ErrorCode,
  NexusError,
  type Random,
  type RecordStore,
  type RecordTx,
  silent,
  systemRandom,
  type Telemetry,
  type TenantScope,
  type Transacted,
} from "@nexus/core";
import type { Surreal } from "surrealdb";

import { commitGroup } from "./commit.ts";
import { connection } from "./connection.ts";
import { exportTenant } from "./export.ts";
import { type GroupBuffer, runGroup, type WriteRequest } from "./group.ts";
import { migrate } from "./migrate.ts";
import { createQueue } from "./queue.ts";
import { createReader } from "./reader.ts";

export interface SurrealRecordsOptions {
  readonly clock: Clock;
  /** For the jitter of repeated commits. */
  readonly random?: Random | undefined;
  readonly telemetry?: Telemetry | undefined;
  /** throws `store.full` when there is no room for a commit of this many bytes; asked before each one */
  readonly requireRoom?: ((bytes: number) => Promise<void>) | undefined;
}

/**
 * After a write that the disk refused, the engine's log may end in half a record, where its recovery stops. So nothing
 * is written behind such a failure: reads go on, and a restart recovers the log. `requireRoom` is there so that it
 * does not come to this: on a disk filled to the last byte, engine 3.0.2 acknowledged a write and lost it in the next recovery.
 */
const TORN_LOG: ReadonlySet<ErrorCode> = new Set(["store.full", "store.corrupt", "store.unavailable"]);

/** Longest wait before the first repetition of a commit that collided; doubles each time. */
const BACK_OFF_MS = 4;

/**
 * Brings the schema up to date and takes over the client, which must decode datetimes as `Date`.
 *
 * throws  `config.migration`, `config.version_skew` when the database's schema is not one that this release can use
 */
export async function createSurrealRecords(client: Surreal, options: SurrealRecordsOptions): Promise<RecordStore> {
  const { clock, random = systemRandom, telemetry = silent } = options;
  const database = connection(client);
  await migrate(database, clock);
  const knownTenants = new Set<string>();
  let failure: NexusError | undefined;

  const commit = async (buffer: GroupBuffer): Promise<void> => {
    const started = clock.monotonic();
    const writing = [...buffer].filter(([, { writes }]) => writes.size > 0).map(([tenant]) => tenant);
    if (writing.length === 0) return;
    if (failure) throw stopped(failure);
    await options.requireRoom?.(bytesOf(buffer));
    const fresh = writing.filter((tenant) => !knownTenants.has(tenant));
    try {
      await commitGroup(database, buffer, fresh, new Date(clock.now()));
    } catch (error) {
      if (error instanceof NexusError && TORN_LOG.has(error.code)) failure = error;
      throw error;
    }
    for (const tenant of fresh) knownTenants.add(tenant);
    telemetry.observe("store_seconds", (clock.monotonic() - started) / 1_000, { dependency: "records", op: "commit" });
  };
  const backOff = async (attempt: number): Promise<void> => {
    const [sample = 0] = random.bytes(new Uint8Array(1));
    const delayMs = (sample / 256) * BACK_OFF_MS * 2 ** attempt;
    await new Promise((resolve) => setTimeout(resolve, delayMs));
  };
  const disk = (tenant: string) => createReader(database, tenant);
  const queue = createQueue<WriteRequest>((take) => runGroup(take, { disk, commit, backOff, clock }));

  return {
    async transact<T>(scope: TenantScope, partitions: readonly string[], work: (tx: RecordTx) => Promise<T>) {
      const { promise, resolve, reject } = Promise.withResolvers<Transacted<T>>();
      const settle = resolve as WriteRequest["resolve"];
      queue.submit({ tenant: scope.tenant, partitions, work, resolve: settle, reject });
      return await promise;
    },
    reader: (scope) => disk(scope.tenant),
    export: (scope) => exportTenant(database, scope.tenant),
    async tenants() {
      return await database.run<string[]>("SELECT VALUE id[0] FROM tenant", {}, "listing tenants");
    },
    async compact() {
      await database.run("ALTER SYSTEM COMPACT", {}, "rewriting the files");
    },
    async close() {
      await queue.close();
      await database.close();
    },
  };
}

function bytesOf(buffer: GroupBuffer): number {
  return [...buffer.values()].reduce((sum, { writes }) => sum + writes.bytes, 0);
}

function stopped({ code, cause }: NexusError): NexusError {
  const advice =
    "a write to disk failed, and nothing can safely be written behind it; free some space and restart the server";
  return new NexusError(code, `[nexus/stores:surreal] ${advice}`, { cause });
}
