/** The product as the evaluation meets it: its own HTTP app in this process, spoken to with its own client. */

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, type Fetch, type NexusClient, type SearchAnswer } from "@nexus/client";
import { LIMITS, type TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { openLocal, type Local } from "../../functions/local/app.ts";
import { readConfig } from "../../functions/local/config.ts";
import type { Corpus, Item, Question } from "./eval-set.ts";
import type { ProductModels } from "./models.ts";

export interface Product {
  readonly memories: Local["memories"];
  /** Remembers every item of the corpus in a tenant of its own; `onProgress` hears how many are in. */
  load(corpus: Corpus, onProgress: (count: number) => void): Promise<void>;
  /** throws  when any source was skipped: the numbers would depend on how busy the machine was */
  ask(corpus: Corpus, question: Question): Promise<SearchAnswer>;
  close(): Promise<void>;
}

export const USER = "eval";
export const K = 10;

/** More than any search takes: no source may be late. */
const DEADLINE_MS = 30_000;
const POLL_MS = 5;
/** Sources that have nothing to bring to a tenant without ratings and trends: late or not, they change no answer. */
export const IDLE: ReadonlySet<string> = new Set(["intelligence", "mining"]);

/** Opens the product on a new data directory with one tenant for each corpus. The process must exit after `close`. */
export async function openProduct(
  corpora: readonly Corpus[],
  { builtIn, modelsDir }: ProductModels = {},
): Promise<Product> {
  const directory = mkdtempSync(join(tmpdir(), "nexus-eval-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const config = readConfig({
    NEXUS_DATA_DIR: directory,
    NEXUS_API_KEYS: corpora.map(({ id }) => `${keyOf(id)}:${id}:read+write`).join(","),
    NEXUS_SEARCH_DEADLINE_MS: String(DEADLINE_MS),
    NEXUS_KEY_RATE_PER_MINUTE: "1000000000",
    NEXUS_LOG_LEVEL: "error",
    NEXUS_MODELS_DIR: modelsDir,
  });
  const local = await openLocal(config, (line) => console.error(line), { builtIn });
  const fetch: Fetch = (url, init) => local.fetch(new Request(url, init));
  const clients = new Map<string, NexusClient>(
    corpora.map(({ id }) => [id, createClient({ url: "http://nexus.local", key: keyOf(id), fetch })]),
  );
  const clientOf = ({ id }: Corpus): NexusClient => {
    const client = clients.get(id);
    if (!client) throw new Error(`[eval] ${id} was not named when the product was opened`);
    return client;
  };

  return {
    memories: local.memories,

    async load(corpus, onProgress) {
      const client = clientOf(corpus);
      for (let from = 0; from < corpus.items.length; from += LIMITS.maxAtomicBatch) {
        const batch = corpus.items.slice(from, from + LIMITS.maxAtomicBatch);
        const { results, projected } = await client.remember(batch.map((item) => toMemory(corpus, item)));
        const failed = results.find(({ event }) => event === "failed");
        if (failed || !projected)
          throw new Error(`[eval] ${corpus.id}: not remembered as sent: ${JSON.stringify(failed ?? "not projected")}`);
        onProgress(from + batch.length);
      }
      await projected(local.memories, corpus);
      await embedded(local.memories, corpus);
    },

    async ask(corpus, { id, text }) {
      const answer = await clientOf(corpus).search({
        query: text,
        userId: USER,
        k: K,
        budgetMs: LIMITS.maxBudgetMs,
        asOf: corpus.askedAt.toISOString(),
      });
      const missed = answer.skipped.filter(({ source }) => !IDLE.has(source));
      if (missed.length > 0) throw new Error(`[eval] ${corpus.id} ${id}: skipped ${JSON.stringify(missed)}`);
      return answer;
    },

    close: () => local.close(),
  };
}

/** Waits until the index has caught up: what lies over it meanwhile is scored without its neighbours, now and then another rank. */
async function projected({ stores }: Local["memories"], { id }: Corpus): Promise<void> {
  const [scope] = systemScopes("test", [id]) as [TenantScope];
  for (let waited = 0; waited < DEADLINE_MS; waited += POLL_MS) {
    const owed = await stores.records.reader(scope).range({ table: "outbox", prefix: [], limit: 1 });
    if (owed.length === 0) return;
    await sleep(POLL_MS);
  }
  throw new Error(`[eval] ${id}: the index did not catch up in ${DEADLINE_MS} ms`);
}

/** Waits until the deep model, where there is one, has given vectors to all. */
async function embedded({ background, embedding, memory }: Local["memories"], { id }: Corpus): Promise<void> {
  const wanted = (await embedding.deep.wanted())?.describe().model;
  if (wanted === undefined) return;
  const [scope] = systemScopes("test", [id]) as [TenantScope];
  await background.sweep(scope);
  const { active } = await memory.models(scope);
  if (active?.model !== wanted) throw new Error(`[eval] ${id}: ${wanted} was not taken into use`);
}

function toMemory({ id: corpus }: Corpus, { id, text, speaker, sessionId, createdAt }: Item) {
  return {
    // Equal scores are ordered by id, so ids must be the same in every run.
    id: memoryId(corpus, id),
    content: text,
    externalId: id,
    userId: USER,
    sessionId,
    speaker,
    createdAt: createdAt.toISOString(),
  };
}

/** The memory that an item becomes: a UUID of version 8 from a SHA-256. */
export function memoryId(corpus: string, item: string): string {
  const hex = createHash("sha256").update(`${corpus}/${item}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function keyOf(corpus: string): string {
  return `evaluation-key-of-${corpus}`;
}
