/** Message authentication for what leaves the server and comes back: tokens, cursors, query ids. */

import type { Sign } from "@nexus/core";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

const encoder = new TextEncoder();

export interface Signer {
  /** HMAC-SHA-256 (32 bytes) under the first secret. */
  readonly sign: Sign;
  /** One for each secret, the first included: while secrets rotate, all of them verify. */
  readonly verifiers: readonly [Sign, ...Sign[]];
}

/** cost  one SHA-256 block for the message and one for the outer hash: the keyed states are made once and cloned */
export function createSigner(secrets: readonly [Uint8Array, ...Uint8Array[]]): Signer {
  const [first, ...rest] = secrets;
  const verifiers: [Sign, ...Sign[]] = [signWith(first), ...rest.map(signWith)];
  return { sign: verifiers[0], verifiers };
}

function signWith(secret: Uint8Array): Sign {
  const keyed = hmac.create(sha256, secret);
  return (message) => keyed.clone().update(encoder.encode(message)).digest();
}
