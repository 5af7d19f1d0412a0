/** POST /api/tokens: user tokens for phones and browsers. */

import { parseToken, tokenToWire } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody } from "../json-body.ts";
import { keysOnly, requireGrant } from "../middleware/grants.ts";
import { resource, type Routes } from "../resource.ts";

export function tokens(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { clock, settings } = deps;

  resource(routes, "/api/tokens", {
    POST: [
      ...caller,
      keysOnly,
      async (c) => {
        const { subject, grants, ttlSeconds } = parseToken(await jsonBody(c, settings.maxBodyBytes));
        for (const grant of grants) requireGrant(c, grant, `a token with the scope ${grant}`);
        const { scope, keyId } = c.get("principal");
        const expiresAt = clock.now() + ttlSeconds * 1_000;
        const token = deps.tokens.issue({ tenant: scope.tenant, subject, grants, issuer: keyId, expiresAt });
        return answer(c, 201, tokenToWire(token, expiresAt));
      },
    ],
  });
}
