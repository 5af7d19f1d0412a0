/** What a runner needs of an ONNX runtime: plain tensors in, plain tensors out. */

export type TensorType = "float32" | "float16" | "int64" | "int32" | "bool";

export interface TensorData {
  readonly type: TensorType;
  readonly dims: readonly number[];
  /** float16 as its bits; bool as bytes. */
  readonly data: Float32Array | BigInt64Array | Int32Array | Uint16Array | Uint8Array;
}

export interface InputInfo {
  readonly name: string;
  readonly type: TensorType | undefined;
}

/** A loaded graph. */
export interface OnnxSession {
  readonly inputs: readonly InputInfo[];
  readonly outputNames: readonly string[];
  readonly device: string;
  /** Computes one output. */
  run(feeds: Readonly<Record<string, TensorData>>, output: string): Promise<TensorData>;
  close(): Promise<void>;
}

/** The values of a floating tensor as f32. */
export function floatsOf(tensor: TensorData): Float32Array {
  const { data } = tensor;
  if (data instanceof Float32Array) return data;
  if (!(data instanceof Uint16Array)) return Float32Array.from(data, Number);
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) out[i] = halfToFloat(data[i] ?? 0);
  return out;
}

/** f32 values as a tensor of the type a graph wants. */
export function floatTensor(values: Float32Array, dims: readonly number[], type: TensorType | undefined): TensorData {
  if (type !== "float16") return { type: "float32", dims, data: values };
  const data = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) data[i] = floatToHalf(values[i] ?? 0);
  return { type: "float16", dims, data };
}

const BITS = new DataView(new ArrayBuffer(4));

/** IEEE 754 binary16; by hand, since not every runtime has Float16Array. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1_024) * 2 ** (exponent - 15);
}

/** Rounds to the nearest, ties to even; too large becomes infinite. */
function floatToHalf(value: number): number {
  BITS.setFloat32(0, value);
  const bits = BITS.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude < 0x38800000) return sign | Math.round(Math.abs(value) * 2 ** 24);
  const rounded = magnitude + 0xfff + ((magnitude >> 13) & 1);
  return sign | ((rounded - 0x38000000) >> 13);
}
