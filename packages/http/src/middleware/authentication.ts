/** Who is calling: failed keys are limited per address before any key is looked at, requests per key and per user after. */

import { NexusError } from "@nexus/core";
import { authenticate, systemScopes } from "@nexus/core/authority";
import { createRateWindow, type RateVerdict, sha256Hex } from "@nexus/platform";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { requireListed, requireOrigin } from "./cors.ts";
import { credentialOf } from "./credential.ts";

const WINDOW_SECONDS = 60;
/** Addresses whose hash is remembered, so that a busy caller is not hashed for every request. */
const MOST_ADDRESSES = 1_000;
/** The tenant of what belongs to no tenant; API keys cannot name it. */
const SHARED_TENANT = "_";

/**
 * Sets the principal.
 *
 * throws  `auth.missing`, `auth.invalid`, `auth.expired`, `auth.origin`, `rate.limited`
 */
export function authentication(deps: AppDependencies): AppHandler {
  const { cache, clock, credentials, clientIp } = deps;
  const { authFailuresPerMinutePerIp, corsOrigins } = deps.settings;
  const addressKey = createAddressKeys();
  const windows = createRateWindow({ cache, clock, windowSeconds: WINDOW_SECONDS });
  const [shared] = systemScopes("sweep", [SHARED_TENANT]);
  if (!shared) throw new NexusError("internal.unexpected", "[nexus/http] no scope for the shared tenant");

  return async (c, next) => {
    requireListed(c);
    const address = addressKey(clientIp(c.req.raw, c.env));
    refuse(await windows.peek(shared, address, authFailuresPerMinutePerIp), "too many failed keys from this address");
    try {
      c.set("principal", await authenticate(credentialOf(c), (credential) => credentials.verify(credential)));
    } catch (error) {
      if (error instanceof NexusError && error.status === 401) {
        await windows.hit(shared, address, authFailuresPerMinutePerIp);
      }
      throw error;
    }
    const principal = c.get("principal");
    requireOrigin(c, principal, corsOrigins);
    const { scope, keyId, ratePerMinute, subject } = principal;
    refuse(
      await windows.hit(scope, `rl:${keyId}`, ratePerMinute),
      `the ${subject ? "user" : "key"} may send ${ratePerMinute} requests a minute`,
    );
    await next();
  };
}

/** The cache key of an address: hashed, since addresses are personal data and the cache may be somebody else's Redis. */
function createAddressKeys(): (address: string) => string {
  const known = new Map<string, string>();
  return (address) => {
    let key = known.get(address);
    if (key === undefined) {
      if (known.size >= MOST_ADDRESSES) known.clear();
      key = `ip:${sha256Hex(address).slice(0, 32)}`;
      known.set(address, key);
    }
    return key;
  };
}

function refuse(verdict: RateVerdict, reason: string): void {
  if (verdict.allowed) return;
  const { retryAfterSeconds } = verdict;
  const message = `[nexus/http] ${reason}; try again in ${retryAfterSeconds} s`;
  throw new NexusError("rate.limited", message, { retryAfterSeconds });
}
