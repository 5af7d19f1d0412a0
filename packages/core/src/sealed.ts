/** Small signed values that travel through callers and come back: consistency tokens, cursors, query ids. */

import { fromBase64Url, toBase64Url } from "./base64url.ts";
import type { Json } from "./json.ts";

/** A MAC over purpose, tenant and value, so that what was made for one tenant or purpose is worthless to another. */
export type Sign = (message: string) => Uint8Array;

const MAC_BYTES = 16;

/** base64url of a 128-bit MAC, then the value as JSON. */
export function seal(sign: Sign, tenant: string, purpose: string, value: Json): string {
  const body = JSON.stringify(value);
  const text = new TextEncoder().encode(body);
  const bytes = new Uint8Array(MAC_BYTES + text.length);
  bytes.set(sign(message(tenant, purpose, body)).subarray(0, MAC_BYTES));
  bytes.set(text, MAC_BYTES);
  return toBase64Url(bytes);
}

/** The value, or undefined when it was not sealed here, for this tenant and this purpose. */
export function unseal(signers: readonly Sign[], tenant: string, purpose: string, text: string): Json | undefined {
  const bytes = fromBase64Url(text);
  if (!bytes || bytes.length <= MAC_BYTES) return undefined;
  const body = decodeUtf8(bytes.subarray(MAC_BYTES));
  if (body === undefined) return undefined;
  const genuine = signers.some((sign) =>
    equalBytes(sign(message(tenant, purpose, body)).subarray(0, MAC_BYTES), bytes.subarray(0, MAC_BYTES)),
  );
  return genuine ? (JSON.parse(body) as Json) : undefined;
}

/** Constant-time comparison: the time depends on the lengths only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

/** JSON holds no NUL, and neither does a tenant, so that no two triples share a message. */
function message(tenant: string, purpose: string, body: string): string {
  return `${purpose}\0${tenant}\0${body}`;
}

/** Strict: with a lenient decoder a byte-order mark, or a broken byte where U+FFFD was signed, would make a second text that verifies. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
