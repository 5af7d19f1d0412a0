/** One session over either ONNX runtime: native and web share their interface, and this is what they share. */

import type { InferenceSession, Tensor } from "onnxruntime-web";

import type { InputInfo, OnnxSession, TensorData, TensorType } from "./session.ts";

type TensorConstructor = new (type: TensorType, data: TensorData["data"], dims: readonly number[]) => Tensor;

export function asSession(session: InferenceSession, tensorOf: TensorConstructor, device: string): OnnxSession {
  return {
    inputs: session.inputMetadata.map((meta): InputInfo => ({
      name: meta.name,
      type: meta.isTensor && isKnown(meta.type) ? meta.type : undefined,
    })),
    outputNames: session.outputNames,
    device,
    async run(feeds, output) {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new tensorOf(type, data, dims)]),
      );
      const results = await session.run(tensors, [output]);
      const result = results[output];
      if (result === undefined) throw new Error(`the graph has no output ${output}`);
      const values = result.location === "cpu" ? result.data : await result.getData();
      return { type: result.type as TensorType, dims: [...result.dims], data: plain(values) };
    },
    close: () => session.release(),
  };
}

function isKnown(type: string): type is TensorType {
  return ["float32", "float16", "int64", "int32", "bool"].includes(type);
}

/** Float16Array, where the runtime has it, as its bits. */
function plain(values: unknown): TensorData["data"] {
  if (values instanceof Float32Array || values instanceof Uint16Array) return values;
  if (values instanceof BigInt64Array || values instanceof Int32Array || values instanceof Uint8Array) return values;
  if (ArrayBuffer.isView(values)) return new Uint16Array(values.buffer, values.byteOffset, values.byteLength / 2);
  throw new Error("the graph's output is no tensor of numbers");
}
