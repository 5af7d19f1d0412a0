/** Opens graphs on onnxruntime-node: CPU, CUDA or WebGPU. */

import { NexusError } from "@nexus/core";
import type * as Ort from "onnxruntime-node";

import { asSession } from "./onnx-runtime.ts";
import type { OnnxSession } from "./session.ts";

export type NativeDevice = "cpu" | "cuda" | "webgpu";

export interface NativeOptions {
  readonly device: NativeDevice;
  /** Threads of one call. */
  readonly threads: number;
}

/** The devices that the installed library was built with; undefined where the library is absent. */
export async function nativeDevices(): Promise<readonly NativeDevice[] | undefined> {
  try {
    const { listSupportedBackends } = await import("onnxruntime-node");
    const names = new Set(listSupportedBackends().map(({ name }) => name));
    return (["cuda", "webgpu", "cpu"] as const).filter((device) => names.has(device));
  } catch {
    return undefined;
  }
}

/**
 * A session on the native runtime, from a path, so that weights beside the graph are found.
 *
 * cost    80 ms for E1 in int8; a call blocks its thread: see worker-runner
 * throws  embed.device when the device does not start; embed.load_failed for a graph it cannot read
 */
export async function openNativeSession(path: string, options: NativeOptions): Promise<OnnxSession> {
  const ort = await library();
  try {
    const session = await ort.InferenceSession.create(path, {
      // CUDA takes no bound on its memory from JavaScript: the pool’s budget is what there is.
      executionProviders: options.device === "cpu" ? ["cpu"] : [{ name: options.device, deviceId: 0 }],
      intraOpNumThreads: options.threads,
      interOpNumThreads: 1,
      // The arena keeps what its largest batch took: 665 MB resident after 32 × 256 tokens with it, 500 without, at equal speed.
      enableCpuMemArena: false,
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
    });
    return asSession(session, ort.Tensor, options.device);
  } catch (cause) {
    throw openError(cause, options.device);
  }
}

/** The runtime says in words only whether it was the provider or the file. */
function openError(cause: unknown, device: NativeDevice): NexusError {
  const text = cause instanceof Error ? cause.message : "";
  if (device !== "cpu" && !/protobuf|INVALID_GRAPH|NO_SUCHFILE|INVALID_PROTOBUF/i.test(text)) {
    return new NexusError("embed.device", `[nexus/embed] the device ${device} does not start; use device cpu`, {
      cause,
    });
  }
  return new NexusError(
    "embed.load_failed",
    "[nexus/embed] ONNX Runtime cannot read a model's graph; import it again",
    {
      cause,
    },
  );
}

async function library(): Promise<typeof Ort> {
  try {
    return await import("onnxruntime-node");
  } catch (cause) {
    throw new NexusError("embed.device", "[nexus/embed] onnxruntime-node does not load here; run: npm install", {
      cause,
    });
  }
}
