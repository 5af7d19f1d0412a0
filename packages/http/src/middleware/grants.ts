/** What a key may do. `admin` implies the other scopes. */

import { type Grant, NexusError } from "@nexus/core";
import type { AppContext, AppHandler } from "../dependencies.ts";

/** User tokens are refused unless the route says that it takes them, which obliges it to read its scope through `subject.ts`. */
export function needs(grant: Grant, takes?: "userTokens"): AppHandler {
  return (c, next) => {
    if (takes === undefined) refuseUserTokens(c);
    requireGrant(c, grant, "this route");
    return next();
  };
}

/** Any key, whatever it may do, and no user token. */
export const keysOnly: AppHandler = (c, next) => {
  refuseUserTokens(c);
  return next();
};

/** throws  `auth.scope` */
export function requireGrant(c: AppContext, grant: Grant, what: string): void {
  const { grants } = c.get("principal");
  if (grants.has(grant) || grants.has("admin")) return;
  const has = [...grants].join("+") || "no scope";
  throw new NexusError("auth.scope", `[nexus/http] ${what} needs the scope ${grant}, the key has ${has}`);
}

function refuseUserTokens(c: AppContext): void {
  if (!c.get("principal").subject) return;
  throw new NexusError("auth.scope", "[nexus/http] this route takes API keys only, from a server, and no user token");
}

/** A read or write that is not confined to one user covers the whole tenant. */
export function requireAdminWithoutUser(c: AppContext, userId: string | undefined): void {
  if (userId === undefined) requireGrant(c, "admin", "a request without userId covers the whole tenant: it");
}
