/** The body of a consistency token: which partitions a reader must be able to see, and up to which sequence. */

import { fromBase64Url, toBase64Url } from "./base64url.ts";
import { NexusError } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import type { PartitionSeq } from "./partition.ts";

const PREFIX = "cv1.";

/** What is signed: purpose, tenant and pairs, so that a token of one tenant or purpose is worthless to another. */
export type Sign = (message: string) => Uint8Array;

/** `cv1.` + base64url of 16 bytes of MAC and the pairs as JSON; at most 16 pairs. */
export function encodeToken(tenant: string, seen: readonly PartitionSeq[], sign: Sign): string {
  const body = JSON.stringify(seen.map(({ partition, seq }) => [partition, seq]));
  const text = new TextEncoder().encode(body);
  const bytes = new Uint8Array(16 + text.length);
  bytes.set(sign(message(tenant, body)).subarray(0, 16));
  bytes.set(text, 16);
  return PREFIX + toBase64Url(bytes);
}

/** throws  `consistency.invalid` for a forged, foreign or damaged token. */
export function decodeToken(tenant: string, token: string, signers: readonly Sign[]): PartitionSeq[] {
  const bytes = token.startsWith(PREFIX) ? fromBase64Url(token.slice(PREFIX.length)) : undefined;
  if (!bytes || bytes.length < 16) throw invalid();
  const body = new TextDecoder().decode(bytes.subarray(16));
  const genuine = signers.some((sign) =>
    equalBytes(sign(message(tenant, body)).subarray(0, 16), bytes.subarray(0, 16)),
  );
  if (!genuine) throw invalid();
  const pairs = JSON.parse(body) as [string, number][];
  return pairs.slice(0, LIMITS.maxUsersPerWrite).map(([partition, seq]) => ({ partition, seq }));
}

/** Constant-time comparison: the time depends on the lengths only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

function message(tenant: string, body: string): string {
  return `consistency\0${tenant}\0${body}`;
}

function invalid(): NexusError {
  return new NexusError(
    "consistency.invalid",
    "[nexus] the consistency token was not made by this server for this tenant; drop it and read again",
  );
}
