/** A question's vector as a rating keeps it: the question itself is a text, which no rating keeps. */

import { fromBase64Url, type Json, toBase64Url } from "@nexus/core";

const LARGEST = 127;

/** One byte a dimension: a question's length means nothing, and its cosines move by less than .01. */
export function packQuestion(model: string, vector: Float32Array): Json {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const bytes = Int8Array.from(vector, (value) => Math.round((value / largest) * LARGEST));
  return { model, data: toBase64Url(new Uint8Array(bytes.buffer)) };
}

/** Of unit length; undefined for what is none, or was made by another model. */
export function unpackQuestion(model: string, packed: Json | undefined): Float32Array | undefined {
  const { model: made, data } = (packed ?? {}) as { readonly model?: Json; readonly data?: Json };
  if (made !== model || typeof data !== "string") return undefined;
  const bytes = fromBase64Url(data);
  if (!bytes || bytes.length === 0) return undefined;
  const vector = Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  const length = Math.hypot(...vector);
  return length === 0 ? undefined : vector.map((value) => value / length);
}
