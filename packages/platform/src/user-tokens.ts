/** User tokens: what a tenant's server hands to a phone or browser, so that it may act for one user and no longer than an hour. */

import { type Grant, GRANTS, type Json, NexusError, seal, type Sign, type Subject, unseal } from "@nexus/core";
import { bytesToHex } from "@noble/hashes/utils.js";

export interface UserClaims {
  readonly tenant: string;
  readonly subject: Subject;
  readonly grants: readonly Grant[];
  /** The key that asked for the token: when it is revoked, so is the token. */
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface UserTokens {
  /** `ut1.` and the sealed claims. They are signed, not hidden: their bearer can read them. */
  issue(claims: UserClaims): string;
  /** undefined for what was not issued here. throws auth.expired */
  read(token: string): UserClaims | undefined;
  /**
   * One name for all tokens of a subject, so that idempotency keys, rates and jobs outlive a token's renewal; fit for
   * logs and rows. It is keyed: who has forgotten the user's id cannot find it from the name.
   */
  nameOf(claims: Pick<UserClaims, "tenant" | "subject">): string;
}

const PREFIX = "ut1.";
const PURPOSE = "user-token";
/** The tenant of the MAC: the real one stands in the claims, which nobody knows before they are verified. */
const SYSTEM = "_";

/** The first signer signs, all verify. */
export function createUserTokens(options: {
  readonly signers: readonly [Sign, ...Sign[]];
  readonly clock: { now(): number };
}): UserTokens {
  const { signers, clock } = options;
  return {
    issue: (claims) => PREFIX + seal(signers[0], SYSTEM, PURPOSE, packed(claims)),
    read(token) {
      const sealed = isUserToken(token) ? unseal(signers, SYSTEM, PURPOSE, token.slice(PREFIX.length)) : undefined;
      const claims = sealed === undefined ? undefined : unpacked(sealed);
      if (claims && claims.expiresAt <= clock.now()) {
        throw new NexusError("auth.expired", "[nexus/auth] the user token has expired; ask your server for a new one");
      }
      return claims;
    },
    nameOf({ tenant, subject: { userId, agentId, sessionId } }) {
      const text = JSON.stringify([tenant, userId, agentId ?? null, sessionId ?? null]);
      return `ut_${bytesToHex(signers[0](`${PURPOSE}-name\0${text}`).subarray(0, 8))}`;
    },
  };
}

export function isUserToken(credential: string): boolean {
  return credential.startsWith(PREFIX);
}

function packed({ tenant, subject, grants, issuer, expiresAt }: UserClaims): Json {
  return [tenant, subject.userId, subject.agentId ?? null, subject.sessionId ?? null, grants, issuer, expiresAt];
}

/** What another release sealed may have another form. */
function unpacked(value: Json): UserClaims | undefined {
  if (!Array.isArray(value)) return undefined;
  const [tenant, userId, agentId, sessionId, grants, issuer, expiresAt] = value as readonly Json[];
  if (typeof tenant !== "string" || typeof userId !== "string" || typeof issuer !== "string") return undefined;
  if (typeof expiresAt !== "number" || !Array.isArray(grants)) return undefined;
  const subject = {
    userId,
    ...(typeof agentId === "string" && { agentId }),
    ...(typeof sessionId === "string" && { sessionId }),
  };
  return { tenant, subject, grants: GRANTS.filter((grant) => grants.includes(grant)), issuer, expiresAt };
}
