/** `node test/bench/datasets/embed.ts`: the real vectors of the index bench, once, into .build/bench. What was done before it was stopped is kept. */

import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeSync } from "node:fs";
import { setPriority } from "node:os";
import { DIMENSION, loadMiniLm, type MiniLm, MODEL } from "./minilm.ts";
import { CACHE, writeVectors } from "./cache.ts";
import { hasPairs, sampledTexts } from "./texts.ts";

const ROWS = 100_000;
const QUERIES = 1_000;
/** Cost grows with length, and the bench needs vectors, not long texts. */
const TOKENS = 48;
const BATCH = 32;
const ROW_BYTES = DIMENSION * 4;
/** Of the model's README: lowest cosine with PyTorch's fp32 of one text alone. */
const LEAST_COSINE = 0.97;

await main();

async function main(): Promise<void> {
  setPriority(19);
  const model = hasPairs() ? await loadMiniLm() : undefined;
  if (!model) throw new Error("[bench] the shared pairs, the shared model or onnxruntime-node is missing");
  await check(model);
  const texts = await chosen(model);
  const { vectors, path } = await embedAll(model, texts);
  writeVectors("minilm.queries", { vectors: vectors.subarray(0, QUERIES * DIMENSION), dimension: DIMENSION });
  writeVectors("minilm.rows", { vectors: vectors.subarray(QUERIES * DIMENSION), dimension: DIMENSION });
  rmSync(path, { force: true });
}

/** The pipeline is the model's: every text of expected.json, alone, against its fp32 embedding. */
async function check(model: MiniLm): Promise<void> {
  const { cases } = JSON.parse(readFileSync(`${MODEL}expected.json`, "utf8")) as {
    cases: { ids: number[]; embedding: number[] }[];
  };
  let least = 1;
  for (const { ids, embedding } of cases) {
    const vector = await model.embed([ids]);
    least = Math.min(
      least,
      vector.reduce((sum, value, i) => sum + value * embedding[i]!, 0),
    );
  }
  console.log(`${cases.length} texts of expected.json: lowest cosine ${least.toFixed(4)}`);
  if (!(least >= LEAST_COSINE)) throw new Error(`[bench] expected at least ${LEAST_COSINE}`);
}

/** Queries first, then rows. */
async function chosen(model: MiniLm): Promise<number[][]> {
  const wanted = ROWS + QUERIES;
  const sampled = await sampledTexts(Math.ceil(wanted * 1.1));
  const texts = sampled.map((text) => model.tokens(text)).filter(({ length }) => length <= TOKENS);
  if (texts.length < wanted) throw new Error(`[bench] ${texts.length} texts of ${wanted}`);
  return texts.slice(0, wanted);
}

/** In batches of one length each, appended to a file as they are done; a second run goes on behind its last whole batch. */
async function embedAll(model: MiniLm, texts: readonly number[][]): Promise<{ vectors: Float32Array; path: string }> {
  const order = [...texts.keys()].sort((a, b) => texts[a]!.length - texts[b]!.length || a - b);
  const batches = batchesOf(order, texts);
  mkdirSync(CACHE, { recursive: true });
  const key = createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 12);
  const path = `${CACHE}minilm.${key}.partial`;
  const file = openSync(path, "a+");
  let rows = Math.floor(statSync(path).size / ROW_BYTES);
  let done = 0;
  let kept = 0;
  while (done < batches.length && kept + batches[done]!.length <= rows) kept += batches[done++]!.length;
  rows = kept;
  truncateSync(path, rows * ROW_BYTES);
  const started = performance.now();
  for (; done < batches.length; done++) {
    writeSync(file, await model.embed(batches[done]!.map((i) => texts[i]!)));
    rows += batches[done]!.length;
    if (done % 100 === 0) {
      const minutes = ((performance.now() - started) / 60_000).toFixed(1);
      console.log(`${rows} of ${texts.length} texts, ${minutes} min`);
    }
  }
  closeSync(file);
  const sorted = new Float32Array(new Uint8Array(readFileSync(path)).buffer);
  const vectors = new Float32Array(sorted.length);
  for (const [place, i] of order.entries())
    vectors.set(sorted.subarray(place * DIMENSION, (place + 1) * DIMENSION), i * DIMENSION);
  return { vectors, path };
}

function batchesOf(order: readonly number[], texts: readonly number[][]): number[][] {
  const batches: number[][] = [];
  for (const i of order) {
    const last = batches.at(-1);
    if (last && last.length < BATCH && texts[last[0]!]!.length === texts[i]!.length) last.push(i);
    else batches.push([i]);
  }
  return batches;
}
