/** E1 in memory: how long it takes to come, what it holds, how long a text takes, and how long the event loop has to wait. */

import { existsSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

import type { EmbedInput } from "@nexus/core";
import { createModelPool, type LoadEvent, type Runner } from "@nexus/embed";
import { createLocalLoader, importModel, type LocalLoaderOptions } from "@nexus/embed/node";
import { MODEL } from "../datasets/minilm.ts";
import { type Bench, type Context, less, type Row } from "../harness/bench.ts";
import { textOfWords } from "../harness/corpus.ts";
import { interleaved, median } from "../harness/measure.ts";

const MODELS_DIR = ".build/bench/models";
/** Words of texts of about 20, 64 and 256 tokens. */
const LENGTHS = [
  [20, 14],
  [64, 48],
  [256, 220],
] as const;

const DEVICES = ["cuda", "webgpu"] as const;

const WAYS: readonly { readonly name: string; readonly options: Partial<LocalLoaderOptions> }[] = [
  { name: "q8, thread", options: { quantization: "q8" } },
  { name: "q8, this thread", options: { quantization: "q8", worker: false } },
  { name: "fp16, thread", options: { quantization: "fp16" } },
  { name: "q8, onnxruntime-web", options: { quantization: "q8", runtime: "web" } },
  // On a machine with a GPU: NEXUS_DEVICE=cuda (its provider installed: ONNXRUNTIME_NODE_INSTALL=cuda12) or webgpu.
  ...DEVICES.filter((device) => device === process.env["NEXUS_DEVICE"]).map((device) => ({
    name: `fp16, ${device}`,
    options: { quantization: "fp16", device } as const,
  })),
];

export const models: Bench = {
  name: "models",
  about:
    "E1 loaded from the shared model: first load, swap, resident bytes, ms a text, longest pause of the event loop",
  steps: (context) => [{ what: "E1 four ways", seconds: context.size(90, 15) }],
  async run(context) {
    if (!existsSync(MODEL)) return [];
    await importModel(MODEL, { modelsDir: MODELS_DIR, at: new Date().toISOString() });
    const rows: Row[] = [];
    for (const { name, options } of WAYS) {
      const own = await rowsOf(name, options, context);
      context.show(own);
      rows.push(...own);
    }
    return rows;
  },
};

async function rowsOf(name: string, options: Partial<LocalLoaderOptions>, context: Context): Promise<Row[]> {
  const about = { bench: "models", case: `E1 ${name}` };
  const loads: LoadEvent[] = [];
  const loader = createLocalLoader({ modelsDir: MODELS_DIR, ...options });
  const open = () => createModelPool({ loader, now: () => performance.now(), onLoad: (event) => loads.push(event) });
  const before = process.memoryUsage().rss;
  const first = open();
  await first.use("e1", async () => {});
  const residentBytes = process.memoryUsage().rss - before;
  await first.close();
  const pool = open();
  const timed = await pool.use("e1", async (runner) => {
    const one = LENGTHS.map(([tokens, words]) => ({
      name: `${tokens} tokens`,
      run: async (i: number) => (await runner.run([passage(words, i)], { stable: true })).length,
    }));
    const samples = await interleaved(one, { warmUp: 2, rounds: context.size(40, 3) });
    const batch = Array.from({ length: 32 }, (_, i) => passage(220, i));
    const pause = monitorEventLoopDelay({ resolution: 1 });
    pause.enable();
    const started = performance.now();
    await runner.run(batch);
    const batchMs = performance.now() - started;
    pause.disable();
    const pauseMs = pause.max / 1e6;
    const sustained = await sustainedRate(runner, context.size(24, 4));
    return { samples, batchMs, pauseMs, sustained, estimate: runner.bytes };
  });
  await pool.close();
  const [load, swap] = loads;
  const row = (metric: string, value: number, unit: string): Row => ({ ...about, metric, value, unit });
  return [
    {
      ...row("first load, SHA-256 of its files included", load?.ms ?? NaN, "ms"),
      // Later ones are given what the first one left.
      ...(name === WAYS[0]?.name ? { residentBytes } : {}),
    },
    { ...row("swap in again", swap?.ms ?? NaN, "ms"), ...less(swap?.ms ?? NaN, { rival: "wanted", rivalValue: 500 }) },
    row("resident bytes, as the pool counts them", timed.estimate / 1e6, "MB"),
    ...LENGTHS.map(([tokens], i) => row(`one text of ${tokens} tokens, p50`, median(timed.samples[i]!), "ms")),
    row("a batch of 32 × 256 tokens", timed.batchMs, "ms"),
    row("sustained, four batches of 32 × 20 tokens under way", timed.sustained, "texts/s"),
    row("longest pause of the event loop meanwhile", timed.pauseMs, "ms"),
  ];
}

/** Overlapping batches, as a filling has them on a GPU. */
async function sustainedRate(runner: Runner, batches: number): Promise<number> {
  const inputs = Array.from({ length: 32 }, (_, i) => passage(14, i));
  let left = batches;
  const started = performance.now();
  const line = async (): Promise<void> => {
    while (left-- > 0) await runner.run(inputs);
  };
  await Promise.all([line(), line(), line(), line()]);
  return (batches * inputs.length) / ((performance.now() - started) / 1_000);
}

function passage(words: number, i: number): EmbedInput {
  return { modality: "text", content: textOfWords(words, i) };
}
