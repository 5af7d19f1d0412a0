/** The memory service over embedded stores for ablations of engines: a clock that moves as told, and one tenant. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, createIds, EVERYTHING, type RecordReader, type TenantScope, type VectorStore } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { readE0 } from "@nexus/embed/node";
import { createVectorIndex } from "@nexus/index";
import {
  createMemory,
  DEFAULTS,
  type Dependencies,
  type Memories,
  type NewMemory,
  type RecallRequest,
  type RecallResponse,
  type Settings,
  type Writer,
} from "@nexus/memory";
import { createSigner } from "@nexus/platform";
import { createMemoryCache } from "@nexus/stores";
import { embeddedUrl, openFileBlobs, openSurrealRecords } from "@nexus/stores/node";
import { seeded } from "../../support/random.ts";

export interface EngineWorld {
  readonly clock: Clock & { advance(ms: number): void };
  readonly dependencies: Dependencies;
  readonly scope: TenantScope;
  readonly writer: Writer;
  readonly reader: RecordReader;
  /** The service as it is, or with other settings over the same stores. */
  service(settings?: Partial<Settings>): Memories;
  /** Ids in the order of the texts. */
  tell(memories: readonly NewMemory[]): Promise<string[]>;
  close(): Promise<void>;
}

/** When an eval's world begins: a date of its own, so that figures do not depend on the day. */
const BEGIN = Date.parse("2026-06-01T09:00:00Z");
const STEP = 100;

export async function openEngineWorld(): Promise<EngineWorld> {
  const directory = await mkdtemp(join(tmpdir(), "nexus-engines-"));
  let now = BEGIN;
  const clock = { now: () => now, monotonic: () => performance.now(), advance: (ms: number) => void (now += ms) };
  const next = seeded(7);
  const random = { bytes: (target: Uint8Array) => target.map((_, i) => (target[i] = Math.floor(next() * 256))) };
  const records = await openSurrealRecords({ url: embeddedUrl(join(directory, "records")), clock });
  const dependencies: Dependencies = {
    records,
    vectors: inMemory(),
    cache: createMemoryCache({ clock, maxEntries: 10_000, maxBytes: 67_108_864 }),
    blobs: openFileBlobs({ directory: join(directory, "blobs") }),
    embedder: readE0(),
    clock,
    random,
    ids: createIds(clock, random),
    telemetry: { count() {}, gauge() {}, observe() {}, log() {} },
    signers: createSigner([new Uint8Array(32).fill(7)]).verifiers,
    // No source may be late: the figures would depend on how busy the machine is.
    settings: { ...DEFAULTS, searchDeadlineMs: 30_000 },
  };
  const [scope] = systemScopes("test", ["engines"]) as [TenantScope];
  const writer: Writer = { scope, keyId: "eval" };
  const services: Memories[] = [];
  const service: EngineWorld["service"] = (settings = {}) => {
    const made = createMemory({ ...dependencies, settings: { ...dependencies.settings, ...settings } });
    services.push(made);
    return made;
  };
  const { memory } = service();
  return {
    clock,
    dependencies,
    scope,
    writer,
    reader: records.reader(scope),
    service,
    async tell(memories) {
      const ids: string[] = [];
      for (let from = 0; from < memories.length; from += STEP) {
        const { results } = await memory.remember(writer, memories.slice(from, from + STEP));
        ids.push(...results.map(({ id }) => id ?? ""));
      }
      return ids;
    },
    async close() {
      for (const { background } of services) await background.stop();
      await records.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function question(query: string, userId: string, fields: Partial<RecallRequest> = {}): RecallRequest {
  return {
    query,
    userId,
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

/** Asks again while a source was late: figures must not depend on how busy the machine is. */
export async function inFull(ask: () => Promise<RecallResponse>): Promise<RecallResponse> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const answer = await ask();
    if (answer.skipped.length === 0) return answer;
  }
  throw new Error("[eval] a source was late ten times");
}

/** recall@10 and NDCG@10, both with binary gains, of the wanted memories in an answer. */
export function quality(answer: Pick<RecallResponse, "results">, wanted: ReadonlySet<string>) {
  const ranked = answer.results.slice(0, 10).map(({ memory }) => wanted.has(memory.id));
  const gain = (hits: readonly boolean[]): number =>
    hits.reduce((sum, hit, i) => sum + (hit ? 1 / Math.log2(i + 2) : 0), 0);
  const best = gain(Array.from({ length: Math.min(10, wanted.size) }, () => true));
  return { recall: ranked.filter(Boolean).length / Math.min(10, wanted.size), ndcg: gain(ranked) / best };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function inMemory(): VectorStore {
  const index = createVectorIndex();
  return {
    upsert: (_scope, points) => Promise.resolve(index.upsert(points)),
    remove: (_scope, memoryIds) => Promise.resolve(index.remove(memoryIds)),
    search: (_scope, query) => Promise.resolve(index.search(query)),
    terms: (_scope, ids) => Promise.resolve(index.terms(ids)),
    describe: () => Promise.resolve(index.describe()),
  };
}
