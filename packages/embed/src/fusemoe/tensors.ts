/** The tensors of a fusion network in their order, and each of them as bytes. */

import { type FusionShape, widthOf } from "./shape.ts";
import type { ExpertWeights, GateWeights } from "./weights.ts";

/** i8: matrices with a scale for each row, a quarter of the bytes; all else stays f32. */
export type FusionPrecision = "f32" | "i8";

export type GateTensor = Tensor & { readonly name: keyof GateWeights; readonly expert?: undefined };
export type ExpertTensor = Tensor & { readonly name: keyof ExpertWeights; readonly expert: number };

export interface Tensor {
  readonly name: string;
  readonly expert?: number | undefined;
  readonly rows: number;
  readonly columns: number;
  /** May be stored as i8. */
  readonly large: boolean;
}

export function gateTensors(shape: FusionShape): GateTensor[] {
  const D = widthOf(shape);
  return [
    { name: "scale", rows: 1, columns: D, large: false },
    { name: "shift", rows: 1, columns: D, large: false },
    { name: "hidden", rows: shape.gateHidden, columns: D, large: true },
    { name: "output", rows: shape.experts, columns: shape.gateHidden, large: false },
    { name: "presence", rows: shape.members.length, columns: shape.experts, large: false },
  ];
}

export function expertTensors(shape: FusionShape, expert: number): ExpertTensor[] {
  return [
    { expert, name: "hidden", rows: shape.hidden, columns: widthOf(shape), large: true },
    { expert, name: "hiddenBias", rows: 1, columns: shape.hidden, large: false },
    { expert, name: "output", rows: shape.output, columns: shape.hidden, large: true },
    { expert, name: "outputBias", rows: 1, columns: shape.output, large: false },
  ];
}

export function tensorsOf(shape: FusionShape): (GateTensor | ExpertTensor)[] {
  const experts = Array.from({ length: shape.experts }, (_, e) => expertTensors(shape, e));
  return [...gateTensors(shape), ...experts.flat()];
}

export function keyOf({ name, expert }: Tensor): string {
  return `${expert ?? "gate"}.${name}`;
}

export function bytesOf({ rows, columns, large }: Tensor, precision: FusionPrecision): number {
  return large && precision === "i8" ? 4 * rows + align(rows * columns) : 4 * rows * columns;
}

export function align(bytes: number): number {
  return (bytes + 3) & ~3;
}

interface Written {
  readonly tensor: Tensor;
  readonly values: Float32Array;
  readonly precision: FusionPrecision;
}

/** returns  where the next tensor begins */
export function writeTensor(view: DataView, at: number, { tensor, values, precision }: Written): number {
  const { rows, columns } = tensor;
  if (values.length !== rows * columns) {
    throw new RangeError(`${keyOf(tensor)} has ${values.length} numbers, its shape ${rows} × ${columns}`);
  }
  if (!tensor.large || precision === "f32") {
    for (const [i, value] of values.entries()) view.setFloat32(at + 4 * i, value, true);
  } else {
    for (let row = 0; row < rows; row++) {
      const line = values.subarray(row * columns, (row + 1) * columns);
      const scale = line.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
      view.setFloat32(at + 4 * row, scale, true);
      const start = at + 4 * rows + row * columns;
      for (const [i, value] of line.entries()) view.setInt8(start + i, scale === 0 ? 0 : Math.round(value / scale));
    }
  }
  return at + bytesOf(tensor, precision);
}

export function readTensor(view: DataView, at: number, { tensor, precision }: Omit<Written, "values">): Float32Array {
  const { rows, columns, large } = tensor;
  const values = new Float32Array(rows * columns);
  if (!large || precision === "f32") {
    for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(at + 4 * i, true);
    return values;
  }
  for (let row = 0; row < rows; row++) {
    const scale = view.getFloat32(at + 4 * row, true);
    const start = at + 4 * rows + row * columns;
    for (let i = 0; i < columns; i++) values[row * columns + i] = scale * view.getInt8(start + i);
  }
  return values;
}
