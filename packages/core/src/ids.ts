/** Ids: UUIDv7 for what we make, checked UUIDs for what callers bring, names from hashes for what must be found again. */

import type { Clock, Ids, Random } from "./clock.ts";

/** The namespace of every UUIDv5 in the product. Changing it would orphan all points. */
export const NAMESPACE_BYTES: Uint8Array = Uint8Array.from([
  0x6e, 0x65, 0x78, 0x75, 0x73, 0x2d, 0x4d, 0x31, 0x8e, 0x01, 0x70, 0x6f, 0x69, 0x6e, 0x74, 0x73,
]);

/** Ids' worth of random bytes drawn at once: a draw costs about the same for 16 bytes as for 1,024. */
const POOLED = 64;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/**
 * A source of UUIDv7 (RFC 9562): 48 bits of milliseconds, 74 random bits.
 * Ids sort by the clock's milliseconds only; nothing in the product uses them for order.
 */
export function createIds(clock: Clock, random: Random): Ids {
  const pool = new Uint8Array(16 * POOLED);
  let used = POOLED;
  return {
    next() {
      if (used === POOLED) {
        random.bytes(pool);
        used = 0;
      }
      const bytes = pool.subarray(16 * used, 16 * ++used);
      const time = clock.now();
      for (let i = 0; i < 6; i++) bytes[i] = Math.floor(time / 2 ** (8 * (5 - i))) & 0xff;
      return formatUuid(bytes, 7);
    },
  };
}

/**
 * Writes 16 bytes as a UUID, setting its version and variant bits in place.
 *
 * shapes   bytes: at least 16; the first 16 are used
 * source   RFC 9562, 5.5 (version 5 from a SHA-1) and 5.7 (version 7)
 */
export function formatUuid(bytes: Uint8Array, version: 5 | 7): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  let text = "";
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
    text += (bytes[i] ?? 0).toString(16).padStart(2, "0");
  }
  return text;
}
