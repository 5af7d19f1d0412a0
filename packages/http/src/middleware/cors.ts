/**
 * Pages of other origins: which of them may call, with user tokens alone.
 *
 * A preflight carries no credential, so it is answered for the origins of every tenant; it grants no more than sending
 * the request. The request itself is held against the list of the tenant that its token proves, before any handler.
 */

import { NexusError } from "@nexus/core";
import type { Principal } from "@nexus/core/authority";
import type { CorsOrigin } from "../cors-origins.ts";
import type { AppContext, AppHandler } from "../dependencies.ts";

/** How long a browser may keep the answer to a preflight: as long as a revoked key may live. */
const MAX_AGE_SECONDS = 60;

const PREFLIGHT_HEADERS = {
  "access-control-allow-methods": "GET, POST, PATCH, DELETE",
  "access-control-allow-headers": "authorization, content-type, idempotency-key, if-match, x-request-id",
  "access-control-max-age": String(MAX_AGE_SECONDS),
  vary: "origin, access-control-request-method, access-control-request-headers",
};

/** What pages may read of an answer beside its body. */
const EXPOSED = "etag, location, retry-after, x-request-id";

/** Answers preflights, and lets pages of listed origins read what follows. throws auth.origin for a preflight of another origin */
export function cors(origins: readonly CorsOrigin[]): AppHandler {
  const listed = new Set(origins.map(({ origin }) => origin));
  return async (c, next) => {
    const origin = c.req.header("origin");
    // The answers to others too: a cache must not hand to a page what was answered without leave to read it.
    if (listed.size > 0) c.set("variesByOrigin", true);
    if (origin === undefined) return await next();
    const isPreflight = c.req.method === "OPTIONS" && c.req.header("access-control-request-method") !== undefined;
    if (listed.has(origin)) {
      c.set("readableBy", { "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED });
    } else if (isPreflight) {
      throw refusal("requests from pages of this origin are not allowed; list it in NEXUS_CORS_ORIGINS");
    }
    if (!isPreflight) return await next();
    return new Response(null, {
      status: 204,
      headers: {
        ...PREFLIGHT_HEADERS,
        "access-control-allow-origin": origin,
        "x-request-id": c.get("requestId"),
      },
    });
  };
}

/** Before any credential is looked at. throws  `auth.origin` for a page of an origin that no tenant lists */
export function requireListed(c: AppContext): void {
  if (isForeign(c) && !c.get("readableBy")) {
    throw refusal("requests from pages of this origin are not allowed; list it in NEXUS_CORS_ORIGINS");
  }
}

/** throws  `auth.origin` for an API key from a page of another origin, and for an origin that the token's tenant does not list */
export function requireOrigin(c: AppContext, { scope, subject }: Principal, origins: readonly CorsOrigin[]): void {
  if (!isForeign(c)) return;
  if (!subject) throw refusal("API keys are for servers; a page needs a user token (POST /api/tokens)");
  const origin = c.req.header("origin");
  const allowed = origins.some(
    (listed) => listed.origin === origin && (listed.tenant ?? scope.tenant) === scope.tenant,
  );
  if (!allowed) throw refusal("requests from pages of this origin are not allowed for this tenant");
}

/** A request that a page of another origin made: browsers say so, and no page can make them say otherwise. */
function isForeign(c: AppContext): boolean {
  const origin = c.req.header("origin");
  if (origin === undefined || c.req.header("sec-fetch-site") === "same-origin") return false;
  return URL.parse(origin)?.host !== new URL(c.req.url).host;
}

function refusal(reason: string): NexusError {
  return new NexusError("auth.origin", `[nexus/http] ${reason}`);
}
