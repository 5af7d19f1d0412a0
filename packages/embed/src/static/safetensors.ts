/** Reads tensors of numbers from the bytes of a safetensors file. */

import { NexusError } from "@nexus/core";

export interface NumberTensor {
  readonly shape: readonly number[];
  /** [product of the shape]. */
  readonly values: Float32Array;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Bytes of a number, and how it is read. */
const READERS: Readonly<Record<string, readonly [number, (view: DataView, at: number) => number]>> = {
  F64: [8, (view, at) => view.getFloat64(at, true)],
  F32: [4, (view, at) => view.getFloat32(at, true)],
  F16: [2, (view, at) => halfOf(view.getUint16(at, true))],
  BF16: [2, (view, at) => brainOf(view.getUint16(at, true))],
  I64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  I32: [4, (view, at) => view.getInt32(at, true)],
  I8: [1, (view, at) => view.getInt8(at)],
};

/**
 * The tensors of a file by name, as f32.
 *
 * cost     a pass over the file; 4 bytes a number
 * throws   `embed.load_failed` for what is no such file, is cut off, or holds other kinds of numbers
 */
export function readSafetensors(bytes: Uint8Array): ReadonlyMap<string, NumberTensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.length >= 8 ? Number(view.getBigUint64(0, true)) : Number.NaN;
  if (!(8 + size <= bytes.length)) throw broken(`${bytes.length} bytes do not hold a header of ${size}`);
  const tensors = new Map<string, NumberTensor>();
  for (const [name, entry] of Object.entries(headerOf(bytes.subarray(8, 8 + size)))) {
    if (name !== "__metadata__") tensors.set(name, tensorOf(view, 8 + size, name, entry));
  }
  return tensors;
}

function headerOf(bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof header === "object" && header !== null) return header as Record<string, unknown>;
  } catch (cause) {
    throw broken("its header is no JSON", cause);
  }
  throw broken("its header is no object");
}

function tensorOf(view: DataView, start: number, name: string, entry: unknown): NumberTensor {
  if (!isEntry(entry)) throw broken(`tensor "${name}" is not described`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const reader = READERS[dtype];
  if (!reader) throw broken(`tensor "${name}" is of ${dtype}; ${Object.keys(READERS).join(", ")} are read`);
  const [width, read] = reader;
  const count = shape.reduce((product, side) => product * side, 1);
  const [from, to] = [start + offsets[0], start + offsets[1]];
  if (to - from !== count * width || to > view.byteLength) {
    throw broken(
      `tensor "${name}" needs ${count * width} bytes, its place has ${Math.min(to, view.byteLength) - from}`,
    );
  }
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, from + i * width);
  return { shape, values };
}

function isEntry(entry: unknown): entry is Entry {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Partial<Record<keyof Entry, unknown>>;
  const natural = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((value) => Number.isSafeInteger(value) && (value as number) >= 0);
  return typeof dtype === "string" && natural(shape) && natural(offsets) && offsets.length === 2;
}

function halfOf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function brainOf(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0] ?? 0;
}

function broken(what: string, cause?: unknown): NexusError {
  return new NexusError(
    "embed.load_failed",
    `[nexus/embed:safetensors] this file cannot be read: ${what}; fetch it anew`,
    { cause },
  );
}
