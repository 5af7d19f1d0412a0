/** Consistency tokens: which partitions a reader must be able to see, and up to which sequence. */

import { NexusError } from "./errors.ts";
import type { Json } from "./json.ts";
import { LIMITS } from "./limits.ts";
import type { PartitionSeq } from "./partition.ts";
import { seal, type Sign, unseal } from "./sealed.ts";

const PREFIX = "cv1.";
const PURPOSE = "consistency";

/** `cv1.` and the sealed pairs; at most 16 of them. */
export function encodeToken(tenant: string, seen: readonly PartitionSeq[], sign: Sign): string {
  return (
    PREFIX +
    seal(
      sign,
      tenant,
      PURPOSE,
      seen.map(({ partition, seq }) => [partition, seq]),
    )
  );
}

/** throws  `consistency.invalid` for a forged, foreign or damaged token. */
export function decodeToken(tenant: string, token: string, signers: readonly Sign[]): PartitionSeq[] {
  const pairs = token.startsWith(PREFIX) ? unseal(signers, tenant, PURPOSE, token.slice(PREFIX.length)) : undefined;
  if (!isPairs(pairs)) {
    throw new NexusError(
      "consistency.invalid",
      "[nexus] the consistency token was not made by this server for this tenant; drop it and read again",
    );
  }
  return pairs.map(([partition, seq]) => ({ partition, seq }));
}

/** A genuine token of another release may hold something else. */
function isPairs(value: Json | undefined): value is [string, number][] {
  return (
    Array.isArray(value) &&
    value.length <= LIMITS.maxUsersPerWrite &&
    value.every(
      (pair: Json) =>
        Array.isArray(pair) && pair.length === 2 && typeof pair[0] === "string" && Number.isSafeInteger(pair[1]),
    )
  );
}
