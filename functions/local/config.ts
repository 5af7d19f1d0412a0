/** Settings of the local server: from the environment, overridden by flags, all problems reported together. */

import { type LogLevel, NexusError } from "@nexus/core";
import { HTTP_DEFAULTS, type HttpSettings, parseCorsOrigins } from "@nexus/http";
import { DEFAULTS, type Settings } from "@nexus/memory";
import { type Config, knob, parseConfig } from "@nexus/platform";
import { EMBEDDING_SPEC, type EmbeddingConfig, embeddingConfig } from "./embedding-config.ts";

const SPEC = {
  port: knob.integer({ name: "PORT", default: 8787, min: 0, max: 65_535 }),
  host: knob.text({ name: "HOST", default: "127.0.0.1" }),
  dataDir: knob.text({ default: ".nexus" }),
  apiKeys: knob.optionalText(),
  logLevel: knob.choice<LogLevel>({ default: "info", of: ["debug", "info", "warn", "error"] }),
  // The in-process cache: details.md, section 3.
  l1Entries: knob.integer({ default: 10_000, min: 1 }),
  l1MaxBytes: knob.integer({ default: 268_435_456, min: 65_536 }),
  l1TtlSeconds: knob.integer({ default: DEFAULTS.l1TtlSeconds, min: 1 }),
  budgetMs: knob.integer({ default: DEFAULTS.budgetMs, min: 1, max: 60_000 }),
  searchDeadlineMs: knob.integer({ default: DEFAULTS.searchDeadlineMs, min: 1, max: 60_000 }),
  sweepMs: knob.integer({ default: DEFAULTS.sweepMs, min: 100 }),
  idempotencyTtlSeconds: knob.integer({ default: DEFAULTS.idempotencyTtlSeconds, min: 1 }),
  diskReserveBytes: knob.integer({ default: 67_108_864, min: 8_388_608 }),
  userRatePerMinute: knob.integer({ default: HTTP_DEFAULTS.userRatePerMinute, min: 1 }),
  corsOrigins: knob.optionalText(),
  keyRatePerMinute: knob.integer({ default: HTTP_DEFAULTS.keyRatePerMinute, min: 1 }),
  authFailuresPerMinutePerIp: knob.integer({ default: HTTP_DEFAULTS.authFailuresPerMinutePerIp, min: 1 }),
  compressionMinBytes: knob.integer({ default: HTTP_DEFAULTS.compressionMinBytes, min: 0 }),
  recordsUrl: knob.optionalText(),
  vectorsUrl: knob.optionalText(),
  cacheUrl: knob.optionalText(),
  blobsUrl: knob.optionalText(),
  ...EMBEDDING_SPEC,
};

export interface LocalConfig {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** `NEXUS_API_KEYS` as it was given. */
  readonly apiKeys: string | undefined;
  readonly logLevel: LogLevel;
  readonly cacheEntries: number;
  readonly cacheMaxBytes: number;
  readonly reserveBytes: number;
  readonly userRatePerMinute: number;
  readonly settings: Settings;
  readonly embedding: EmbeddingConfig;
  readonly http: HttpSettings;
}

/** Overrides by command line. */
export interface Flags {
  readonly port?: string | undefined;
  readonly host?: string | undefined;
  readonly dataDir?: string | undefined;
}

/** throws  config.invalid with every problem */
export function readConfig(env: Readonly<Record<string, string | undefined>>, flags: Flags = {}): LocalConfig {
  const given = {
    ...env,
    ...(flags.port !== undefined && { PORT: flags.port }),
    ...(flags.host !== undefined && { HOST: flags.host }),
    ...(flags.dataDir !== undefined && { NEXUS_DATA_DIR: flags.dataDir }),
  };
  const read = parseConfig(SPEC, given);
  requireEmbedded(read);
  const { budgetMs, searchDeadlineMs, sweepMs, idempotencyTtlSeconds, l1TtlSeconds } = read;
  return {
    port: read.port,
    host: read.host,
    dataDir: read.dataDir,
    apiKeys: read.apiKeys,
    logLevel: read.logLevel,
    cacheEntries: read.l1Entries,
    cacheMaxBytes: read.l1MaxBytes,
    reserveBytes: read.diskReserveBytes,
    userRatePerMinute: read.userRatePerMinute,
    settings: { ...DEFAULTS, budgetMs, searchDeadlineMs, sweepMs, idempotencyTtlSeconds, l1TtlSeconds },
    embedding: embeddingConfig(read),
    http: {
      ...HTTP_DEFAULTS,
      authFailuresPerMinutePerIp: read.authFailuresPerMinutePerIp,
      compressionMinBytes: read.compressionMinBytes,
      metricsOpen: isLoopback(read.host),
      keyRatePerMinute: read.keyRatePerMinute,
      corsOrigins: parseCorsOrigins(read.corsOrigins),
    },
  };
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** A store URL that this release cannot honour must not be ignored: the operator would believe the data is elsewhere. */
function requireEmbedded({ recordsUrl, vectorsUrl, cacheUrl, blobsUrl }: Config<typeof SPEC>): void {
  const problems = Object.entries({
    NEXUS_RECORDS_URL: recordsUrl,
    NEXUS_VECTORS_URL: vectorsUrl,
    NEXUS_CACHE_URL: cacheUrl,
    NEXUS_BLOBS_URL: blobsUrl,
  })
    .filter(([, url]) => url !== undefined)
    .map(([path]) => ({ path, message: "is not supported by this release, which has embedded stores only; unset it" }));
  if (problems.length === 0) return;
  const list = problems.map(({ path, message }) => `${path} ${message}`).join("; ");
  throw new NexusError("config.invalid", `[nexus/local] ${list}`, { problems });
}
