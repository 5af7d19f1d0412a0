/** Test support: an embedding service that records what it is asked and answers with fixed values. */

import { type EmbeddingService, type EmbedInput, type EmbedRequest, type ModelState, NexusError } from "@nexus/core";

export const e0: ModelState = {
  id: "e0",
  name: "nexus-static",
  dimension: 2,
  modalities: ["text", "code"],
  licence: "Apache-2.0",
  present: true,
  loaded: true,
  device: "wasm",
  bytes: 1_024,
};

const e4: ModelState = {
  id: "e4",
  name: "clip",
  dimension: 2,
  modalities: ["text", "image"],
  licence: "MIT",
  present: false,
  loaded: false,
};

/** Knows e0, which reads texts and code, and nothing of the others; text of "slow" never ends before its signal. */
export function createTestEmbeddings(asked: EmbedRequest[]): EmbeddingService {
  return {
    async embed(request) {
      asked.push(request);
      const { inputs, model = "e0", signal } = request;
      if (model !== "e0") throw new NexusError("embed.model_unknown", "[test] there is no such model");
      if (inputs.some((input) => contentOf(input) === "slow")) await aborted(signal);
      const embedding = { vector: Float32Array.of(0.6, -0.8), model, cached: false, tokens: 3, truncated: false };
      const failure = { code: "embed.unsupported_modality", message: "[test] e0 reads texts and code" };
      return {
        results: inputs.map((input) => (contentOf(input) === undefined ? failure : [embedding])),
        skipped: [],
      };
    },
    models: () => Promise.resolve([e0, e4]),
  };
}

function contentOf(input: EmbedInput): string | undefined {
  return "content" in input ? input.content : undefined;
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
