/** The built-in embedding model: start, memory, time of a text, in Node and in workerd, beside the hashing embedder and potion-base-2M. */

import { readFileSync } from "node:fs";
import type { Embedder } from "@nexus/core";
import { createHashingEmbedder } from "@nexus/embed";
import { readE0, readModel2Vec } from "@nexus/embed/node";
import { sharedFile } from "../../eval/sets/shared.ts";
import { bundleWorker, installed, startWorker } from "../../runtime/kernels-worker.ts";
import { type Bench, type Context, less, type Row } from "../harness/bench.ts";
import { interleaved, median, percentile } from "../harness/measure.ts";
import { textsOf } from "./embedder-texts.ts";

const FILES = { e0: "e0.bin", "e0 edge": "e0-edge.bin" } as const;
const COUNT = 1_000;

export const embedder: Bench = {
  name: "embedder",
  about: "E0: start, resident bytes, µs a text of 20 tokens in Node and workerd, beside hashing and potion-base-2M",
  steps: (context) => [{ what: "Node and workerd", seconds: context.size(30, 5) }],
  async run(context) {
    const rows = [...(await starts(context)), ...(await speeds(context))];
    context.show(rows);
    if (installed) rows.push(...(await inWorkerd(context)));
    else console.error("workerd is left out: run `npm ci --prefix test/runtime` first");
    return rows;
  },
};

/** Reading the file and checking its sum included. */
async function starts(context: Context): Promise<Row[]> {
  const cases = [
    { name: "e0", run: () => readE0() },
    { name: "e0 edge", run: () => readE0({ edge: true }) },
  ];
  const samples = await interleaved(cases, { warmUp: 2, rounds: context.size(30, 3) });
  return cases.flatMap(({ name, run }, i) => {
    globalThis.gc?.();
    const before = memory();
    const kept = run();
    globalThis.gc?.();
    const residentBytes = memory() - before;
    return [
      {
        bench: "embedder",
        case: `${name}, ${kept.describe().dimension} dimensions`,
        metric: "file to embedder, median",
        value: median(samples[i] ?? new Float64Array()),
        unit: "ms",
        residentBytes,
      },
    ];
  });
}

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function speeds(context: Context): Promise<Row[]> {
  const potion = sharedFile("../models/potion-base-2M/model.safetensors");
  const models: readonly (readonly [string, Embedder])[] = [
    ["hashing 256", createHashingEmbedder()],
    ["e0 256", readE0()],
    ["e0 64", readE0({ dimension: 64 })],
    ["e0 edge 64", readE0({ edge: true })],
    ...(potion ? [["potion-base-2M 64", readModel2Vec(new URL(".", potion))] as const] : []),
  ];
  const texts = textsOf(COUNT);
  const samples = await interleaved(
    models.map(([name, model]) => ({ name, run: async (i: number) => await model.embed([texts[i % COUNT] ?? ""]) })),
    { warmUp: 2 * COUNT, rounds: context.size(5_000, 200), calls: 1 },
  );
  const times = samples.map((one) => 1_000 * median(one));
  const rival = potion ? { rival: "potion-base-2M", rivalValue: times.at(-1) ?? 0 } : undefined;
  return models.flatMap(([name], i) => {
    const about = { bench: "embedder", case: `${name}, 15 words, Node` };
    const value = times[i] ?? 0;
    return [
      { ...about, metric: "one text, median", value, unit: "µs", ...(rival && less(value, rival)) },
      {
        ...about,
        metric: "one text, p99",
        value: 1_000 * percentile(samples[i] ?? new Float64Array(), 0.99),
        unit: "µs",
      },
      { ...about, metric: "texts a second", value: 1e6 / value, unit: "/s" },
    ];
  });
}

/** The clock stands still there within a request: the time is taken outside, that of twice as many texts less that of so many. */
async function inWorkerd(context: Context): Promise<Row[]> {
  const worker = await startWorker(await bundleWorker(new URL("embedder.workerd.ts", import.meta.url), "modules"));
  const time = async (url: string, init?: RequestInit): Promise<number> => {
    const started = performance.now();
    const response = await worker.dispatchFetch(url, init);
    if (!response.ok) throw new Error(`workerd answered ${response.status}: ${await response.text()}`);
    await response.text();
    return performance.now() - started;
  };
  try {
    const rows: Row[] = [];
    for (const [name, file] of Object.entries(FILES)) {
      const body = readFileSync(new URL(`../../../packages/embed/model/${file}`, import.meta.url));
      const starts = [];
      for (let i = 0; i < context.size(10, 2); i++) starts.push(await time("http://e0/", { method: "POST", body }));
      const samples = [];
      for (let round = 0; round < context.size(15, 2); round++) {
        const many = await time(`http://e0/?texts=${40 * COUNT}`);
        samples.push(((many - (await time(`http://e0/?texts=${20 * COUNT}`))) / (20 * COUNT)) * 1_000);
      }
      const about = { bench: "embedder", case: `${name}, 15 words, workerd` };
      rows.push(
        { ...about, metric: "bytes to embedder, request included, median", value: middle(starts), unit: "ms" },
        { ...about, metric: "one text, median", value: middle(samples), unit: "µs" },
      );
    }
    return rows;
  } finally {
    await worker.dispose();
  }
}

function middle(values: readonly number[]): number {
  return median(Float64Array.from(values).sort());
}
