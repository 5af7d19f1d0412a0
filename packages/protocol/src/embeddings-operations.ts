/** The routes of embeddings. */

import { LIMITS } from "@nexus/core";
import { z } from "zod";
import { embeddingsBody, embeddingsWire } from "./embeddings.ts";
import { openAiWire } from "./embeddings-openai.ts";
import { embeddingModelsWire } from "./embedding-models.ts";
import type { Operation } from "./operation.ts";

export const embeddingsOperations: readonly Operation[] = [
  {
    id: "embed",
    method: "post",
    path: "/api/embeddings",
    tag: "Embeddings",
    summary: "Vectors of texts, code, images and sounds",
    description: `Nothing is kept. An input that cannot be embedded has an error of its own and leaves the others alone; only when none can be the request fails, with the code of the first. A named model answers or fails; without \`model\` the best that is ready answers, and \`insteadOf\` and \`skipped\` say which did not. Files are base64: PNG, JPEG and WebP of at most ${LIMITS.maxImagePixels} pixels, WAV of at most ${LIMITS.maxAudioSeconds} s. Texts have at most ${LIMITS.maxTextBytes} bytes, a request ${LIMITS.maxEmbedInputs} inputs. A body with \`input\` is OpenAI's shape and is answered in it: there every text must succeed, \`model\` is one of this server, tokens are not taken for texts, and problems have an \`error\` as its clients read it.`,
    grant: "read",
    body: {
      schema: embeddingsBody,
      examples: {
        texts: {
          inputs: [
            { type: "text", content: "Where does Ana want to fly?", role: "query" },
            { type: "code", content: "const city = 'Lisbon';", language: "typescript" },
          ],
        },
        openAi: { input: ["Where does Ana want to fly?"], model: "e0", dimensions: 64 },
      },
    },
    answers: [
      {
        status: 200,
        description: "The vectors, in the order of the inputs; in OpenAI's shape for a request in it.",
        schema: z.union([embeddingsWire, openAiWire]),
        example: {
          results: [
            {
              embeddings: [
                {
                  vector: [0.6, -0.8],
                  model: "e0",
                  insteadOf: "e1",
                  cached: false,
                  tokens: 6,
                  truncated: false,
                },
              ],
              error: null,
            },
            {
              embeddings: [],
              error: { code: "embed.input_empty", detail: "[nexus] the text is empty; send some words" },
            },
          ],
          skipped: [{ model: "e1", code: "embed.timeout" }],
        },
      },
    ],
    errors: [
      "embed.model_unknown",
      "embed.unsupported_modality",
      "embed.input_empty",
      "embed.input_too_long",
      "embed.input_broken",
      "embed.model_missing",
      "embed.licence",
      "embed.not_trained",
      "embed.load_failed",
      "embed.checksum",
      "embed.tokenizer",
      "embed.invalid_output",
      "embed.fusion",
      "embed.memory",
      "embed.device",
      "embed.batch",
      "embed.timeout",
      "breaker.open",
      "internal.unsupported",
    ],
  },
  {
    id: "listEmbeddingModels",
    method: "get",
    path: "/api/embeddings/models",
    tag: "Embeddings",
    summary: "The embedding models that can be asked for",
    description: "All of the registry, whether their files are here or not.",
    grant: "read",
    answers: [
      {
        status: 200,
        description: "The models.",
        schema: embeddingModelsWire,
        example: {
          items: [
            {
              id: "e1",
              name: "sentence-transformers/all-MiniLM-L6-v2",
              dimension: 384,
              modalities: ["text", "code"],
              licence: "Apache-2.0",
              present: true,
              loaded: true,
              device: "cpu",
              quantization: "q8",
              bytes: 23_000_000,
            },
          ],
        },
      },
    ],
    errors: ["internal.unsupported"],
  },
];
