/** Who is calling: failed keys are limited per address before any key is looked at, requests per key after. */

import { NexusError } from "@nexus/core";
import { authenticate, systemScopes } from "@nexus/core/authority";
import { createRateWindow, type RateVerdict, sha256Hex } from "@nexus/platform";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { credentialOf } from "./credential.ts";

const WINDOW_SECONDS = 60;
/** The tenant of what belongs to no tenant; API keys cannot name it. */
const SHARED_TENANT = "_";

/**
 * Sets the principal.
 *
 * throws  `auth.missing`, `auth.invalid`, `rate.limited`
 */
export function authentication(deps: AppDependencies): AppHandler {
  const { cache, clock, verifyKey, clientIp } = deps;
  const { authFailuresPerMinutePerIp } = deps.settings;
  const windows = createRateWindow({ cache, clock, windowSeconds: WINDOW_SECONDS });
  const [shared] = systemScopes("sweep", [SHARED_TENANT]);
  if (!shared) throw new NexusError("internal.unexpected", "[nexus/http] no scope for the shared tenant");

  return async (c, next) => {
    // Hashed: addresses are personal data, and the cache may be somebody else's Redis.
    const address = `ip:${sha256Hex(clientIp(c.req.raw, c.env)).slice(0, 32)}`;
    refuse(await windows.peek(shared, address, authFailuresPerMinutePerIp), "too many failed keys from this address");
    try {
      c.set("principal", await authenticate(credentialOf(c), verifyKey));
    } catch (error) {
      if (error instanceof NexusError && error.status === 401) {
        await windows.hit(shared, address, authFailuresPerMinutePerIp);
      }
      throw error;
    }
    const { scope, keyId, ratePerMinute } = c.var.principal;
    refuse(
      await windows.hit(scope, `rl:${keyId}`, ratePerMinute),
      `the key may send ${ratePerMinute} requests a minute`,
    );
    await next();
  };
}

function refuse(verdict: RateVerdict, reason: string): void {
  if (verdict.allowed) return;
  const { retryAfterSeconds } = verdict;
  const message = `[nexus/http] ${reason}; try again in ${retryAfterSeconds} s`;
  throw new NexusError("rate.limited", message, { retryAfterSeconds });
}
