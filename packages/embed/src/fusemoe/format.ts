/** A fusion network as bytes: what it is, a checksum, and its numbers as f32 or i8. */

import { NexusError } from "@nexus/core";
import { sha256Bytes } from "@nexus/platform";

import { checkShape, type FusionShape } from "./shape.ts";
import {
  align,
  bytesOf,
  expertTensors,
  type FusionPrecision,
  gateTensors,
  keyOf,
  readTensor,
  type Tensor,
  tensorsOf,
  writeTensor,
} from "./tensors.ts";
import type { ExpertWeights, FusionOrigin, FusionWeights, GateWeights } from "./weights.ts";

export interface DecodeOptions {
  /** Name and revision of the model behind each member that is here. */
  readonly models?: Readonly<Record<string, string>> | undefined;
}

/**
 * Layout, little endian: "NXFM", u32 version, u32 bytes of the header, 32 bytes of SHA-256 over all that follows,
 * the header as JSON padded with spaces to a multiple of 4, then the tensors in the order of `tensorsOf`.
 */
export function encodeFusion(weights: FusionWeights, precision: FusionPrecision): Uint8Array<ArrayBuffer> {
  const json = JSON.stringify({ shape: weights.shape, origin: weights.origin, precision } satisfies Header);
  const text = new TextEncoder().encode(json);
  const header = new Uint8Array(align(text.length)).fill(SPACE);
  header.set(text);
  const tensors = tensorsOf(weights.shape);
  const size = tensors.reduce((sum, tensor) => sum + bytesOf(tensor, precision), PREAMBLE + header.length);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(4, VERSION, true);
  view.setUint32(8, header.length, true);
  bytes.set(header, PREAMBLE);
  let at = PREAMBLE + header.length;
  let last: { readonly index: number; readonly own: ExpertWeights } | undefined;
  for (const tensor of tensors) {
    if (tensor.expert !== undefined && tensor.expert !== last?.index) {
      last = { index: tensor.expert, own: weights.expert(tensor.expert) };
    }
    const values = tensor.expert === undefined ? weights.gate[tensor.name] : last!.own[tensor.name];
    at = writeTensor(view, at, { tensor, values, precision });
  }
  bytes.set(sha256Bytes(bytes.subarray(PREAMBLE)), CHECKSUM_AT);
  return bytes;
}

/**
 * cost     the checksum, about 5 ms a megabyte, and 4 bytes of memory for each number as it is asked for
 * throws   `embed.load_failed` for bytes that are no such file or are cut short, `embed.checksum`, `embed.not_trained` for other models than it was trained with
 */
export function decodeFusion(bytes: Uint8Array, { models }: DecodeOptions = {}): FusionWeights {
  const { shape, origin, precision, at: start } = readHeader(bytes);
  checkModels(origin, models);
  const places = new Map<string, number>();
  let at = start;
  for (const tensor of tensorsOf(shape)) {
    places.set(keyOf(tensor), at);
    at += bytesOf(tensor, precision);
  }
  if (at !== bytes.length) throw damaged(`it has ${bytes.length} bytes, its header describes ${at}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const take = <Name extends string>(tensors: readonly (Tensor & { name: Name })[]): Record<Name, Float32Array> => {
    const entries = tensors.map((tensor) => [
      tensor.name,
      readTensor(view, places.get(keyOf(tensor))!, { tensor, precision }),
    ]);
    return Object.fromEntries(entries) as Record<Name, Float32Array>;
  };
  return {
    shape,
    origin,
    gate: take<keyof GateWeights>(gateTensors(shape)),
    expert: (index) => take<keyof ExpertWeights>(expertTensors(shape, index)),
  };
}

interface Header {
  readonly shape: FusionShape;
  readonly origin: FusionOrigin;
  readonly precision: FusionPrecision;
}

const MAGIC = new TextEncoder().encode("NXFM");
const VERSION = 1;
const CHECKSUM_AT = 12;
const PREAMBLE = 44;
const SPACE = 0x20;

function readHeader(bytes: Uint8Array): Header & { readonly at: number } {
  if (bytes.length < PREAMBLE) throw damaged(`it has ${bytes.length} bytes, expected at least ${PREAMBLE}`);
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw damaged('it does not begin with "NXFM"');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(4, true);
  if (version !== VERSION) throw damaged(`it has version ${version}, this code reads version ${VERSION}`);
  const at = PREAMBLE + view.getUint32(8, true);
  if (at > bytes.length) throw damaged(`it has ${bytes.length} bytes, its header alone ends at ${at}`);
  const expected = bytes.subarray(CHECKSUM_AT, PREAMBLE);
  const seen = sha256Bytes(bytes.subarray(PREAMBLE));
  if (seen.some((byte, i) => byte !== expected[i])) {
    throw new NexusError(
      "embed.checksum",
      `[nexus/embed:fusemoe] the SHA-256 of the network's ${bytes.length} bytes is not the one they carry; the file is cut short or damaged: fetch or train it again`,
    );
  }
  return { ...parseHeader(bytes.subarray(PREAMBLE, at)), at };
}

/** The checksum held: what is wrong here was written so. */
function parseHeader(bytes: Uint8Array): Header {
  let header: Header;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes)) as Header;
    checkShape(header.shape, "header");
  } catch (cause) {
    if (cause instanceof NexusError) throw cause;
    throw damaged("its header is no description of a network", cause);
  }
  const { precision, origin } = header;
  if (precision !== "f32" && precision !== "i8") throw damaged("its header names no precision");
  if (origin?.kind !== "trained" && origin?.kind !== "generated") throw damaged("its header names no origin");
  return header;
}

function checkModels(origin: FusionOrigin, models: DecodeOptions["models"]): void {
  if (models === undefined || origin.kind !== "trained") return;
  for (const [id, trained] of Object.entries(origin.models)) {
    const here = models[id];
    if (here === trained) continue;
    throw new NexusError(
      "embed.not_trained",
      `[nexus/embed:fusemoe] the network was trained with ${trained} as ${id}, here is ${here ?? "none"}; train it again for this model`,
    );
  }
}

function damaged(what: string, cause?: unknown): NexusError {
  const message = `[nexus/embed:fusemoe] the bytes are no fusion network: ${what}; fetch or train it again`;
  return new NexusError("embed.load_failed", message, cause === undefined ? {} : { cause });
}
