/** Embedding models by themselves, side by side: similarity, and search by cosine alone. */

import { readFileSync } from "node:fs";
import type { Embedder } from "@nexus/core";
import { createHashingEmbedder } from "@nexus/embed";
import { readE0, readModel2Vec } from "@nexus/embed/node";
import type { Corpus } from "../eval-set.ts";
import { meanOf, metricsOf } from "../metrics.ts";
import { locomoSets } from "../sets/locomo.ts";
import { ownSets } from "../sets/own.ts";
import { sharedFile } from "../sets/shared.ts";
import type { QualityRow } from "./row.ts";

interface NamedEmbedder {
  readonly name: string;
  readonly embedder: Embedder;
}

type Texts = Pick<Corpus, "items" | "questions">;

/** Texts embedded at a time. */
const BATCH = 32;

/** The built-in model at each of its sizes beside the hashing embedder and potion-base-2M; undefined without ../shared/data. */
export async function embeddingRows(): Promise<QualityRow[] | undefined> {
  const potion = sharedFile("../models/potion-base-2M/model.safetensors");
  const models: NamedEmbedder[] = [
    { name: "hashing 256", embedder: createHashingEmbedder() },
    ...[256, 128, 64].map((dimension) => ({ name: `e0 ${dimension}`, embedder: readE0({ dimension }) })),
    { name: "e0 edge 64", embedder: readE0({ edge: true }) },
    ...(potion ? [{ name: "potion-base-2M", embedder: readModel2Vec(new URL(".", potion)) }] : []),
  ];
  return rowsOf(models);
}

export async function rowsOf(models: readonly NamedEmbedder[]): Promise<QualityRow[] | undefined> {
  const sts = sharedFile("pairs/sts-dev.csv");
  if (!sts) return undefined;
  const rows: QualityRow[] = [];
  const pairs = readSts(sts);
  const searched: (readonly [set: string, corpora: readonly Texts[]])[] = [
    ...["scifact", "cacm", "xquad-en", "xquad-es"].map((name) => [name, readBeir(name)] as const),
    ["LoCoMo dev", locomoSets()?.flatMap(({ corpora }) => corpora) ?? []],
    ["own/show", ownSets().flatMap(({ name, corpora }) => (name === "own/show" ? corpora : []))],
  ];
  for (const { name, embedder } of models) {
    rows.push({
      set: "STS dev",
      metric: `Spearman, ${name}`,
      value: await similarity(embedder, pairs),
      samples: pairs.length,
    });
    for (const [set, corpora] of searched) rows.push(...(await searchRows(set, corpora, name, embedder)));
  }
  return rows;
}

async function searchRows(
  set: string,
  corpora: readonly Texts[],
  name: string,
  embedder: Embedder,
): Promise<QualityRow[]> {
  const all = [];
  for (const { items, questions } of corpora) {
    const texts = await embedAll(
      embedder,
      items.map(({ text }) => text),
    );
    const asked = await embedAll(
      embedder,
      questions.map(({ text }) => text),
    );
    for (const [i, { evidence }] of questions.entries()) all.push(metricsOf(closest(items, texts, asked[i]), evidence));
  }
  if (all.length === 0) return [];
  const mean = meanOf(all);
  return [
    { set, metric: `dense NDCG@10, ${name}`, value: mean["ndcg@10"], samples: all.length },
    { set, metric: `dense recall@10, ${name}`, value: mean["recall@10"], samples: all.length },
  ];
}

async function similarity(embedder: Embedder, pairs: ReturnType<typeof readSts>): Promise<number> {
  const first = await embedAll(
    embedder,
    pairs.map(({ a }) => a),
  );
  const second = await embedAll(
    embedder,
    pairs.map(({ b }) => b),
  );
  return spearman(
    pairs.map((_, i) => cosine(first[i], second[i])),
    pairs.map(({ score }) => score),
  );
}

async function embedAll(embedder: Embedder, texts: readonly string[]): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let from = 0; from < texts.length; from += BATCH)
    vectors.push(...(await embedder.embed(texts.slice(from, from + BATCH))));
  return vectors;
}

/** Ids of the ten items with the highest cosines; of equal ones the first. */
function closest(items: Texts["items"], vectors: readonly Float32Array[], query: Float32Array | undefined): string[] {
  const scores = vectors.map((vector) => cosine(vector, query));
  const order = [...scores.keys()].sort((x, y) => (scores[y] ?? 0) - (scores[x] ?? 0) || x - y);
  return order.slice(0, 10).map((place) => items[place]?.id ?? "");
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  let sum = 0;
  if (a && b) for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function spearman(x: readonly number[], y: readonly number[]): number {
  const [rankX, rankY] = [ranks(x), ranks(y)];
  const middle = (x.length - 1) / 2;
  let [both, onlyX, onlyY] = [0, 0, 0];
  for (const [i, rank] of rankX.entries()) {
    const [dx, dy] = [rank - middle, (rankY[i] ?? 0) - middle];
    both += dx * dy;
    onlyX += dx * dx;
    onlyY += dy * dy;
  }
  return both / Math.sqrt(onlyX * onlyY);
}

/** Equal values share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const found = Array.from<number>({ length: values.length });
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to++;
    for (let i = from; i < to; i++) found[order[i] ?? 0] = (from + to - 1) / 2;
    from = to;
  }
  return found;
}

function readSts(file: URL): { a: string; b: string; score: number }[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, , , , score, a, b] = line.split("\t");
      return a === undefined || b === undefined ? [] : [{ a, b, score: Number(score) }];
    });
}

/** A set in BEIR's layout; empty where it is absent. */
function readBeir(name: string): Texts[] {
  const files = ["corpus.jsonl", "queries.jsonl", "qrels.tsv"].map((file) => sharedFile(`beir/${name}/${file}`));
  const [corpus, queries, qrels] = files;
  if (!corpus || !queries || !qrels) return [];
  const relevant = new Map<string, string[]>();
  for (const line of readFileSync(qrels, "utf8").trim().split("\n").slice(1)) {
    const [query = "", document = "", score = "0"] = line.split("\t");
    if (Number(score) > 0) relevant.set(query, [...(relevant.get(query) ?? []), document]);
  }
  const createdAt = new Date(0);
  const items = linesOf(corpus).map(({ _id, title, text }) => ({
    id: _id,
    text: title ? `${title}. ${text}` : text,
    createdAt,
  }));
  const questions = linesOf(queries).flatMap(({ _id, text }) => {
    const evidence = relevant.get(_id);
    return evidence ? [{ id: _id, text, category: "", evidence }] : [];
  });
  return [{ items, questions }];
}

function linesOf(file: URL): { _id: string; title?: string; text: string }[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { _id: string; title?: string; text: string });
}
