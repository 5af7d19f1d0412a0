import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";

import { floats, ints, type OnnxGraph, writeOnnx } from "./write-onnx.ts";

const x = { name: "x", type: "float32", shape: ["rows", 2] } as const;
const y = { name: "y", type: "float32", shape: ["rows", 3] } as const;

async function run(graph: OnnxGraph, values: readonly number[], path?: string): Promise<number[]> {
  const bytes = writeOnnx(graph);
  if (path !== undefined) await writeFile(path, bytes);
  const session = path === undefined ? await InferenceSession.create(bytes) : await InferenceSession.create(path);
  const result = await session.run({ x: new Tensor("float32", Float32Array.from(values), [values.length / 2, 2]) });
  const data = Array.from((result["y"]?.data ?? []) as Float32Array);
  await session.release();
  return data;
}

describe("writeOnnx", () => {
  it("writes nodes, initialisers, inputs and outputs that ONNX Runtime reads", async () => {
    const graph: OnnxGraph = {
      name: "linear",
      nodes: [{ op: "Gemm", inputs: ["x", "w", "b"], outputs: ["y"], attributes: { alpha: 0.5, transB: 1 } }],
      initializers: [floats("w", [3, 2], [1, 2, 3, 4, 5, 6]), floats("b", [3], [10, 20, 30])],
      inputs: [x],
      outputs: [y],
    };
    expect(await run(graph, [1, 1, 2, 0])).toEqual([11.5, 23.5, 35.5, 11, 23, 35]);
  });

  it("writes negative integers, lists, strings, tensors and whole floats as their kinds", async () => {
    const graph: OnnxGraph = {
      name: "kinds",
      nodes: [
        { op: "Constant", inputs: [], outputs: ["c"], attributes: { value: { tensor: floats("v", [2], [1, 2]) } } },
        { op: "Add", inputs: ["x", "c"], outputs: ["a"] },
        { op: "LeakyRelu", inputs: ["a"], outputs: ["r"], attributes: { alpha: { float: 2 } } },
        { op: "Transpose", inputs: ["r"], outputs: ["t"], attributes: { perm: [1, 0] } },
        { op: "Concat", inputs: ["t", "t"], outputs: ["cc"], attributes: { axis: -1 } },
        { op: "Slice", inputs: ["cc", "from", "to"], outputs: ["s"] },
        { op: "Pad", inputs: ["s", "pads"], outputs: ["y"], attributes: { mode: "edge" } },
      ],
      initializers: [ints("from", [2], [-2, 0]), ints("to", [2], [2, 2]), ints("pads", [4], [0, 0, 0, 1])],
      inputs: [x],
      outputs: [{ ...y, shape: ["a", "b"] }],
    };
    expect(await run(graph, [1, -4])).toEqual([2, 2, 2, -4, -4, -4]);
  });

  it("points to weights in another file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "nexus-onnx-"));
    const data = { location: "weights.bin", offset: 4_096, length: 24 };
    const file = new Uint8Array(4_096 + 24);
    file.set(new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer), 4_096);
    await writeFile(join(folder, "weights.bin"), file);
    const graph: OnnxGraph = {
      name: "external",
      nodes: [{ op: "MatMul", inputs: ["x", "w"], outputs: ["y"] }],
      initializers: [{ name: "w", type: "float32", shape: [2, 3], data }],
      inputs: [x],
      outputs: [y],
    };
    expect(await run(graph, [1, 1], join(folder, "model.onnx"))).toEqual([5, 7, 9]);
    await rm(folder, { recursive: true });
  });
});
