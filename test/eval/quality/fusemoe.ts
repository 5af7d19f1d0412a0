/** The fusion of E0 and E1 beside its members and beside their vectors put side by side. */

import type { Embedder } from "@nexus/core";
import { createFuseMoe, describeModel, type Fusion } from "@nexus/embed";
import { readE0, readFuseMoe } from "@nexus/embed/node";
import { loadMatrices } from "@nexus/kernels";
import { openE1 } from "../../../packages/embed/train/fusemoe/e1.node.ts";
import { sharedFile } from "../sets/shared.ts";
import { rowsOf } from "./embedding.ts";
import type { QualityRow } from "./row.ts";

const E1_TOKENS = 256;

/** Minutes, for E1 reads every document. Undefined without ../shared/data, or without E1's model in ../shared/models. */
export async function fusemoeRows(): Promise<QualityRow[] | undefined> {
  const model = sharedFile("../models/all-MiniLM-L6-v2/tokenizer.json");
  const e0 = readE0();
  const weights = readFuseMoe(["e0", "e1"], { models: { e0: e0.describe().model, e1: describeModel("e1").name } });
  if (model === undefined) return undefined;
  const e1 = await openEmbedder(new URL(".", model).pathname);
  const fusion = weights && createFuseMoe(weights, { matrices: loadMatrices });
  const members = { e0, e1: e1.embedder };
  const rows = await rowsOf([
    { name: "e0", embedder: e0 },
    { name: "e1", embedder: e1.embedder },
    { name: "side by side", embedder: joined([e0, e1.embedder]) },
    ...(fusion
      ? [
          { name: "fused", embedder: fused(fusion, members) },
          { name: "fused, e1 masked", embedder: fused(fusion, { e0 }) },
          { name: "fused, e0 masked", embedder: fused(fusion, { e1: e1.embedder }) },
        ]
      : []),
  ]);
  await e1.close();
  return rows;
}

/** E1 as an embedder that remembers what it has seen: a transformer's vector takes milliseconds. */
async function openEmbedder(folder: string): Promise<{ embedder: Embedder; close: () => Promise<void> }> {
  const e1 = await openE1(folder);
  const known = new Map<string, Float32Array>();
  const embedder = embedderOf("e1", 384, async (texts) => {
    const missing = [...new Set(texts)].filter((text) => !known.has(text));
    const vectors = missing.length === 0 ? new Float32Array() : await e1.embed(missing, { maxTokens: E1_TOKENS });
    for (const [i, text] of missing.entries()) known.set(text, vectors.slice(i * 384, (i + 1) * 384));
    return texts.map((text) => known.get(text)!);
  });
  return { embedder, close: () => e1.close() };
}

/** The mean of the cosines, by the members' dimensions. */
function joined(embedders: readonly Embedder[]): Embedder {
  const dimensions = embedders.map((embedder) => embedder.describe().dimension);
  const dimension = dimensions.reduce((sum, one) => sum + one, 0);
  return embedderOf("side by side", dimension, async (texts) => {
    const parts = await Promise.all(embedders.map((embedder) => embedder.embed(texts)));
    return texts.map((_, i) =>
      Float32Array.from(
        parts.flatMap((vectors, m) =>
          Array.from(vectors[i]!, (value) => value * Math.sqrt(dimensions[m]! / dimension)),
        ),
      ),
    );
  });
}

/** A text that no member knows stays zero, as it is for the members. */
function fused(fusion: Fusion, members: Readonly<Record<string, Embedder>>): Embedder {
  const { output } = fusion.shape;
  return embedderOf("fused", output, async (texts) => {
    const vectors = await Promise.all(Object.values(members).map((embedder) => embedder.embed(texts)));
    const inputs = texts.map((_, i) => new Map(Object.keys(members).map((id, m) => [id, vectors[m]![i]!])));
    return fusion.fuseBatch(inputs).map((one) => ("vector" in one ? one.vector : new Float32Array(output)));
  });
}

function embedderOf(
  name: string,
  dimension: number,
  embed: (texts: readonly string[]) => Promise<Float32Array[]>,
): Embedder {
  return { embed, describe: () => ({ name, model: name, dimension, unrelatedCosine: 0 }) };
}
