/** Opens graphs on onnxruntime-web: wasm on one thread, or WebGPU where the host has it. */

import { NexusError } from "@nexus/core";
import type * as Ort from "onnxruntime-web";

import { asSession } from "./onnx-runtime.ts";
import type { OnnxSession } from "./session.ts";

export interface WebRuntimeOptions {
  /** Bytes of ort-wasm-simd-threaded.wasm; without them the runtime fetches them from beside its script. */
  readonly wasmBinary?: Uint8Array<ArrayBuffer> | undefined;
  readonly device?: "wasm" | "webgpu" | undefined;
}

export interface GraphBytes {
  readonly model: Uint8Array;
  /** Files the graph keeps weights in, by their name in it. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[] | undefined;
}

/**
 * A session on onnxruntime-web.
 *
 * cost    0.5–1.2 s to create for a model of MiniLM's size and 5 to 20 times the native time to run (measured)
 * throws  embed.device without the library or, when asked for, WebGPU; embed.load_failed for a graph it cannot read
 */
export async function openWebSession(graph: GraphBytes, options: WebRuntimeOptions = {}): Promise<OnnxSession> {
  const device = options.device ?? "wasm";
  const ort = await runtime(device);
  if (device === "webgpu" && !("gpu" in navigator)) {
    throw new NexusError("embed.device", "[nexus/embed] there is no WebGPU here; use device cpu");
  }
  // More threads need cross-origin isolation in browsers, and do not start in Node.
  ort.env.wasm.numThreads = 1;
  if (options.wasmBinary) ort.env.wasm.wasmBinary = options.wasmBinary;
  try {
    const session = await ort.InferenceSession.create(graph.model, {
      executionProviders: [device],
      ...(graph.externalData === undefined
        ? {}
        : { externalData: graph.externalData.map(({ path, data }) => ({ path, data })) }),
    });
    return asSession(session, ort.Tensor, device);
  } catch (cause) {
    throw new NexusError(
      "embed.load_failed",
      "[nexus/embed] onnxruntime-web cannot read a model's graph; import it again",
      {
        cause,
      },
    );
  }
}

async function runtime(device: "wasm" | "webgpu"): Promise<typeof Ort> {
  try {
    return device === "webgpu" ? await import("onnxruntime-web/webgpu") : await import("onnxruntime-web/wasm");
  } catch (cause) {
    throw new NexusError("embed.device", "[nexus/embed] onnxruntime-web is not installed; run: npm install", { cause });
  }
}
