/** What the app is built from, and what its handlers share. */

import type { CacheStore, Clock, EmbeddingService, Ids, Telemetry } from "@nexus/core";
import type { Principal } from "@nexus/core/authority";
import type { MemoryService } from "@nexus/memory";
import type { Credentials, UserTokens } from "@nexus/platform";
import type { DependencyHealth, RecallDefaults } from "@nexus/protocol";
import type { Context, MiddlewareHandler } from "hono";
import type { HttpSettings } from "./defaults.ts";
import type { Compression } from "./middleware/compression.ts";

export interface AppDependencies {
  readonly memory: MemoryService;
  /** Absent where models do not run: its routes then answer 501. */
  readonly embeddings?: EmbeddingService | undefined;
  /** Verifies keys and user tokens, and keeps the tenants' keys. */
  readonly credentials: Credentials;
  readonly tokens: Pick<UserTokens, "issue">;
  readonly telemetry: Telemetry;
  /** The text of /metrics. */
  readonly metrics: () => string;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Holds the rate windows. */
  readonly cache: CacheStore;
  readonly health: () => Promise<Readonly<Record<string, DependencyHealth>>>;
  readonly version: string;
  /** The address of the caller; `bindings` is what the platform passed to `fetch` beside the request. */
  readonly clientIp: (request: Request, bindings: unknown) => string;
  /** True while the server shuts down: new work is refused, what runs goes on. */
  readonly draining: () => boolean;
  readonly recall: RecallDefaults;
  readonly settings: HttpSettings;
}

export interface AppEnvironment {
  Bindings: object;
  Variables: {
    requestId: string;
    /** The pattern of the route, for metrics and logs. */
    route: string;
    principal: Principal;
    /** Set once a request is known to be in OpenAI's shape. */
    openAi: true | undefined;
    /** The code of the problem that was answered. */
    code: string;
    /** Absent when the answer must not be compressed. */
    compression: Compression | undefined;
    /** Headers that let a page of another origin read the answer; absent for all other callers. */
    readableBy: Readonly<Record<string, string>> | undefined;
    /** Set where pages of any origin may read answers. */
    variesByOrigin: true | undefined;
  };
}

export type AppContext = Context<AppEnvironment>;
export type AppHandler = MiddlewareHandler<AppEnvironment>;
