/** /api/keys: make, list, read and revoke the tenant's own API keys. */

import { NexusError } from "@nexus/core";
import { keysToWire, keyToWire, newKeyToWire, parseKey, parseKeysQuery } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppContext, AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody, refusesBody } from "../json-body.ts";
import { needs } from "../middleware/grants.ts";
import { queryString } from "../query-string.ts";
import { resource, type Routes } from "../resource.ts";

export function keys(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { clock, credentials, settings } = deps;
  const tenantOf = (c: AppContext): string => c.get("principal").scope.tenant;

  resource(routes, "/api/keys", {
    GET: [
      ...caller,
      needs("admin"),
      async (c) => {
        const page = parseKeysQuery(queryString(c));
        return answer(c, 200, keysToWire(await credentials.list(tenantOf(c), page), page.limit));
      },
    ],

    POST: [
      ...caller,
      needs("admin"),
      async (c) => {
        const input = await jsonBody(c, settings.maxBodyBytes);
        const request = parseKey(input, clock.now(), settings.keyRatePerMinute);
        const { view, key } = await credentials.create(tenantOf(c), request);
        return answer(c, 201, newKeyToWire(view, key), { location: `/api/keys/${view.id}` });
      },
    ],
  });

  resource(routes, "/api/keys/{id}", {
    GET: [
      ...caller,
      needs("admin"),
      async (c) => {
        const id = c.req.param("id") ?? "";
        const key = await credentials.find(tenantOf(c), id);
        if (!key) throw notFound();
        return answer(c, 200, keyToWire(key));
      },
    ],

    DELETE: [
      ...caller,
      needs("admin"),
      refusesBody(settings.maxBodyBytes),
      async (c) => {
        const id = c.req.param("id") ?? "";
        const key = await credentials.find(tenantOf(c), id);
        if (key?.readOnly) {
          const message = `[nexus/http] key ${id} comes from ${key.name}; its operator takes it out there`;
          throw new NexusError("auth.scope", message);
        }
        const revoked = key && (await credentials.revoke(tenantOf(c), id));
        if (!revoked) throw notFound();
        return answer(c, 200, keyToWire(revoked));
      },
    ],
  });
}

function notFound(): NexusError {
  return new NexusError(
    "key.not_found",
    "[nexus/http] the tenant has no key of this id; GET /api/keys lists those it has",
  );
}
