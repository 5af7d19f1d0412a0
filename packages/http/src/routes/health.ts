/** Whether the server lives, whether it is ready, and its metrics. */

import { readyToWire } from "@nexus/protocol";
import { answer, answerText } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { needs } from "../middleware/grants.ts";
import { resource, type Routes } from "../resource.ts";

export function health(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  resource(routes, "/health", {
    GET: [(c) => Promise.resolve(answer(c, 200, { status: "ok", version: deps.version }))],
  });

  resource(routes, "/health/ready", {
    GET: [
      async (c) => {
        const ready = readyToWire(await deps.health(), deps.draining());
        const status = ready.status === "ok" || ready.status === "degraded" ? 200 : 503;
        return answer(c, status, ready);
      },
    ],
  });

  resource(routes, "/metrics", {
    GET: [
      ...(deps.settings.metricsOpen ? [] : [...caller, needs("admin")]),
      (c) =>
        Promise.resolve(
          answerText(c, 200, deps.metrics(), { "content-type": "text/plain; version=0.0.4; charset=utf-8" }),
        ),
    ],
  });
}
