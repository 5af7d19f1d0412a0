/** Opens an exported fusion graph on either ONNX runtime, on one thread. */

import type { RunGraph } from "@nexus/embed";
import type * as Ort from "onnxruntime-node";

/** `model` is the graph's bytes, or a path beside which its weights lie. */
export async function fusionGraph(
  { InferenceSession, Tensor }: Pick<typeof Ort, "InferenceSession" | "Tensor">,
  model: Uint8Array | string,
): Promise<RunGraph> {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const session =
    typeof model === "string"
      ? await InferenceSession.create(model, options)
      : await InferenceSession.create(model, options);
  return async (inputs) => {
    const tensors = Object.entries(inputs).map(([name, { dims, data }]) => {
      if (!(data instanceof Float32Array)) throw new Error(`${name} is no f32 tensor`);
      return [name, new Tensor("float32", data, dims)] as const;
    });
    const outputs = await session.run(Object.fromEntries(tensors));
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { dims, data }]) => [
        name,
        { dims, data: data as Float32Array | BigInt64Array },
      ]),
    );
  };
}
