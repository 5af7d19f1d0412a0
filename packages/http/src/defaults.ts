/** The settings of the HTTP face, each with its reason. */

import { LIMITS } from "@nexus/core";
import type { CorsOrigin } from "./cors-origins.ts";

export interface HttpSettings {
  readonly maxBodyBytes: number;
  /** Failed or missing keys that one address may send before it is refused unheard. */
  readonly authFailuresPerMinutePerIp: number;
  /** Answers larger than this are compressed for callers who ask. */
  readonly compressionMinBytes: number;
  /** /metrics without a key: for a server that only its own machine can reach. */
  readonly metricsOpen: boolean;
  /** Of each configured key, and the most that a key made by POST /api/keys may have. */
  readonly keyRatePerMinute: number;
  /** Whose pages may call, with user tokens. */
  readonly corsOrigins: readonly CorsOrigin[];
}

/** `userRatePerMinute` is for those who make the credentials known: the app reads each one's own rate. */
export const HTTP_DEFAULTS: HttpSettings & { readonly userRatePerMinute: number } = {
  maxBodyBytes: LIMITS.maxBodyBytes,
  // Two a second: a misconfigured client shows in its logs at once, a guesser of 256-bit keys gets nowhere.
  authFailuresPerMinutePerIp: 120,
  // Below about one packet, compression costs more than it saves.
  compressionMinBytes: 1_024,
  metricsOpen: false,
  // 1,000 a second: a ceiling against runaway loops, above what one process is asked to serve.
  keyRatePerMinute: 60_000,
  // 10 a second: more than a person causes, and too little to copy a tenant's data by.
  userRatePerMinute: 600,
  corsOrigins: [],
};
