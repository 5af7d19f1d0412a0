/** Writes ONNX model files (opset 18, IR 8): for FuseMoE's export and for the tiny models of the tests. */

import { encode, float, int, type Message, message, nested, raw, text } from "./protobuf.ts";

type ElementType = "float32" | "float16" | "int8" | "uint8" | "int32" | "int64" | "bool";

/** A dimension: a number, or a name for one that is known only at run time. */
type Dimension = number | string;

export interface TensorInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

/** A constant of the graph: its elements in row-major order, little endian; or where they are in another file. */
export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: Uint8Array | ExternalData;
}

/** A part of a file beside the model: how a model passes protobuf's limit of 2 GiB a file. */
interface ExternalData {
  /** Relative to the model file. */
  readonly location: string;
  /** Bytes; a multiple of 4,096 lets the runtime map the file. */
  readonly offset: number;
  readonly length: number;
}

/**
 * A whole number is written as INT, another as FLOAT; a list likewise (all whole: INTS). `{ float: 1 }` and
 * `{ floats: [1] }` force the kind where a float attribute happens to be whole.
 */
type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: Initializer };

export interface OnnxNode {
  readonly op: string;
  /** "" leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
}

export interface OnnxGraph {
  readonly name: string;
  /** In an order that computes each input before its use. */
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Default 18. */
  readonly opset?: number;
  /** Operator sets of other domains ("com.microsoft": 1). */
  readonly domains?: Readonly<Record<string, number>>;
  /** Shown by viewers. */
  readonly doc?: string;
}

/**
 * The bytes of an ONNX model.
 *
 * cost  one copy of the initialisers; under 2 GiB, above it use external data
 */
export function writeOnnx(graph: OnnxGraph): Uint8Array<ArrayBuffer> {
  const opsets = [["", graph.opset ?? 18] as const, ...Object.entries(graph.domains ?? {})];
  return encode(
    message(
      int(1, 8),
      text(2, "memory-nexus"),
      graph.doc === undefined ? undefined : text(6, graph.doc),
      nested(7, graphMessage(graph)),
      ...opsets.map(([domain, version]) =>
        nested(8, message(domain === "" ? undefined : text(1, domain), int(2, version))),
      ),
    ),
  );
}

/** An initialiser of float32 values. */
export function floats(name: string, shape: readonly number[], values: Float32Array | readonly number[]): Initializer {
  const data = values instanceof Float32Array ? values : Float32Array.from(values);
  return { name, type: "float32", shape, data: bytesOf(data) };
}

/** An initialiser of int64 values: shapes, axes, indices. */
export function ints(name: string, shape: readonly number[], values: readonly number[]): Initializer {
  return { name, type: "int64", shape, data: bytesOf(BigInt64Array.from(values, BigInt)) };
}

/** TensorProto.DataType of onnx.proto. */
const DATA_TYPE: Record<ElementType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

function graphMessage(graph: OnnxGraph): Message {
  return message(
    ...graph.nodes.map((node, at) => nested(1, nodeMessage(node, at))),
    text(2, graph.name),
    ...graph.initializers.map((tensor) => nested(5, tensorMessage(tensor))),
    ...graph.inputs.map((info) => nested(11, infoMessage(info))),
    ...graph.outputs.map((info) => nested(12, infoMessage(info))),
  );
}

function nodeMessage(node: OnnxNode, at: number): Message {
  return message(
    ...node.inputs.map((name) => text(1, name)),
    ...node.outputs.map((name) => text(2, name)),
    text(3, `${node.op}_${at}`),
    text(4, node.op),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) => nested(5, attributeMessage(name, value))),
    node.domain === undefined ? undefined : text(7, node.domain),
  );
}

/** AttributeProto: the value's field, then its kind in field 20. */
function attributeMessage(name: string, value: Attribute): Message {
  return message(text(1, name), ...attributeValue(value));
}

function attributeValue(value: Attribute): readonly Message[] {
  if (typeof value === "string") return [text(4, value), int(20, 3)];
  if (typeof value === "number") {
    return Number.isInteger(value) ? [int(3, value), int(20, 2)] : attributeValue({ float: value });
  }
  if ("float" in value) return [float(2, value.float), int(20, 1)];
  if ("floats" in value) return [...value.floats.map((each) => float(7, each)), int(20, 6)];
  if ("tensor" in value) return [nested(5, tensorMessage(value.tensor)), int(20, 4)];
  if (value.every((each) => Number.isInteger(each))) return [...value.map((each) => int(8, each)), int(20, 7)];
  return attributeValue({ floats: value });
}

function tensorMessage(tensor: Initializer): Message {
  const { data } = tensor;
  return message(
    ...tensor.shape.map((size) => int(1, size)),
    int(2, DATA_TYPE[tensor.type]),
    text(8, tensor.name),
    ...(data instanceof Uint8Array
      ? [raw(9, data)]
      : [
          nested(13, entry("location", data.location)),
          nested(13, entry("offset", String(data.offset))),
          nested(13, entry("length", String(data.length))),
          int(14, 1),
        ]),
  );
}

function entry(key: string, value: string): Message {
  return message(text(1, key), text(2, value));
}

function infoMessage(info: TensorInfo): Message {
  const dimensions = info.shape.map((size) => nested(1, typeof size === "number" ? int(1, size) : text(2, size)));
  const tensorType = message(int(1, DATA_TYPE[info.type]), nested(2, message(...dimensions)));
  return message(text(1, info.name), nested(2, nested(1, tensorType)));
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
