/** SHA-256 where its answer is needed at once: Web Crypto's is asynchronous. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const encoder = new TextEncoder();

/** SHA-256 of the bytes, or of the text as UTF-8. */
export function sha256Bytes(input: string | Uint8Array): Uint8Array {
  return sha256(typeof input === "string" ? encoder.encode(input) : input);
}

/** The same in lower-case hexadecimal. */
export function sha256Hex(input: string | Uint8Array): string {
  return bytesToHex(sha256Bytes(input));
}
