/** The client's methods for vectors, and for the models that make them. */

import type { embeddingModelsToWire, embeddingsToWire } from "@nexus/protocol";
import type { CallOptions } from "./requests.ts";
import type { Transport } from "./transport.ts";

/** A text, code, or the bytes of an image or WAV file in base64. */
export type EmbedInput =
  | {
      readonly type: "text";
      readonly content: string;
      /** In place of the model's own, for models that take one. */
      readonly instruction?: string | undefined;
      /** A passage, if left out. */
      readonly role?: "query" | "passage" | undefined;
    }
  | { readonly type: "code"; readonly content: string; readonly language?: string | undefined }
  | {
      readonly type: "image";
      readonly data: string;
      readonly mediaType: "image/png" | "image/jpeg" | "image/webp";
    }
  | { readonly type: "audio"; readonly data: string };

export interface EmbedRequest {
  /** Up to 256. */
  readonly inputs: readonly EmbedInput[];
  /** An id that `embeddingModels` gives, "ensemble" or "fused"; the best that is ready, if left out. */
  readonly model?: string | undefined;
  /** A prefix of the vector, for models that were trained for it. */
  readonly dimension?: number | undefined;
  /** False: refuse a text that is longer than the model reads, rather than cut it. */
  readonly truncate?: boolean | undefined;
}

export type Embeddings = ReturnType<typeof embeddingsToWire>;
export type EmbeddingModels = ReturnType<typeof embeddingModelsToWire>;

export interface EmbeddingsClient {
  /**
   * Vectors of texts, code, images and sounds; an input that cannot be embedded has an `error` in its place.
   *
   *     const { results } = await nexus.embed({ inputs: [{ type: "text", content: "the key is under the pot" }] });
   *
   * throws   embed.* when no input can be embedded or a named model fails
   */
  embed(request: EmbedRequest, options?: CallOptions): Promise<Embeddings>;
  /** The models that `embed` can be asked for. */
  embeddingModels(options?: CallOptions): Promise<EmbeddingModels>;
}

export function embeddingsClient(transport: Transport): EmbeddingsClient {
  const path = "/api/embeddings";
  return {
    embed: (body, { signal, timeoutMs } = {}) =>
      transport.json({ method: "POST", path, body, repeatable: true, signal, timeoutMs }),
    embeddingModels: ({ signal, timeoutMs } = {}) =>
      transport.json({ method: "GET", path: `${path}/models`, repeatable: true, signal, timeoutMs }),
  };
}
