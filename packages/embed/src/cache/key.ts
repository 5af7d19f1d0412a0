/** Names of cached vectors: hashes, so that a key tells nothing of a text, and each with its tenant, so that no tenant can ask what another has embedded. */

import type { EmbedInput } from "@nexus/core";
import { sha256Bytes } from "@nexus/platform";

/** What a vector depends on beside the input. */
export interface KeySpace {
  readonly tenant: string;
  readonly model: string;
  readonly revision: string;
  /** How its weights are stored: "q8" and "fp32" give different vectors. */
  readonly precision: string;
}

/** Hexadecimal digits of a tenant's tag, with which all its keys begin. */
const TAG_DIGITS = 16;
/** From here on the platform's own digest, which does not block, is worth its detour. */
const LARGE_BYTES = 65_536;

const encoder = new TextEncoder();

/**
 * 80 hexadecimal digits: 8 bytes that stand for the tenant, then the SHA-256 of everything the vector depends on.
 * Fields are written as one JSON array, so that no choice of their contents makes two inputs look alike.
 *
 * cost     about 5 µs for a short text; more than 64 KiB are hashed aside
 */
export async function embeddingKey(
  input: EmbedInput,
  { tenant, model, revision, precision }: KeySpace,
): Promise<string> {
  const bytes = content([tenant, model, revision, precision], input);
  const digest =
    bytes.length < LARGE_BYTES ? sha256Bytes(bytes) : new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return tenantTag(tenant) + toHex(digest);
}

/** What all keys of a tenant begin with. */
export function tenantTag(tenant: string): string {
  return toHex(sha256Bytes(`embedding-cache\0${tenant}`)).slice(0, TAG_DIGITS);
}

function content(space: readonly string[], input: EmbedInput): Uint8Array<ArrayBuffer> {
  if (input.modality === "text")
    return text([...space, "text", input.role ?? "passage", input.instruction ?? null, input.content]);
  if (input.modality === "code") return text([...space, "code", input.language ?? null, input.content]);
  if (input.modality === "image") return withBytes([...space, "image"], input.bytes);
  if ("bytes" in input) return withBytes([...space, "audio file"], input.bytes);
  return withBytes([...space, "samples", input.sampleRate, input.channels], bytesOf(input.samples));
}

/** JSON writes lone surrogates as escapes, where UTF-8 would make all of them one character. */
function text(fields: readonly (string | number | null)[]): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(fields));
}

/** JSON holds no zero byte, so the fields end where the first one is. */
function withBytes(fields: readonly (string | number | null)[], bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = text(fields);
  const whole = new Uint8Array(head.length + 1 + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length + 1);
  return whole;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function toHex(bytes: Uint8Array): string {
  let digits = "";
  for (const byte of bytes) digits += HEX[byte];
  return digits;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
