/** One log line and three metrics a request: how long, which route, what came of it; never what was said. */

import type { Clock, Telemetry } from "@nexus/core";
import type { AppHandler } from "../dependencies.ts";

const METHODS = new Set(["GET", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "PUT"]);

export function accessLog(options: { readonly clock: Clock; readonly telemetry: Telemetry }): AppHandler {
  const { clock, telemetry } = options;
  return async (c, next) => {
    const start = clock.monotonic();
    await next();
    const elapsedMs = clock.monotonic() - start;
    const route = c.get("route") ?? "unmatched";
    // Methods are the caller's words: only those that exist may become labels.
    const method = METHODS.has(c.req.method) ? c.req.method : "other";
    const { status } = c.res;
    telemetry.count("requests_total", { method, route, status: String(status) });
    telemetry.observe("request_duration_seconds", elapsedMs / 1_000, { method, route });
    telemetry.log("info", "request", {
      requestId: c.get("requestId"),
      method,
      route,
      status,
      code: c.get("code"),
      latencyMs: Math.round(elapsedMs * 1_000) / 1_000,
    });
  };
}
