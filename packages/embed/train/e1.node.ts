/** E1 as a teacher and as a member of the fusion: the product's own runner on a model's folder, one text a call. */

import { readdirSync } from "node:fs";
import { openRunner } from "../src/models/open-runner.node.ts";
import { describeModel } from "../src/registry/registry.ts";

export interface E1 {
  readonly dimension: number;
  /** Unit vectors, in the texts' order. throws  what the runner says of a text that it cannot read */
  embed(texts: readonly string[]): Promise<Float32Array[]>;
  close(): Promise<void>;
}

const GRAPH = "onnx/model_quantized.onnx";

/**
 * `maxTokens`: texts are cut there, special tokens included: a transformer's cost grows with the length.
 *
 * cost     2–4 ms for a text of up to 64 tokens on one core: q8 vectors depend on their batch, so that each text is its own
 * throws   embed.load_failed, embed.tokenizer when the folder is no all-MiniLM-L6-v2 in ONNX form
 */
export async function openE1(folder: string, maxTokens: number): Promise<E1> {
  const runner = await openRunner({
    model: { ...describeModel("e1"), maxTokens },
    folder,
    paths: [...readdirSync(folder).filter((name) => name.endsWith(".json")), GRAPH],
    graphs: { model: { path: GRAPH, quantization: "q8" } },
    session: { device: "cpu", runtime: "native", threads: 1 },
    padding: "dynamic",
    maxBatchTokens: maxTokens,
    bytes: 0,
    weights: "",
  });
  return {
    dimension: runner.dimension,
    async embed(texts) {
      const inputs = texts.map((content) => ({ modality: "text" as const, content }));
      const outputs = await runner.run(inputs, { stable: true });
      return outputs.map((output) => {
        if (output instanceof Error) throw output;
        return output.vector;
      });
    },
    close: () => runner.close(),
  };
}
