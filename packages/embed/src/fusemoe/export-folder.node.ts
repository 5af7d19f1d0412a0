/** The network as ONNX files: weights beside the graphs, so that no file comes near protobuf's 2 GiB. */

import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

import { floats, type Initializer } from "../onnx/write-onnx.ts";
import { exportExpert, exportFusion, exportGate } from "./export-onnx.ts";
import type { ExportOptions } from "./onnx-graph.ts";
import type { FusionWeights } from "./weights.ts";

export interface ExportedFiles {
  /** The whole network; the others are its parts, with the same weights behind them. */
  readonly whole: string;
  readonly gate: string;
  readonly experts: readonly string[];
  /** Bytes of each file of weights. */
  readonly dataBytes: readonly number[];
}

/** Constants of fewer numbers stay in the graph. */
const LEAST_OUTSIDE = 1_024;
/** Where a constant begins is a multiple of it, so that the runtime can map the file. */
const PAGE = 4_096;

/**
 * Writes `fusemoe.onnx`, `gate.onnx`, `expert-<i>.onnx` and a `.data` for the gate and each expert.
 *
 * cost  the weights of one expert in memory, and 4 bytes of disk for each number
 */
export function exportFolder(weights: FusionWeights, folder: string): ExportedFiles {
  mkdirSync(folder, { recursive: true });
  const stored = new Map<string, Initializer>();
  const write = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const dataBytes: number[] = [];
  const withData = (location: string, run: (options: ExportOptions) => Uint8Array): Uint8Array => {
    const file = openSync(join(folder, location), "w");
    let offset = 0;
    try {
      return run({
        store(name, shape, values) {
          if (values.length < LEAST_OUTSIDE) return floats(name, shape, values);
          const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
          writeSync(file, bytes, 0, bytes.length, offset);
          const data = { location, offset, length: bytes.length };
          const initializer: Initializer = { name, type: "float32", shape, data };
          stored.set(name, initializer);
          offset = Math.ceil((offset + bytes.length) / PAGE) * PAGE;
          return initializer;
        },
      });
    } finally {
      closeSync(file);
      dataBytes.push(offset);
    }
  };
  const gate = write(
    "gate.onnx",
    withData("gate.data", (options) => exportGate(weights, options)),
  );
  const experts = Array.from({ length: weights.shape.experts }, (_, expert) => {
    const graph = withData(`expert-${expert}.data`, (options) => exportExpert(weights, { ...options, expert }));
    return write(`expert-${expert}.onnx`, graph);
  });
  const store: ExportOptions["store"] = (name, shape, values) => stored.get(name) ?? floats(name, shape, values);
  return { whole: write("fusemoe.onnx", exportFusion(weights, { store })), gate, experts, dataBytes };
}
