/** Finds the key in a request. */

import type { AppContext } from "../dependencies.ts";

/** `Authorization: Bearer <key>`, or `Token <key>` as mem0's clients send it, or `X-API-Key`; undefined without any of them. */
export function credentialOf(c: AppContext): string | undefined {
  const authorization = c.req.header("authorization");
  if (authorization !== undefined) {
    const space = authorization.indexOf(" ");
    const scheme = authorization.slice(0, space).toLowerCase();
    if (space > 0 && (scheme === "bearer" || scheme === "token")) return authorization.slice(space + 1).trim();
  }
  return c.req.header("x-api-key")?.trim();
}
