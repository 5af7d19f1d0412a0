/** What a key may do. `admin` implies the other scopes. */

import { type Grant, NexusError } from "@nexus/core";
import type { AppContext, AppHandler } from "../dependencies.ts";

export function needs(grant: Grant): AppHandler {
  return (c, next) => {
    requireGrant(c, grant, "this route");
    return next();
  };
}

/** throws  `auth.scope` */
export function requireGrant(c: AppContext, grant: Grant, what: string): void {
  const { grants } = c.get("principal");
  if (grants.has(grant) || grants.has("admin")) return;
  const has = [...grants].join("+") || "no scope";
  throw new NexusError("auth.scope", `[nexus/http] ${what} needs the scope ${grant}, the key has ${has}`);
}

/** A read or write that is not confined to one user covers the whole tenant. */
export function requireAdminWithoutUser(c: AppContext, userId: string | undefined): void {
  if (userId === undefined) requireGrant(c, "admin", "a request without userId covers the whole tenant: it");
}
