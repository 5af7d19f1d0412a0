/** Texts per second of concurrent callers, each with one text at a time: straight to the model, in batches as they come, and through the batcher. */

import { existsSync } from "node:fs";
import { type EmbedInput, NexusError, silent, systemClock } from "@nexus/core";
import { createHashingEmbedder, EMBEDDING_DEFAULTS } from "@nexus/embed";
import { readE0 } from "@nexus/embed/node";
import { systemTimers } from "@nexus/platform";
import { type BatchSettings, createBatcher } from "../../../packages/embed/src/batching/batcher.ts";
import { importModel } from "../../../packages/embed/src/models/import.node.ts";
import { createLocalLoader } from "../../../packages/embed/src/models/local-loader.node.ts";
import type { Runner } from "../../../packages/embed/src/models/runner.ts";
import { describeModel } from "../../../packages/embed/src/registry/registry.ts";
import { createEmbedderRunner } from "../../../packages/embed/src/runners/embedder-runner.ts";
import { MODEL } from "../datasets/minilm.ts";
import { type Bench, type Context, more, type Row } from "../harness/bench.ts";
import { memoriesOf, textOfWords } from "../harness/corpus.ts";
import { consume } from "../harness/measure.ts";

const CALLERS = [8, 16, 32, 64];
const SOME_CALLERS = [8, 32];
const TEXTS = 2_000;
const MODELS_DIR = ".build/bench/models";
/** Every eighth of the mixed texts has so many words; the others are turns of about 24. */
const LONG_WORDS = 120;
const ROUNDS = 3;

type EmbedOne = (input: EmbedInput) => Promise<unknown>;

const turns: readonly EmbedInput[] = memoriesOf(TEXTS).map(({ content }) => ({ modality: "text", content }));
const mixed: readonly EmbedInput[] = turns.map((turn, i) =>
  i % 8 === 5 ? { modality: "text", content: textOfWords(LONG_WORDS, i) } : turn,
);

export const embeddingBatcher: Bench = {
  name: "embedding-batcher",
  about: "texts/s of 8 to 64 concurrent callers with and without batches: E0, and E1 where the shared model is",
  steps: (context) => [{ what: "E0, E1 in int8 and fp16", seconds: context.size(120, 20) }],
  async run(context) {
    const rows: Row[] = [];
    for (const { name, open, inputs, concurrency } of cases(context)) {
      const runner = await open();
      if (!runner) continue;
      for (const callers of concurrency) {
        const own = await compare(runner, { about: `${name}, ${callers} callers`, callers, inputs });
        context.show(own);
        rows.push(...own);
      }
      await runner.close();
    }
    return rows;
  },
};

function cases(context: Context) {
  const count = context.size(192, 64);
  return [
    {
      name: "E0, turns",
      open: async () => builtIn(),
      inputs: turns.slice(0, context.size(TEXTS, 200)),
      concurrency: CALLERS,
    },
    { name: "E1 int8, turns", open: () => openE1("q8"), inputs: turns.slice(0, count), concurrency: CALLERS },
    {
      name: "E1 int8, mixed lengths",
      open: () => openE1("q8"),
      inputs: mixed.slice(0, count),
      concurrency: SOME_CALLERS,
    },
    {
      name: "E1 fp16, turns",
      open: () => openE1("fp16"),
      inputs: turns.slice(0, count / 2),
      concurrency: SOME_CALLERS,
    },
  ];
}

/** The hashing embedder stands in where the trained model is not there. */
function builtIn(): Runner {
  try {
    return createEmbedderRunner(describeModel("e0"), readE0(), 0);
  } catch (error) {
    if (!(error instanceof NexusError)) throw error;
    return createEmbedderRunner(describeModel("e0"), createHashingEmbedder(), 0);
  }
}

async function openE1(quantization: "q8" | "fp16"): Promise<Runner | undefined> {
  if (!existsSync(MODEL)) return undefined;
  if (!existsSync(`${MODELS_DIR}/e1/manifest.json`))
    await importModel(MODEL, { modelsDir: MODELS_DIR, id: "e1", at: new Date().toISOString() });
  return await createLocalLoader({ modelsDir: MODELS_DIR, quantization }).load(describeModel("e1"));
}

interface Load {
  readonly about: string;
  readonly callers: number;
  readonly inputs: readonly EmbedInput[];
}

/** The ways take turns; the first round of each warms up. */
async function compare(runner: Runner, { about, callers, inputs }: Load): Promise<Row[]> {
  const ways = [
    { way: "straight to the model", embed: (input: EmbedInput) => runner.run([input]) },
    { way: "batches of 32 as they come", embed: inOrder(runner) },
    { way: "batcher, up to 32", embed: batched(runner, { stable: false, targetMs: Infinity }) },
    { way: "batcher, 20 ms, stable", embed: batched(runner, {}) },
  ].map((way) => ({ ...way, perSecond: [] as number[] }));
  for (let round = 0; round < ROUNDS; round++)
    for (const { embed, perSecond } of ways) perSecond.push(await throughput(embed, callers, inputs));
  const rates = ways.map(({ perSecond }) => median(perSecond.slice(1)));
  const rivalValue = rates[0] as number;
  return ways.map(({ way }, i) => ({
    bench: "embedding-batcher",
    case: about,
    metric: way,
    value: rates[i] as number,
    unit: "texts/s",
    ...(i === 0 ? {} : more(rates[i] as number, { rival: "straight", rivalValue })),
  }));
}

function batched(runner: Runner, settings: Partial<BatchSettings>): EmbedOne {
  const batcher = createBatcher({
    model: runner.id,
    maxTokens: 256,
    use: (work) => work(runner),
    guard: (call) => call(),
    settings: { ...EMBEDDING_DEFAULTS.batch, ...settings },
    clock: systemClock,
    timers: systemTimers,
    telemetry: silent,
  });
  return (input) => batcher.embed(input);
}

/** What is easily written instead: whatever waits goes together, up to 32. */
function inOrder(runner: Runner): EmbedOne {
  let waiting: { readonly input: EmbedInput; readonly done: () => void }[] = [];
  let isRunning = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    for (await Promise.resolve(); waiting.length > 0;) {
      const batch = waiting.slice(0, 32);
      waiting = waiting.slice(32);
      await runner.run(batch.map(({ input }) => input));
      for (const { done } of batch) done();
    }
    isRunning = false;
  };
  return (input) =>
    new Promise<void>((done) => {
      waiting.push({ input, done });
      if (!isRunning) void run();
    });
}

/** Each caller asks for its next text once it has the last one. */
async function throughput(embed: EmbedOne, callers: number, inputs: readonly EmbedInput[]): Promise<number> {
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < inputs.length) consume(await embed(inputs[next++] as EmbedInput));
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  return inputs.length / ((performance.now() - started) / 1_000);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
