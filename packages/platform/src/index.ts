/** Telemetry, keys, signatures, configuration and the small machinery of resilience. */

export { generateApiKey } from "./api-key-format.ts";
export { createKeyring, type KeyRights, knownKey, type KnownKey, type LookUpKey, parseApiKeys } from "./api-keys.ts";
export { type Config, type Knob, knob, parseConfig } from "./config.ts";
export { sha256Hex } from "./digest.ts";
export type { Metrics } from "./metrics.ts";
export { createRateWindow, type RateVerdict, type RateWindow } from "./rate-window.ts";
export { createSigner, type Signer } from "./signatures.ts";
export { createSingleFlight, type SingleFlight } from "./single-flight.ts";
export { createTelemetry, type TelemetryOptions } from "./telemetry.ts";
