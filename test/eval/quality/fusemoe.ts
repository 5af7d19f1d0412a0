/** The fusion of E0 and E1 beside its members and beside their vectors put side by side. */

import type { Embedder } from "@nexus/core";
import { createFuseMoe, describeModel, type Fusion } from "@nexus/embed";
import { readE0, readFuseMoe } from "@nexus/embed/node";
import { loadMatrices } from "@nexus/kernels";
import { e1Embedder } from "../models.ts";
import { rowsOf } from "./embedding.ts";
import type { QualityRow } from "./row.ts";

/** Minutes, for E1 reads every document. Undefined without ../shared/data, or without E1's model in ../shared/models. */
export async function fusemoeRows(): Promise<QualityRow[] | undefined> {
  const model = await e1Embedder();
  const e0 = readE0();
  const weights = readFuseMoe(["e0", "e1"], { models: { e0: e0.describe().model, e1: describeModel("e1").name } });
  if (model === undefined) return undefined;
  const e1 = remembering(model);
  const fusion = weights && createFuseMoe(weights, { matrices: loadMatrices });
  const members = { e0, e1 };
  return await rowsOf([
    { name: "e0", embedder: e0 },
    { name: "e1", embedder: e1 },
    { name: "side by side", embedder: joined([e0, e1]) },
    ...(fusion
      ? [
          { name: "fused", embedder: fused(fusion, members) },
          { name: "fused, e1 masked", embedder: fused(fusion, { e0 }) },
          { name: "fused, e0 masked", embedder: fused(fusion, { e1 }) },
        ]
      : []),
  ]);
}

/** A transformer's vector takes milliseconds: each text is embedded once. */
function remembering(embedder: Embedder): Embedder {
  const known = new Map<string, Float32Array>();
  return {
    describe: () => embedder.describe(),
    async embed(texts) {
      const missing = [...new Set(texts)].filter((text) => !known.has(text));
      const vectors = await embedder.embed(missing);
      for (const [i, text] of missing.entries()) known.set(text, vectors[i]!);
      return texts.map((text) => known.get(text)!);
    },
  };
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
