/** The memory service over embedded stores for unit tests: a clock that tests move, chance that repeats, and places where a store can be made to fail or wait. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Clock,
  createIds,
  EVERYTHING,
  type Job,
  type LogFields,
  type Memory,
  NexusError,
  type Random,
  type RecordReader,
  type RecordStore,
  type TenantScope,
  type Telemetry,
  type VectorQuery,
  type VectorStore,
} from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { createHashingEmbedder } from "@nexus/embed";
import { createVectorIndex, type VectorIndex } from "@nexus/index";
import {
  createMemory,
  DEFAULTS,
  type Dependencies,
  type Memories,
  type NewMemory,
  type ProcessRequest,
  type RecallRequest,
  type RecallResponse,
  type Settings,
  type Writer,
} from "@nexus/memory";
import { createSigner } from "@nexus/platform";
import { createMemoryCache } from "@nexus/stores";
import { embeddedUrl, openFileBlobs, openSurrealRecords } from "@nexus/stores/node";
import { afterAll, afterEach } from "vitest";
import { seeded } from "./random.ts";

interface TestClock extends Clock {
  advance(ms: number): void;
}

/** What a test may do just before a store acts: throw, wait, count, or write something else in between. */
interface Interference {
  vectors?: ((call: VectorCall) => void | Promise<void>) | undefined;
  transact?: (() => void | Promise<void>) | undefined;
}

export interface VectorCall {
  readonly method: "upsert" | "remove" | "search" | "terms" | "describe";
  readonly memoryIds: readonly string[];
  readonly query?: VectorQuery | undefined;
}

interface LogLine extends LogFields {
  readonly message: string;
}

export interface World {
  readonly clock: TestClock;
  readonly dependencies: Dependencies;
  /** Taken away after each test. */
  readonly interfere: Interference;
  readonly logs: LogLine[];
  /** A tenant that nothing was written for. */
  tenant(): Tenant;
  /** The service of another process over the same stores. */
  start(settings?: Partial<Settings>): Memories;
}

/** One tenant, and short ways to use the service for it. */
export interface Tenant extends Memories {
  readonly scope: TenantScope;
  readonly writer: Writer;
  readonly reader: RecordReader;
  tell(content: string, fields?: Partial<NewMemory>): Promise<string>;
  ask(query: string, fields?: Partial<RecallRequest>): Promise<RecallResponse>;
  process(text: string, fields?: Partial<ProcessRequest>): ReturnType<Memories["memory"]["process"]>;
  /** Contents of the results. */
  find(query: string, fields?: Partial<RecallRequest>): Promise<string[]>;
  row(id: string): Promise<Memory | undefined>;
  /** Memories that the outbox owes to the vector store. */
  owed(): Promise<string[]>;
  jobs(): Promise<readonly Job[]>;
  /** Memories in the vector store. */
  indexed(): Promise<number>;
  under(key: string, body?: string): Writer;
}

export const UNAVAILABLE: NexusError = new NexusError("store.unavailable", "[test] the store is away");

/** One world a test file: the record engine opens a directory once in a process. */
export async function openWorld(settings: Partial<Settings> = {}, cacheEntries = 10_000): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), "nexus-memory-"));
  const clock = createClock();
  const interfere: Interference = {};
  const logs: LogLine[] = [];
  const telemetry: Telemetry = {
    count() {},
    gauge() {},
    observe() {},
    log: (_level, message, fields) => logs.push({ ...fields, message }),
  };
  const random = createRandom(42);
  const records = await openSurrealRecords({ url: embeddedUrl(join(directory, "records")), clock });
  const dependencies: Dependencies = {
    records: interruptible(records, interfere),
    vectors: createVectors(interfere),
    cache: createMemoryCache({ clock, maxEntries: cacheEntries, maxBytes: 67_108_864 }),
    blobs: openFileBlobs({ directory: join(directory, "blobs") }),
    embedder: createHashingEmbedder({ dimension: 256 }),
    clock,
    random,
    ids: createIds(clock, random),
    telemetry,
    signers: createSigner([new Uint8Array(32).fill(7)]).verifiers,
    settings: { ...DEFAULTS, ...settings },
  };
  const start = (more: Partial<Settings> = {}): Memories =>
    createMemory({ ...dependencies, settings: { ...dependencies.settings, ...more } });
  const memories = start();
  let tenants = 0;
  afterEach(() => {
    delete interfere.vectors;
    delete interfere.transact;
  });
  afterAll(async () => {
    await memories.background.stop();
    await records.close();
    await rm(directory, { recursive: true, force: true });
  });
  return {
    clock,
    dependencies,
    interfere,
    logs,
    start,
    tenant: () => createTenant(`t${++tenants}`, memories, dependencies),
  };
}

