/** POST /api/tokens: user tokens for phones and browsers. */

import { parseToken, tokenToWire } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody } from "../json-body.ts";
import { keysOnly, requireGrant } from "../middleware/grants.ts";
import { resource, type Routes } from "../resource.ts";

export function tokens(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { clock, credentials, settings } = deps;

  resource(routes, "/api/tokens", {
    POST: [
      ...caller,
      keysOnly,
      async (c) => {
        const { subject, grants, ttlSeconds } = parseToken(await jsonBody(c, settings.maxBodyBytes));
        for (const grant of grants) requireGrant(c, grant, `a token with the scope ${grant}`);
        const { scope, keyId } = c.get("principal");
        const issuer = await credentials.find(scope.tenant, keyId);
        const keyEndsAt = issuer?.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
        const expiresAt = Math.min(clock.now() + ttlSeconds * 1_000, keyEndsAt);
        const token = deps.tokens.issue({ tenant: scope.tenant, subject, grants, issuer: keyId, expiresAt });
        return answer(c, 201, tokenToWire(token, expiresAt));
      },
    ],
  });
}
