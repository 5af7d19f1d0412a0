/** Nodes and constants of an ONNX graph, as they are added. */

import { floats, type Initializer, ints, type OnnxGraph, type OnnxNode, writeOnnx } from "../onnx/write-onnx.ts";

export interface ExportOptions {
  /** Where a large constant goes; into the file itself unless said. Asked in the order of the graph. */
  readonly store?: ((name: string, shape: readonly number[], values: Float32Array) => Initializer) | undefined;
}

type Attributes = NonNullable<OnnxNode["attributes"]>;

/** Nodes and constants as they are added; every name is used once. */
export interface Graph {
  add(op: string, inputs: readonly string[], outputs: readonly string[], attributes?: Attributes): void;
  /** The same with one output. returns  its name */
  node(op: string, inputs: readonly string[], attributes?: Attributes): string;
  /** A weight. returns  its name */
  weight(name: string, shape: readonly number[], values: Float32Array): string;
  scalar(value: number): string;
  ints(values: readonly number[]): string;
  write(rest: Pick<OnnxGraph, "name" | "inputs" | "outputs" | "doc">): Uint8Array<ArrayBuffer>;
}

export function createGraph({ store = floats }: ExportOptions): Graph {
  const nodes: OnnxNode[] = [];
  const initializers: Initializer[] = [];
  let last = 0;
  const keep = (initializer: Initializer): string => {
    initializers.push(initializer);
    return initializer.name;
  };
  const add: Graph["add"] = (op, inputs, outputs, attributes) =>
    void nodes.push({ op, inputs, outputs, ...(attributes === undefined ? {} : { attributes }) });
  return {
    add,
    node(op, inputs, attributes) {
      const output = `t${last++}`;
      add(op, inputs, [output], attributes);
      return output;
    },
    weight: (name, shape, values) => keep(store(name, shape, values)),
    scalar: (value) => keep(floats(`c${last++}`, [1, 1], [value])),
    ints: (values) => keep(ints(`c${last++}`, [values.length], values)),
    write: (rest) => writeOnnx({ ...rest, nodes, initializers }),
  };
}
