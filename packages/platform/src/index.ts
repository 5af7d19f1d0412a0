/** Telemetry, keys, signatures, configuration and the small machinery of resilience. */

export { generateApiKey } from "./api-key-format.ts";
export { knownKey, type KnownKey, parseApiKeys } from "./api-keys.ts";
export { type Breaker, type BreakerState, createBreaker } from "./breaker.ts";
export { createCredentials, type Credentials, type KeyView } from "./credentials.ts";
export { type Config, type Knob, knob, parseConfig } from "./config.ts";
export { sha256Bytes, sha256Hex } from "./digest.ts";
export { createKeyStore, type NewKey } from "./key-store.ts";
export type { Metrics } from "./metrics.ts";
export { createRateWindow, type RateVerdict, type RateWindow } from "./rate-window.ts";
export { type RetryPolicy, withRetry } from "./retry.ts";
export { createSigner, type Signer } from "./signatures.ts";
export { createSingleFlight, type SingleFlight } from "./single-flight.ts";
export { createTelemetry, type TelemetryOptions } from "./telemetry.ts";
export { systemTimers, type Timers } from "./timers.ts";
export { createUserTokens, type UserTokens } from "./user-tokens.ts";
