/** Bytes in JSON: base64 with padding (RFC 4648, 4), on Web APIs only. */

/** Arguments of one call of `fromCharCode`. */
const SLICE = 8_192;

/** The bytes; undefined for what is not base64. Padding may be left out. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  // atob skips white space, which nothing that encodes a file puts in.
  if (/\s/.test(text)) return undefined;
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    return undefined;
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

export function encodeBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let from = 0; from < bytes.length; from += SLICE) {
    binary += String.fromCharCode(...bytes.subarray(from, from + SLICE));
  }
  return btoa(binary);
}
