/** Small signed values that travel through callers and come back: cursors and query ids. */

import { equalBytes, fromBase64Url, type Json, type Sign, type TenantScope, toBase64Url } from "@nexus/core";

const MAC_BYTES = 16;

/** base64url of a 128-bit MAC over purpose, tenant and value, then the value as JSON. */
export function seal(sign: Sign, scope: TenantScope, purpose: string, value: Json): string {
  const body = JSON.stringify(value);
  const text = new TextEncoder().encode(body);
  const bytes = new Uint8Array(MAC_BYTES + text.length);
  bytes.set(sign(message(scope, purpose, body)).subarray(0, MAC_BYTES));
  bytes.set(text, MAC_BYTES);
  return toBase64Url(bytes);
}

/** The value, or undefined when it was not sealed here, for this tenant and this purpose. */
export function unseal(signers: readonly Sign[], scope: TenantScope, purpose: string, text: string): Json | undefined {
  const bytes = fromBase64Url(text);
  if (!bytes || bytes.length <= MAC_BYTES) return undefined;
  const body = new TextDecoder().decode(bytes.subarray(MAC_BYTES));
  const genuine = signers.some((sign) =>
    equalBytes(sign(message(scope, purpose, body)).subarray(0, MAC_BYTES), bytes.subarray(0, MAC_BYTES)),
  );
  return genuine ? (JSON.parse(body) as Json) : undefined;
}

function message(scope: TenantScope, purpose: string, body: string): string {
  return `${purpose}\0${scope.tenant}\0${body}`;
}
