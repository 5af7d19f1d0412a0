/** The embedding cache: its four policies on traces with scans, and what a hit costs. */

import { EVICTION_NAMES, type EvictionName, systemClock } from "@nexus/core";
import { createEmbeddingCache, type EmbeddingCache, embeddingKey } from "@nexus/embed";
import { type Trace, zipfTrace } from "../datasets/zipf.ts";
import { type Bench, type Context, more, type Row } from "../harness/bench.ts";
import { queriesOf } from "../harness/corpus.ts";
import { consume, interleaved, percentile } from "../harness/measure.ts";

const KEYS = 50_000;
const SKEWS = [0.7, 0.9, 1.1];
/** Of the keys. */
const SIZES = [0.01, 0.05, 0.2];
const SCANS = { scanLength: 5_000, scanEvery: 15_000 };
/** Requests that one policy has before it is the next one's turn. */
const TURN = 10_000;
/** What ttl-lru keeps at most, in requests per entry of the cache. */
const LIVES = 10;
const MICROSECONDS = 1_000;

const KINDS = [
  { name: "Zipf only", scanLength: 0, scanEvery: 1, driftEvery: 0 },
  { name: "Zipf + scans", ...SCANS, driftEvery: 0 },
  { name: "Zipf + scans + drift", ...SCANS, driftEvery: 20_000 },
] as const;

export const embeddingCache: Bench = {
  name: "embedding-cache",
  about: "LRU, LFU, TTL-LRU and ARC: hits and time on Zipf traces with scan bursts and drift; what a hit costs",
  steps: (context) => [{ what: "27 traces × 4 policies", seconds: context.size(90, 5) }],
  async run(context) {
    const rows: Row[] = [];
    for (const { name, ...kind } of KINDS) {
      for (const skew of SKEWS) {
        const trace = zipfTrace({ keys: KEYS, requests: context.size(400_000, 20_000), skew, seed: 42, ...kind });
        for (const size of SIZES) {
          const own = compare(trace, Math.round(size * KEYS), `${name} ${skew}, room for ${100 * size} %`);
          context.show(own);
          rows.push(...own);
        }
      }
    }
    const hits = await hitRows(context);
    context.show(hits);
    return [...rows, ...hits];
  },
};

interface Played {
  readonly name: EvictionName;
  readonly cache: EmbeddingCache;
  /** Requests so far. */
  readonly time: { now: number };
  hits: number;
  asked: number;
  ms: number;
}

/** The policies take turns on the trace. Hits are of the requests that are no scan's: a scan can have none. */
function compare({ requests, firstScanned }: Trace, maxEntries: number, about: string): Row[] {
  const players = EVICTION_NAMES.map((name) => playerOf(name, maxEntries));
  for (let from = 0; from < requests.length; from += TURN) {
    const keys = requests.subarray(from, from + TURN);
    for (const player of players) play(player, keys, firstScanned);
  }
  const [lru] = players as [Played];
  return players.flatMap((player) => {
    const value = (100 * player.hits) / player.asked;
    const against = { rival: "lru", rivalValue: (100 * lru.hits) / lru.asked };
    const ns = (1e6 * player.ms) / requests.length;
    const row = { bench: "embedding-cache", case: about };
    return [
      { ...row, metric: `${player.name} hits`, value, unit: "%", ...(player === lru ? {} : more(value, against)) },
      { ...row, metric: `${player.name} time`, value: ns, unit: "ns/request" },
    ];
  });
}

function playerOf(name: EvictionName, maxEntries: number): Played {
  const time = { now: 0 };
  const clock = { now: () => time.now, monotonic: () => time.now };
  const ttlSeconds = name === "ttl-lru" ? (LIVES * maxEntries) / 1_000 : 0;
  const cache = createEmbeddingCache({ clock, policy: name, maxEntries, maxBytes: 1e12, ttlSeconds });
  return { name, cache, time, hits: 0, asked: 0, ms: 0 };
}

function play(player: Played, keys: Int32Array, firstScanned: number): void {
  const { cache, time } = player;
  const value = { vector: new Float32Array(4), tokens: 1, truncated: false };
  const names = Array.from(keys, (key) => `key ${key}`);
  const started = performance.now();
  for (const [i, name] of names.entries()) {
    time.now++;
    const isScan = (keys[i] ?? 0) >= firstScanned;
    if (!isScan) player.asked++;
    if (cache.get(name)) player.hits++;
    else cache.set(name, value);
  }
  player.ms += performance.now() - started;
  consume(player.hits);
}

/** A full cache of 384 dimensions, asked for what it has. */
async function hitRows(context: Context): Promise<Row[]> {
  const count = context.size(100_000, 1_000);
  const cache = createEmbeddingCache({
    clock: systemClock,
    policy: "arc",
    maxEntries: count,
    maxBytes: 2 ** 30,
    ttlSeconds: 0,
  });
  const space = { tenant: "bench", model: "e1", revision: "1", precision: "q8" };
  const texts = queriesOf(count);
  const keys = await Promise.all(texts.map((content) => embeddingKey({ modality: "text", content }, space)));
  for (const key of keys) cache.set(key, { vector: new Float32Array(384).fill(0.05), tokens: 9, truncated: false });
  const at = (i: number): number => (i * 7_919) % count;
  const cases = [
    { name: "look-up and copy, 384 dimensions", run: (i: number) => cache.get(keys[at(i)] as string) },
    {
      name: "key, look-up and copy, 384 dimensions",
      run: async (i: number) => {
        const content = texts[at(i)] as string;
        return cache.get(await embeddingKey({ modality: "text", content }, space));
      },
    },
  ];
  const samples = await interleaved(cases, { warmUp: context.size(2_000, 50), rounds: context.size(20_000, 100) });
  return cases.flatMap(({ name }, i) =>
    [50, 95, 99].map((rank) => ({
      bench: "embedding-cache",
      case: `a hit among ${count}: ${name}`,
      metric: `p${rank}`,
      value: percentile(samples[i]!, rank / 100) * MICROSECONDS,
      unit: "µs",
    })),
  );
}
