/** Reopening the vector index from its files, beside the time that reading the same bytes of the same files takes. */

import { mkdtemp, open as openFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { VectorPoint } from "@nexus/core";
import { openDurableIndex } from "@nexus/index/node";
import { createSegmentThread } from "../../../packages/index/src/segment/segment-thread.node.ts";
import { IndexFiles } from "../../../packages/index/src/durable/index-files.node.ts";
import { openFiles } from "../../../packages/index/src/durable/open-files.node.ts";
import { seeded } from "../../support/random.ts";
import { type Bench, type Context, less, type Row } from "../harness/bench.ts";
import { median } from "../harness/measure.ts";

const DIMENSION = 384;
const TERMS = 20;
const VOCABULARY = 20_000;
const BATCH = 500;
const READ_BYTES = 4_194_304;
const OWNER = new Uint8Array(32).fill(1);
const NO_INDEX = { load: async () => {}, graphs: async () => new Map(), adoptGraph: () => true, graphVersion: () => 0 };

export const reopen: Bench = {
  name: "reopen",
  about: `reopening 1,000 to 100,000 points of ${DIMENSION} dimensions and ${TERMS} terms from disk, beside reading the same bytes`,
  async run(context) {
    const rows: Row[] = [];
    const times: { readonly count: number; readonly ms: number }[] = [];
    for (const count of [1_000, 10_000, context.size(100_000, 20_000)]) {
      const directory = await mkdtemp(join(tmpdir(), "nexus-reopen-"));
      try {
        const path = join(directory, "index");
        context.progress(`writing ${count} points`);
        await fill(path, count);
        context.progress(`reopening ${count} points`);
        const measured = await measure(path, context);
        times.push({ count, ms: measured.reopened });
        rows.push(...rowsOf(count, measured));
      } finally {
        await rm(directory, { recursive: true });
      }
    }
    const first = times[0]!;
    const last = times[times.length - 1]!;
    const exponent = Math.log(last.ms / first.ms) / Math.log(last.count / first.count);
    const about = { bench: "reopen", case: `${first.count} to ${last.count} points` };
    return [...rows, { ...about, metric: "growth exponent", value: exponent, unit: "" }];
  },
};

interface Measured {
  /** Milliseconds, medians. */
  readonly reopened: number;
  readonly files: number;
  readonly read: number;
  readonly bytes: number;
  readonly names: number;
}

async function measure(path: string, context: Context): Promise<Measured> {
  const thread = createSegmentThread();
  const reopened: number[] = [];
  const files: number[] = [];
  const read: number[] = [];
  for (let round = 0; round < context.size(7, 2); round++) {
    reopened.push(
      await timed(
        () => openDurableIndex({ path, owner: OWNER, thread }),
        (index) => index.close(),
      ),
    );
    files.push(
      await timed(
        () => openAlone(path),
        ({ log }) => log.handle.close(),
      ),
    );
    read.push(await timed(() => readAll(path)));
  }
  await thread.close();
  const names = await readdir(path);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size));
  return {
    reopened: middle(reopened),
    files: middle(files),
    read: middle(read),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    names: names.length,
  };
}

function rowsOf(count: number, { reopened, files, read, bytes, names }: Measured): Row[] {
  const about = { bench: "reopen", case: `${count} points in ${names} files` };
  const limit = { rival: "reading the bytes", rivalValue: read };
  return [
    { ...about, metric: "reopen", value: reopened, unit: "ms", ...less(reopened, limit) },
    { ...about, metric: "files alone: read, checked, parsed", value: files, unit: "ms", ...less(files, limit) },
    { ...about, metric: "on disk", value: bytes / count, unit: "B/point" },
  ];
}

async function timed<T>(work: () => Promise<T>, after?: (result: T) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  const result = await work();
  const ms = performance.now() - started;
  await after?.(result);
  return ms;
}

/** Opens the files with no index to take in what they hold. */
async function openAlone(path: string): ReturnType<typeof openFiles> {
  return await openFiles({
    folder: { path, owner: OWNER, openFile },
    index: NO_INDEX,
    apply: () => {},
    onNotice: () => {},
  });
}

/** Bytes through one buffer, nothing done with them. */
async function readAll(path: string): Promise<void> {
  const buffer = Buffer.alloc(READ_BYTES);
  for (const name of await readdir(path)) {
    const handle = await openFile(join(path, name), "r");
    while ((await handle.read(buffer, 0, READ_BYTES)).bytesRead > 0);
    await handle.close();
  }
}

/** Leaves the files as a server would that had time to merge its logs; without an index, as building its graph is another bench's business. */
async function fill(path: string, count: number): Promise<void> {
  const random = seeded(7);
  const folder = { path, owner: OWNER, openFile };
  const nothing = { apply: () => {}, onNotice: () => {} };
  const found = await openAlone(path);
  const files = new IndexFiles(found, { folder, rollBytes: 16_777_216, syncMs: 0, graphs: NO_INDEX, ...nothing });
  for (let first = 0; first < count; first += BATCH) {
    const points = Array.from({ length: Math.min(BATCH, count - first) }, (_, i) => pointOf(first + i, random));
    await files.append(points.map((point) => ({ kind: "upsert", points: [point] })));
  }
  for (let last = ""; ; await setTimeout(200)) {
    const names = (await readdir(path)).join();
    if (names === last && names.split("log-").length === 2) break;
    last = names;
  }
  await files.close();
}

function pointOf(i: number, random: () => number): VectorPoint {
  const values = Float32Array.from({ length: DIMENSION }, () => random() + random() + random() - 1.5);
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  const ids = new Set<number>();
  while (ids.size < TERMS) ids.add(Math.floor(VOCABULARY * random() ** 3));
  const hex = (salt: number): string =>
    Math.floor(random() * 2 ** 48 + salt)
      .toString(16)
      .padStart(12, "0");
  const time = 1_760_000_000_000 + i * 60_000;
  return {
    pointId: `5c1f0d9e-7a31-5b6d-9f00-${hex(i)}`,
    chunkIndex: 0,
    vectors: { static: values.map((value) => value / length) },
    sparse: {
      ids: Uint32Array.from([...ids].sort((a, b) => a - b)),
      weights: Float32Array.from({ length: TERMS }, () => 0.5 + random()),
    },
    payload: {
      id: `0198c7a0-4b1e-7abc-8def-${hex(i)}`,
      userId: `user-${i % 50}`,
      sessionId: `session-${Math.floor(i / 20)}`,
      speaker: ["Ana", "Ben", "Caroline"][i % 3]!,
      externalId: `conversation-${Math.floor(i / 500)}-turn-${i}`,
      language: "en",
      createdAt: time,
      recordedAt: time + 3,
      updatedAt: time + 3,
      metadata: { source: "chat", topic: ["travel", "work", "family"][i % 3]! },
      addedSeq: i,
      version: 1,
    },
  };
}

function middle(samples: readonly number[]): number {
  return median(Float64Array.from(samples).sort());
}
