/** The proof of tenancy that every store method takes. Only `core/authority` can make one. */

declare const issued: unique symbol;

/** A tenant that authentication (or maintenance, by name and reason) has vouched for. */
export interface TenantScope {
  readonly tenant: string;
  readonly origin: "key" | "token" | SystemReason;
  readonly [issued]: true;
}

/** Why maintenance acts for a tenant without its key. */
export type SystemReason = "sweep" | "rebuild" | "keys" | "test";

/** Whom a user token is for: all that its bearer may reach. */
export interface Subject {
  readonly userId: string;
  readonly agentId?: string | undefined;
  readonly sessionId?: string | undefined;
}

/** What a key may do. `admin` implies the others. */
export type Grant = "read" | "write" | "admin" | "realtime";

export const GRANTS: readonly Grant[] = ["read", "write", "admin", "realtime"];
