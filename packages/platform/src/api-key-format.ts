/** The form of the keys that the product makes: `nx_{live|test}_{keyId}_{secret}_{crc}`, all lower-case hexadecimal. */

import type { Random } from "@nexus/core";
import { bytesToHex } from "@noble/hashes/utils.js";

const FORMAT = /^(nx_(?:live|test)_([0-9a-f]{16})_([0-9a-f]{64}))_([0-9a-f]{8})$/;

/** A new key: 64 bits of id, random unless given, 256 of secret, and a CRC-32 so that a slip of the pen is noticed before any look-up. */
export function generateApiKey(
  random: Random,
  stage: "live" | "test" = "live",
  keyId: string = bytesToHex(random.bytes(new Uint8Array(8))),
): string {
  const secret = bytesToHex(random.bytes(new Uint8Array(32)));
  const body = `nx_${stage}_${keyId}_${secret}`;
  return `${body}_${crc32(body)}`;
}

/** What the text of a key says of itself: `foreign` is any string that is not in our form. */
type ReadKey =
  | { readonly form: "ours"; readonly keyId: string; readonly secret: string }
  | { readonly form: "misspelt" }
  | { readonly form: "foreign" };

export function readApiKey(key: string): ReadKey {
  const match = FORMAT.exec(key);
  if (!match) return { form: "foreign" };
  const [, body = "", keyId = "", secret = "", crc] = match;
  return crc === crc32(body) ? { form: "ours", keyId, secret } : { form: "misspelt" };
}

/**
 * CRC-32 of an ASCII text as 8 hexadecimal digits.
 *
 * source  ISO 3309, reflected polynomial 0xedb88320; bit by bit, since keys are short and rarely checked
 */
function crc32(text: string): string {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (~crc >>> 0).toString(16).padStart(8, "0");
}
