/** The client's methods for operators of deep models: whose vectors the memories have. */

import type { VectorAction, vectorGenerationsToWire } from "@nexus/protocol";
import type { CallOptions } from "./requests.ts";
import type { Transport } from "./transport.ts";

export type { VectorAction } from "@nexus/protocol";

export type VectorGenerations = ReturnType<typeof vectorGenerationsToWire>;

export interface VectorGenerationsClient {
  /** Whose vectors are searched beside those of the built-in model, being filled, and kept from before. */
  vectorGenerations(options?: CallOptions): Promise<VectorGenerations>;
  /**
   * Takes what was filled into use, rolls back, drops what is kept, or lets models that were rolled back begin again. Takes
   * an admin key. It is never sent twice by itself: after a failure, look at `vectorGenerations`.
   *
   * throws   embed.generation_missing when there is nothing to do that with
   */
  switchVectors(action: VectorAction, options?: CallOptions): Promise<VectorGenerations>;
}

export function vectorGenerationsClient(transport: Transport): VectorGenerationsClient {
  const path = "/api/embeddings/generations";
  return {
    vectorGenerations: ({ signal, timeoutMs } = {}) =>
      transport.json({ method: "GET", path, repeatable: true, signal, timeoutMs }),
    switchVectors: (action, { signal, timeoutMs } = {}) =>
      transport.json({ method: "POST", path, body: { action }, repeatable: false, signal, timeoutMs }),
  };
}
