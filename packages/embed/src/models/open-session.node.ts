/** Opens a graph on the device that is wanted, or on the next best. */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

import { NexusError } from "@nexus/core";

import { nativeDevices, openNativeSession } from "../runners/onnx-native.node.ts";
import { openWebSession } from "../runners/onnx-web.ts";
import type { OnnxSession } from "../runners/session.ts";

export type Device = "cpu" | "cuda" | "webgpu" | "auto";
/** "auto": native where it is installed, else web. */
export type Runtime = "auto" | "native" | "web";

export interface SessionOptions {
  readonly device: Device;
  readonly runtime: Runtime;
  readonly threads: number;
}

/** The device a model would be put on, before anything is loaded: its quantisation depends on it. */
export async function placeOf({ device, runtime }: SessionOptions): Promise<Exclude<Device, "auto">> {
  if (device !== "auto") return device;
  // The file first: asking the library loads it.
  if (runtime === "web" || !hasCudaProvider()) return "cpu";
  return (await nativeDevices())?.includes("cuda") === true ? "cuda" : "cpu";
}

/**
 * A session for a graph on disk.
 *
 * throws  embed.device when the device or runtime asked for is absent, embed.load_failed
 */
export async function openSession(
  path: string,
  externalData: readonly string[],
  options: SessionOptions,
): Promise<OnnxSession> {
  const place = await placeOf(options);
  const native = options.runtime === "web" ? undefined : await nativeDevices();
  if (native) return openNativeSession(path, { device: place, threads: options.threads });
  if (options.runtime === "native" || place === "cuda") {
    throw new NexusError(
      "embed.device",
      `[nexus/embed] onnxruntime-node is not here, which ${place} needs; run: npm install`,
    );
  }
  const model = await readFile(path);
  const data = await Promise.all(
    externalData.map(async (name) => ({
      path: basename(name),
      data: await readFile(join(dirname(path), basename(name))),
    })),
  );
  return openWebSession(
    { model, externalData: data.length > 0 ? data : undefined },
    { wasmBinary: await webRuntimeBinary(), device: place === "webgpu" ? "webgpu" : "wasm" },
  );
}

/** The runtime's wasm file out of its package: in Node it cannot fetch it. */
async function webRuntimeBinary(): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const wasm = createRequire(import.meta.url).resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm");
    return new Uint8Array(await readFile(wasm));
  } catch {
    return undefined;
  }
}

/** The library lists CUDA even where its provider was not downloaded with it. */
function hasCudaProvider(): boolean {
  try {
    const main = createRequire(import.meta.url).resolve("onnxruntime-node");
    const folder = join(dirname(main), "..", "bin", "napi-v6", process.platform, process.arch);
    return existsSync(join(folder, "libonnxruntime_providers_cuda.so"));
  } catch {
    return false;
  }
}