function createTenant(name: string, memories: Memories, { records, vectors }: Dependencies): Tenant {
  const [scope] = systemScopes("test", [name]) as [TenantScope];
  const writer: Writer = { scope, keyId: "key-1" };
  const reader = records.reader(scope);
  const { memory } = memories;
  const ask: Tenant["ask"] = (query, fields) => memory.recall(scope, recallRequest(query, fields));
  return {
    ...memories,
    scope,
    writer,
    reader,
    ask,
    async tell(content, fields) {
      const { results } = await memory.remember(writer, [newMemory(content, fields)]);
      return results[0]?.id ?? "";
    },
    process: (text, fields) =>
      memory.process(writer, { ...recallRequest(text), remember: "auto", metadata: {}, ...fields }),
    async find(query, fields) {
      const { results } = await ask(query, fields);
      return results.map((result) => result.memory.content);
    },
    async row(id) {
      const [row] = await reader.get("memory", [[id]]);
      return row;
    },
    async owed() {
      // Writes are in order: after this one, entries that were settled before are off the disk.
      await records.transact(scope, [], async () => undefined);
      const rows = await reader.range({ table: "outbox", prefix: [], limit: 10_000 });
      return rows.flatMap(({ memoryIds }) => memoryIds);
    },
    jobs: async () => (await memory.jobs(scope, { limit: 200 })).items,
    indexed: async () => (await vectors.describe(scope)).memories,
    under: (key, body = "same") => ({ ...writer, idempotency: { route: "POST /x", key, bodyHash: body } }),
  };
}

export function newMemory(content: string, fields: Partial<NewMemory> = {}): NewMemory {
  return { content, userId: "ana", metadata: {}, ...fields };
}

export function recallRequest(query: string, fields: Partial<RecallRequest> = {}): RecallRequest {
  return {
    query,
    userId: "ana",
    k: 10,
    mode: "auto",
    minScore: 0,
    filter: EVERYTHING,
    maxStalenessMs: 1_000,
    budgetMs: 60_000,
    explain: false,
    ...fields,
  };
}

/** Starts at the real time, which the times of blobs are compared with, and stands still. */
function createClock(): TestClock {
  let now = Math.floor(Date.now() / 1_000) * 1_000;
  return {
    now: () => now,
    monotonic: () => now,
    advance(ms) {
      now += ms;
    },
  };
}

function createRandom(seed: number): Random {
  const next = seeded(seed);
  return {
    bytes(target) {
      for (let i = 0; i < target.length; i++) target[i] = Math.floor(next() * 256);
      return target;
    },
  };
}

function interruptible(records: RecordStore, interfere: Interference): RecordStore {
  return {
    ...records,
    async transact(scope, partitions, work) {
      await interfere.transact?.();
      return await records.transact(scope, partitions, work);
    },
  };
}

/** An index in memory for each tenant. */
function createVectors(interfere: Interference): VectorStore {
  const tenants = new Map<string, VectorIndex>();
  const indexOf = ({ tenant }: TenantScope): VectorIndex => {
    const index = tenants.get(tenant) ?? createVectorIndex();
    tenants.set(tenant, index);
    return index;
  };
  const before = async (
    method: VectorCall["method"],
    memoryIds: readonly string[] = [],
    query?: VectorQuery,
  ): Promise<void> => await interfere.vectors?.({ method, memoryIds, query });
  return {
    async upsert(scope, points) {
      await before("upsert", [...new Set(points.map(({ payload }) => payload.id))]);
      indexOf(scope).upsert(points);
    },
    async remove(scope, memoryIds) {
      await before("remove", memoryIds);
      indexOf(scope).remove(memoryIds);
    },
    async search(scope, query) {
      await before("search", query.among, query);
      return indexOf(scope).search(query);
    },
    async terms(scope, ids) {
      await before("terms");
      return indexOf(scope).terms(ids);
    },
    async describe(scope) {
      await before("describe");
      return indexOf(scope).describe();
    },
  };
}
