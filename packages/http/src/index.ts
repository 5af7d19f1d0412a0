/** The HTTP face of Memory Nexus. */

export { createApp } from "./app.ts";
export { parseCorsOrigins } from "./cors-origins.ts";
export { HTTP_DEFAULTS, type HttpSettings } from "./defaults.ts";
export type { AppDependencies } from "./dependencies.ts";
