/** The only place that makes a `TenantScope`. Importable by http, recovery and functions alone; the architecture test says so. */

import { NexusError } from "./errors.ts";
import type { Grant, Subject, SystemReason, TenantScope } from "./scope.ts";

/** What is known of an API key or user token once it has been verified. */
export interface KeyVerdict {
  readonly keyId: string;
  readonly tenant: string;
  readonly grants: readonly Grant[];
  readonly ratePerMinute: number;
  /** Of a user token. */
  readonly subject?: Subject | undefined;
}

/** Who is calling: the tenant, the key and what it may do. */
export interface Principal {
  readonly scope: TenantScope;
  readonly keyId: string;
  readonly grants: ReadonlySet<Grant>;
  readonly ratePerMinute: number;
  /** Whom the caller is confined to; undefined for an API key. */
  readonly subject: Subject | undefined;
}

export type VerifyKey = (key: string) => Promise<KeyVerdict | undefined>;

/** throws  `auth.missing` without a credential, `auth.invalid` for one that `verify` refuses, and what `verify` throws. */
export async function authenticate(credential: string | undefined, verify: VerifyKey): Promise<Principal> {
  if (credential === undefined || credential === "") {
    throw new NexusError("auth.missing", "[nexus/auth] send `Authorization: Bearer <key>` or `X-API-Key`");
  }
  const verdict = await verify(credential);
  if (!verdict) throw new NexusError("auth.invalid", "[nexus/auth] the key or token is unknown, revoked or misspelt");
  return {
    scope: issue(verdict.tenant, verdict.subject ? "token" : "key"),
    keyId: verdict.keyId,
    grants: new Set(verdict.grants),
    ratePerMinute: verdict.ratePerMinute,
    subject: verdict.subject,
  };
}

/** Scopes for maintenance that no caller asked for, one for each tenant named; `reason` stays on the scope for logs. */
export function systemScopes(reason: SystemReason, tenants: readonly string[]): TenantScope[] {
  return tenants.map((tenant) => issue(tenant, reason));
}

function issue(tenant: string, origin: TenantScope["origin"]): TenantScope {
  return Object.freeze({ tenant, origin }) as TenantScope;
}
